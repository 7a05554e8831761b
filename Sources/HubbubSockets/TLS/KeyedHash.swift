import COpenSSL

/// HMAC-SHA-256 (RFC 2104): what a message comes to for those who know the key, and is no clue to
/// it for others.
public enum KeyedHash {
  /// - Returns: 32 bytes.
  public static func sha256(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    let result = HMAC(
      EVP_sha256(), key, Int32(key.count), message, message.count, &bytes, &count)
    precondition(result != nil && count == 32, "OpenSSL has no HMAC-SHA-256.")
    return bytes
  }
}
