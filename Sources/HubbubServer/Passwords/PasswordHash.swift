import CCrypt
import Glibc
import HubbubThreads

/// Passwords as `crypt(5)` keeps them.
public enum PasswordHash {
  /// Whether a text is a hash that can be compared with: `$y$…`, `$6$…`, `$2b$…`. Not what is
  /// older, which would take many a password for a hash, nor one of which a part is missing: no
  /// password has that.
  public static func isHash(_ text: String) -> Bool {
    guard let count = digestCharacters(text), ccrypt_is_known(text) != 0 else { return false }
    let digest = text.split(separator: "$", omittingEmptySubsequences: false).last!
    return digest.utf8.count == count && digest.utf8.allSatisfy(isDigit)
  }

  /// Whether a text can be a password that keeps anybody out, or is the whole hash of one.
  static func isPassword(_ text: String) -> Bool {
    guard digestCharacters(text) == nil else { return isHash(text) }
    return !text.allSatisfy(\.isWhitespace)
  }

  /// How many characters a hash of that method has behind its last `$` (crypt(5)); nil for what
  /// begins like none.
  private static func digestCharacters(_ text: String) -> Int? {
    let fields = text.split(separator: "$", omittingEmptySubsequences: false)
    guard fields.count >= 4, fields[0].isEmpty else { return nil }
    return switch fields[1] {
    case "y", "gy", "7", "5": 43
    case "6": 86
    // With the salt in front.
    case "2a", "2b", "2x", "2y": 53
    case "sha1": 28
    case "1", "md5": 22
    default: nil
    }
  }

  /// The digits of crypt(3): `[./0-9A-Za-z]`.
  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ".")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// What takes the time of every one of `hashes`: one for each method and cost, `wanted` for its
  /// own.
  static func oneOfEachKind(_ hashes: [String], with wanted: String) -> [String] {
    var computed = [kind(wanted): wanted]
    for hash in hashes where computed[kind(hash)] == nil { computed[kind(hash)] = hash }
    return Array(computed.values)
  }

  /// The method and its cost, without the salt.
  private static func kind(_ hash: String) -> String {
    let fields = hash.split(separator: "$", omittingEmptySubsequences: false)
    // Of bcrypt the last field is salt and hash.
    return fields.dropLast(hash.hasPrefix("$2") ? 1 : 2).joined(separator: "$")
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

  /// Whether `hash` is that of `password`; nil where it cannot be found out, as where there is no
  /// memory for it. Takes tens of milliseconds and megabytes by design.
  static func matches(_ password: String, _ hash: String) -> Bool? {
    // The C library would see only what comes before a NUL, and takes no more than 512 bytes.
    guard !password.utf8.contains(0), password.utf8.count <= 512 else { return false }
    guard let computed = ccrypt_hash(password, hash) else { return nil }
    defer { free(computed) }
    return String(cString: computed).isEqualInConstantTime(to: hash)
  }
}
