import COpenSSL
import Glibc
import HubbubThreads

/// A certificate with its chain, and the private key to it.
public struct TLSIdentity: Sendable, Equatable {
  /// PEM: the certificate first, then those that vouch for it.
  public let certificates: [UInt8]

  /// PEM, without a passphrase.
  public let key: [UInt8]

  /// The certificate's.
  public let fingerprint: Fingerprint

  /// The hosts that the certificate is for.
  public let names: [String]

  /// Whether nobody vouches for it but itself.
  public let isSelfSigned: Bool

  /// Why others may refuse the certificate though it is in order: it is over, or not yet valid.
  public let warning: String?

  /// Takes PEM texts, and checks that they are what they should be and fit together.
  ///
  /// - Parameter files: what to call them where something is wrong.
  /// - Throws: `TLSError`.
  public init(
    certificates: [UInt8], key: [UInt8],
    files: (certificate: String, key: String) = ("the certificate", "the key")
  ) throws(TLSError) {
    self.certificates = certificates
    self.key = key
    guard let first = Self.chain(certificates).first else {
      throw .noCertificate(file: files.certificate)
    }
    defer { X509_free(first) }
    fingerprint = Fingerprint(of: first)
    warning = Self.warning(of: first)
    names = PeerCheck.names(first)
    isSelfSigned =
      X509_NAME_cmp(X509_get_subject_name(first), X509_get_issuer_name(first)) == 0
    guard let privateKey = Self.privateKey(key) else { throw .noKey(file: files.key) }
    defer { EVP_PKEY_free(privateKey) }
    ERR_clear_error()
    guard X509_check_private_key(first, privateKey) == 1 else {
      throw .keyOfAnother(reason: OpenSSLReason.take())
    }
  }

  private static func warning(of certificate: OpaquePointer) -> String? {
    if X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 {
      return "The certificate has expired: clients will refuse it."
    }
    if X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0 {
      return "The certificate is not valid yet: clients will refuse it."
    }
    return nil
  }

  /// Reads PEM files.
  ///
  /// - Throws: `TLSError`, which names the file that is wrong.
  public init(certificateFile: String, keyFile: String) throws(TLSError) {
    try self.init(
      certificates: PEMFile.read(certificateFile), key: PEMFile.read(keyFile),
      files: (certificateFile, keyFile))
  }

  /// The certificates of a PEM text; the caller frees them.
  static func chain(_ pem: [UInt8]) -> [OpaquePointer] {
    var chain: [OpaquePointer] = []
    PEMFile.withBIO(pem) { bio in
      while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) { chain.append(certificate) }
    }
    // The end of the text is an error to OpenSSL.
    ERR_clear_error()
    return chain
  }

  /// The first private key of a PEM text; the caller frees it.
  static func privateKey(_ pem: [UInt8]) -> OpaquePointer? {
    // Without this callback OpenSSL would ask for a passphrase at the terminal.
    let key = PEMFile.withBIO(pem) { bio in
      PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
    }
    ERR_clear_error()
    return key
  }
}
