/// How deep lists and objects lie in one another in a JSON text: a decoder takes stack for each of
/// them, and a connection's thread has little.
enum JSONNesting {
  /// What people and programs send lies a few deep.
  static let maximum = 32

  /// Whether a text, JSON or not, has no more. Any thread.
  static func isWithinMaximum(_ text: [UInt8]) -> Bool {
    var (depth, isQuoted, isEscaped) = (0, false, false)
    for byte in text {
      if isQuoted {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth > maximum { return false }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return true
  }
}
