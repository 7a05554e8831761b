import COpenSSL
import Glibc

extension TLSIdentity {
  /// Makes a key (ECDSA P-256) and a certificate to it that nobody vouches for but itself, valid
  /// from yesterday on.
  ///
  /// - Parameters:
  ///   - names: of hosts, and addresses in numbers; those that are neither are left out.
  ///   - days: how long it is valid; a negative number makes one that has expired.
  /// - Throws: `TLSError`.
  public static func selfSigned(
    names: [String], days: Int = 3650
  ) throws(TLSError) -> TLSIdentity {
    ERR_clear_error()
    guard let key = copenssl_generate_p256(), let certificate = X509_new() else {
      throw .failed(reason: OpenSSLReason.take())
    }
    defer {
      EVP_PKEY_free(key)
      X509_free(certificate)
    }
    guard describe(certificate, names, days), X509_set_pubkey(certificate, key) == 1,
      X509_sign(certificate, key, EVP_sha256()) > 0
    else { throw .failed(reason: OpenSSLReason.take()) }
    return try TLSIdentity(
      certificates: pem { PEM_write_bio_X509($0, certificate) },
      key: pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) })
  }

  private static func describe(_ certificate: OpaquePointer, _ names: [String], _ days: Int) -> Bool
  {
    var serial = [UInt8](repeating: 0, count: 16)
    guard RAND_bytes(&serial, Int32(serial.count)) == 1 else { return false }
    // "CAs MUST force the serialNumber to be a non-negative integer" (RFC 5280); nor may it be
    // zero.
    serial[0] = serial[0] & 0x7F | 0x40
    guard let number = BN_bin2bn(&serial, Int32(serial.count), nil) else { return false }
    defer { BN_free(number) }
    let day = 24 * 3600
    let subject = X509_get_subject_name(certificate)
    var name = Array((names.first { isSafe($0) } ?? "hubbub").utf8.prefix(64))
    return X509_set_version(certificate, 2) == 1
      && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
      // A clock that is a little slow must not find it from the future.
      && X509_gmtime_adj(X509_getm_notBefore(certificate), min(-day, days * day - day)) != nil
      && X509_gmtime_adj(X509_getm_notAfter(certificate), days * day) != nil
      && X509_NAME_add_entry_by_txt(
        subject, "CN", Int32(MBSTRING_UTF8), &name, Int32(name.count), -1, 0) == 1
      && X509_set_issuer_name(certificate, subject) == 1
      && extend(certificate, names)
  }

  private static func extend(_ certificate: OpaquePointer, _ names: [String]) -> Bool {
    let alternatives = names.filter(isSafe).map { "\(isAddress($0) ? "IP" : "DNS"):\($0)" }
    return copenssl_add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") == 1
      && copenssl_add_extension(certificate, NID_key_usage, "critical,digitalSignature") == 1
      && copenssl_add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") == 1
      && copenssl_add_extension(certificate, NID_subject_key_identifier, "hash") == 1
      && (alternatives.isEmpty
        || copenssl_add_extension(
          certificate, NID_subject_alt_name, alternatives.joined(separator: ",")) == 1)
  }

  /// Whether the name can stand in OpenSSL's list, where commas and colons have a meaning.
  private static func isSafe(_ name: String) -> Bool {
    if isAddress(name) { return true }
    return !name.isEmpty
      && name.utf8.allSatisfy { byte in
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
          || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }

  static func isAddress(_ name: String) -> Bool {
    var bytes = in6_addr()
    return inet_pton(AF_INET, name, &bytes) == 1 || inet_pton(AF_INET6, name, &bytes) == 1
  }

  private static func pem(_ write: (OpaquePointer) -> Int32) throws(TLSError) -> [UInt8] {
    guard let bio = BIO_new(BIO_s_mem()) else { throw .failed(reason: OpenSSLReason.take()) }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { throw .failed(reason: OpenSSLReason.take()) }
    var start: UnsafePointer<CChar>?
    let count = copenssl_memory(bio, &start)
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }
}
