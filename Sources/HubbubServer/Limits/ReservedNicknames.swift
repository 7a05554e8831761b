import IRCWire

/// Nicknames that nobody can have, and those that look like them: the names of services, to which
/// clients send passwords by themselves. A value.
public struct ReservedNicknames: Sendable, Equatable {
  /// As the settings write them: `*` and `?` stand for any characters.
  public var patterns: [String] {
    didSet { masks = patterns.map { Mask(Self.folded($0)) } }
  }

  private var masks: [Mask]

  public init(_ patterns: [String]) {
    self.patterns = patterns
    masks = patterns.map { Mask(Self.folded($0)) }
  }

  /// NickServ, ChanServ and their like, and names that would speak for the server.
  public static let usual = [
    "*Serv", "Services", "Service", "Global", "Server", "System", "Network", "IRCop", "Operator",
  ]

  public static func == (left: Self, right: Self) -> Bool { left.patterns == right.patterns }

  func contains(_ nickname: String) -> Bool {
    let name = Self.folded(nickname)
    return masks.contains { $0.matches(name) }
  }

  /// Whether it can be a pattern: not one that keeps out everybody.
  static func isPattern(_ text: String) -> Bool {
    let letters = text.utf8.filter { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    guard (1...128).contains(text.utf8.count), !letters.isEmpty else { return false }
    return letters.allSatisfy { Names.isNickname("x" + String(Unicode.Scalar($0)), limit: 2) }
  }

  /// A name as the eye takes it: without case, with the brackets of one alphabet for those of
  /// another (`CASEMAPPING=rfc1459`), and with one character for each group of those that look
  /// alike.
  private static func folded(_ name: String) -> String {
    String(decoding: name.utf8.map(folded), as: UTF8.self)
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
    switch lower {
    case UInt8(ascii: "0"): return UInt8(ascii: "o")
    case UInt8(ascii: "1"), UInt8(ascii: "i"), UInt8(ascii: "|"), UInt8(ascii: "\\"):
      return UInt8(ascii: "l")
    case UInt8(ascii: "3"): return UInt8(ascii: "e")
    case UInt8(ascii: "5"): return UInt8(ascii: "s")
    case UInt8(ascii: "{"): return UInt8(ascii: "[")
    case UInt8(ascii: "}"): return UInt8(ascii: "]")
    case UInt8(ascii: "^"): return UInt8(ascii: "~")
    default: return lower
    }
  }
}
