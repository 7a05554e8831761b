import COpenSSL
import Glibc

/// Whether a server's certificate is one that a client believes, and if not, why in words.
struct PeerCheck {
  let host: String

  /// An `X509`.
  let certificate: OpaquePointer?

  /// What OpenSSL found out about its chain, its dates and its name.
  let result: Int

  /// Why not; nil when all is well.
  func refusal(trusting trust: TLSTrust) -> TLSError? {
    guard let certificate else {
      return .untrusted(host: host, reason: "the server showed none")
    }
    if case .pin(let pin) = trust {
      let seen = Fingerprint(of: certificate)
      return seen == pin ? nil : .pinMismatch(host: host, expected: pin, seen: seen)
    }
    switch Int32(result) {
    case X509_V_OK: return nil
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return .expired(host: host, day: Self.day(X509_get0_notAfter(certificate)))
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return .notYetValid(host: host, day: Self.day(X509_get0_notBefore(certificate)))
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      return .wrongHost(host: host, names: Self.names(certificate))
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return .unknownAuthority(host: host, fingerprint: Fingerprint(of: certificate))
    default:
      let reason = String(cString: X509_verify_cert_error_string(result))
      return .untrusted(host: host, reason: reason)
    }
  }

  private static func day(_ time: UnsafePointer<ASN1_TIME>?) -> String {
    var parts = tm()
    guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "an unknown day" }
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }

  static func names(_ certificate: OpaquePointer) -> [String] {
    var names: [String] = []
    withUnsafeMutablePointer(to: &names) { pointer in
      copenssl_visit_names(certificate, pointer) { context, name, count in
        let bytes = UnsafeRawBufferPointer(start: name, count: count)
        // It comes from a stranger and may be shown in a terminal: graphic characters only.
        let safe = bytes.map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        context!.assumingMemoryBound(to: [String].self).pointee.append(
          String(decoding: safe, as: UTF8.self))
      }
    }
    return names
  }
}
