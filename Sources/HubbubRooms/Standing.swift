import IRCWire

/// What a member may do in a room: its prefixes.
public struct Standing: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `+o`, `@`
  public static let operating = Standing(rawValue: 1 << 0)

  /// `+v`, `+`
  public static let voiced = Standing(rawValue: 1 << 1)

  /// The standing that a mode letter stands for; nil for letters that stand for none.
  init?(mode: Character) {
    switch mode {
    case "o": self = .operating
    case "v": self = .voiced
    default: return nil
    }
  }

  /// `@+`, the highest first.
  ///
  /// - Parameter all: false for the highest alone, as clients without `multi-prefix` expect it.
  public func prefixes(all: Bool) -> String {
    let every = (contains(.operating) ? "@" : "") + (contains(.voiced) ? "+" : "")
    return all ? every : String(every.prefix(1))
  }
}
