import IRCWire

/// What a member may do in a room: its prefixes.
public struct MemberStatus: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `+o`, `@`
  public static let operating = MemberStatus(rawValue: 1 << 2)

  /// `+h`, `%`: may do what keeps the peace, but appoints nobody.
  public static let assisting = MemberStatus(rawValue: 1 << 1)

  /// `+v`, `+`
  public static let voiced = MemberStatus(rawValue: 1 << 0)

  /// Each with its letter and its prefix, the highest first.
  private static let all: [(status: MemberStatus, mode: Character, prefix: Character)] = [
    (.operating, "o", "@"), (.assisting, "h", "%"), (.voiced, "v", "+"),
  ]

  /// For ISUPPORT `PREFIX`.
  static let prefixes = all.map { (mode: $0.mode, prefix: $0.prefix) }

  /// The status that a mode letter stands for; nil for letters that stand for none.
  public init?(mode: Character) {
    guard let found = Self.all.first(where: { $0.mode == mode }) else { return nil }
    self = found.status
  }

  /// The status that a prefix shows; nil for what is no prefix.
  public init?(prefix: Character) {
    guard let found = Self.all.first(where: { $0.prefix == prefix }) else { return nil }
    self = found.status
  }

  /// Whether it is this status or a higher one.
  public func isAtLeast(_ needed: MemberStatus) -> Bool { rawValue >= needed.rawValue }

  /// `@+`, the highest first.
  ///
  /// - Parameter all: false for the highest alone, as clients without `multi-prefix` expect it.
  public func prefixes(all: Bool) -> String {
    let every = String(Self.all.filter { contains($0.status) }.map(\.prefix))
    return all ? every : String(every.prefix(1))
  }

  /// The MODE that gives the status to `nickname`; nil where there is none to give.
  func modes(for nickname: String) -> [String]? {
    let held = Self.all.filter { contains($0.status) }
    guard !held.isEmpty else { return nil }
    return ["+" + String(held.map(\.mode))] + held.map { _ in nickname }
  }
}
