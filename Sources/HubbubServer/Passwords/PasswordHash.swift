import CCrypt
import Glibc
import HubbubThreads

/// Passwords as `crypt(5)` keeps them.
public enum PasswordHash {
  /// Whether a text is a hash that can be compared with: `$y$…`, `$6$…`, `$2b$…`. Not what is older, which
  /// would take many a password for a hash.
  public static func isHash(_ text: String) -> Bool {
    guard text.hasPrefix("$"), text.utf8.count(where: { $0 == UInt8(ascii: "$") }) >= 3 else {
      return false
    }
    return ccrypt_is_known(text) != 0
  }

  /// Hashes a new password, with random salt, in the way that the system prefers (yescrypt).
  ///
  /// - Throws: `SystemError`, for a password of more than 512 bytes among others.
  public static func make(_ password: String) throws(SystemError) -> String {
    guard let setting = ccrypt_new_setting() else {
      throw SystemError(call: "crypt_gensalt", errno: errno)
    }
    defer { free(setting) }
    guard let hash = ccrypt_hash(password, setting) else {
      throw SystemError(call: "crypt", errno: errno)
    }
    defer { free(hash) }
    return String(cString: hash)
  }

  /// Whether `hash` is that of `password`; nil where it cannot be found out, as where there is no memory for it. Takes
  /// tens of milliseconds and megabytes by design.
  static func matches(_ password: String, _ hash: String) -> Bool? {
    // The C library would see only what comes before a NUL, and takes no more than 512 bytes.
    guard !password.utf8.contains(0), password.utf8.count <= 512 else { return false }
    guard let computed = ccrypt_hash(password, hash) else { return nil }
    defer { free(computed) }
    return String(cString: computed).isEqualInConstantTime(to: hash)
  }
}
