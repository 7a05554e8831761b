import COpenSSL

/// The SHA-256 of a certificate as it goes over the wire (DER): what names exactly this
/// certificate.
///
/// Of the whole certificate and not of its key alone, because that is what `openssl x509
/// -fingerprint -sha256`, browsers and other IRC software show. A renewed certificate has another
/// fingerprint, even with the same key.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  /// 64 digits of hexadecimal, in lower case.
  public let description: String

  /// Reads 64 hexadecimal digits in either case, with colons between them or without.
  ///
  /// - Throws: `TLSError.noFingerprint`.
  public init(_ text: String) throws(TLSError) {
    let digits = text.lowercased().filter { $0 != ":" }
    guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit) else {
      throw .noFingerprint(text)
    }
    description = digits
  }

  /// - Parameter certificate: an `X509`.
  init(of certificate: OpaquePointer) {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let code = X509_digest(certificate, EVP_sha256(), &bytes, &count)
    precondition(code == 1 && count == 32, "OpenSSL has no SHA-256.")
    let digits = Array("0123456789abcdef".utf8)
    description = String(
      decoding: bytes.prefix(32).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
      as: UTF8.self)
  }
}
