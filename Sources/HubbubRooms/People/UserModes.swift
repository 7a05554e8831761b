import IRCWire

/// The modes of a person.
public struct UserModes: Sendable, Equatable, CustomStringConvertible {
  /// `+i`: not shown to those who share no room.
  public var isInvisible = false

  /// `+o`: operates the server. Set by OPER, never by MODE.
  public var isOperator = false

  /// `+w`: gets what operators say to all with WALLOPS.
  public var wantsWallops = false

  /// `+B`: a program (IRCv3 bot mode).
  public var isBot = false

  /// `+R`: gets private messages only from those who are logged in to an account.
  public var hearsAccountsOnly = false

  public init() {}

  /// The letters as 004 announces them.
  public static let syntax = ModeSyntax(flags: "BRiow")

  /// Takes a change that somebody asks for itself.
  public mutating func apply(_ change: ModeChange) {
    guard let flag = Self.flags.first(where: { $0.letter == change.mode }) else { return }
    // "If a user attempts to make themselves an operator using the "+o" or "+O" flag, the attempt
    // SHOULD be ignored" (RFC 2812 section 3.1.5).
    if change.mode == "o", change.isAdding { return }
    self[keyPath: flag.path] = change.isAdding
  }

  /// What has to change to come from `before` to these.
  public func changes(since before: UserModes) -> [ModeChange] {
    Self.flags.compactMap { flag in
      let isSet = self[keyPath: flag.path]
      return isSet == before[keyPath: flag.path] ? nil : ModeChange(isAdding: isSet, flag.letter)
    }
  }

  /// `+iw`; `+` where none is set.
  public var description: String {
    "+" + String(Self.flags.filter { self[keyPath: $0.path] }.map(\.letter))
  }

  private struct Flag: Sendable {
    let letter: Character
    let path: WritableKeyPath<UserModes, Bool> & Sendable
  }

  private static let flags: [Flag] = [
    Flag(letter: "B", path: \.isBot), Flag(letter: "R", path: \.hearsAccountsOnly),
    Flag(letter: "i", path: \.isInvisible),
    Flag(letter: "o", path: \.isOperator), Flag(letter: "w", path: \.wantsWallops),
  ]
}
