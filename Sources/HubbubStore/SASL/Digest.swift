import COpenSSL

/// The few functions of OpenSSL that passwords need. Any thread.
enum Digest {
  /// SHA-256: 32 bytes.
  static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    let code = EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha256(), nil)
    precondition(code == 1 && count == 32, "OpenSSL has no SHA-256.")
    return digest
  }

  /// HMAC with SHA-256: 32 bytes.
  static func hmac(_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    // Of no bytes there is no key: OpenSSL takes NULL for the key it had before.
    let key = key.isEmpty ? [0] : key
    let result = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, &count)
    precondition(result != nil && count == 32, "OpenSSL has no HMAC.")
    return digest
  }

  /// PBKDF2 with HMAC-SHA-256, which RFC 5802 calls Hi: 32 bytes. Takes its time by design.
  static func pbkdf2(_ password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: 32)
    let code = password.withUnsafeBytes { password in
      PKCS5_PBKDF2_HMAC(
        password.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) }, Int32(password.count),
        salt, Int32(salt.count), Int32(iterations), EVP_sha256(), 32, &key)
    }
    precondition(code == 1, "OpenSSL has no PBKDF2.")
    return key
  }

  /// Random bytes that nobody can guess.
  static func random(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    precondition(RAND_bytes(&bytes, Int32(count)) == 1, "OpenSSL has no random bytes.")
    return bytes
  }

  /// Whether both are the same; the time tells only whether they are as long.
  static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }
}
