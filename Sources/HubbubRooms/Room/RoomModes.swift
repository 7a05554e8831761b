import IRCWire

/// What a room allows whom.
public struct RoomModes: Sendable, Equatable {
  /// `+n`: only members may speak.
  public var isClosedToOutside = true

  /// `+t`: only operators may change the topic.
  public var isTopicProtected = true

  /// `+m`: only operators and those with a voice may speak.
  public var isModerated = false

  /// `+i`: only those who were invited may join.
  public var isInviteOnly = false

  /// `+s`: the room is shown to its members only.
  public var isSecret = false

  /// `+C`: nobody asks the members' programs for something (CTCP).
  public var refusesRequests = false

  /// `+U`: what those say who have no voice, or may not speak, is heard by operators alone.
  public var isHeardByOperators = false

  /// `+R`: only those may join who are logged in to an account.
  public var admitsAccountsOnly = false

  /// `+M`: only those may speak who are logged in, or have a voice.
  public var hearsAccountsOnly = false

  /// `+r`: the room is registered, and kept. The server's to set.
  public internal(set) var isRegistered = false

  /// `+f`: the room to which those are led who may not come in.
  public internal(set) var forward: String?

  /// Which life of that name is meant (`Room.epoch`); nil for any.
  var forwardEpoch: [UInt8]?

  /// `+k`: who joins must know this.
  public var key: String?

  /// `+l`: no more may join than this.
  public var memberLimit: Int?

  /// Whether not everybody may come in, or know of it.
  public var isRestricted: Bool { isInviteOnly || isSecret || key != nil }

  public init() {}

  /// The letters and parameters as ISUPPORT announces them.
  public static let syntax = ModeSyntax(
    lists: "beI", always: "k", whenSet: "fl", flags: "CMRUimnrst", prefixes: MemberStatus.prefixes)

  /// What is set, as a MODE line says it.
  ///
  /// - Parameter showsKey: whether the reader may know the key.
  public func changes(showsKey: Bool) -> [ModeChange] {
    var set: [ModeChange] = []
    for flag in Self.flags where self[keyPath: flag.path] {
      set.append(ModeChange(isAdding: true, flag.letter))
    }
    if let forward { set.append(ModeChange(isAdding: true, "f", forward)) }
    if let key { set.append(ModeChange(isAdding: true, "k", showsKey ? key : "*")) }
    if let memberLimit { set.append(ModeChange(isAdding: true, "l", String(memberLimit))) }
    return set
  }

  /// Sets what a change says.
  public mutating func set(_ change: ModeChange) { _ = apply(change) }

  /// Applies a change of the room itself, not of a member.
  ///
  /// - Returns: the change as it took effect; nil where it changed nothing.
  mutating func apply(_ change: ModeChange) -> ModeChange? {
    // Nobody registers a room by a mode.
    if change.mode == "r" { return nil }
    let before = self
    var effective = change
    switch change.mode {
    case "f":
      forward = change.isAdding ? change.parameter : nil
      forwardEpoch = nil
      effective.parameter = forward
    case "k":
      key = change.isAdding ? change.parameter : nil
      effective.parameter = key ?? "*"
    case "l":
      memberLimit = change.isAdding ? change.parameter.flatMap { Int($0) } : nil
      effective.parameter = memberLimit.map(String.init)
    default:
      guard let flag = Self.flags.first(where: { $0.letter == change.mode }) else { return nil }
      self[keyPath: flag.path] = change.isAdding
    }
    return self == before ? nil : effective
  }

  /// Leads those who may not come in to another room.
  ///
  /// - Returns: the change; nil where it changed nothing.
  mutating func lead(to room: Room) -> ModeChange? {
    let before = self
    forward = room.name
    forwardEpoch = room.epoch
    return self == before ? nil : ModeChange(isAdding: true, "f", room.name)
  }

  /// Whether they are led to this room: not to a later one of the same name, which may be
  /// anybody's.
  public func leads(to room: Room) -> Bool {
    forward.map { FoldedName($0) } == FoldedName(room.name)
      && (forwardEpoch == nil || forwardEpoch == room.epoch)
  }

  private struct Flag: Sendable {
    let letter: Character
    let path: WritableKeyPath<RoomModes, Bool> & Sendable
  }

  private static let flags: [Flag] = [
    Flag(letter: "C", path: \.refusesRequests), Flag(letter: "M", path: \.hearsAccountsOnly),
    Flag(letter: "R", path: \.admitsAccountsOnly), Flag(letter: "U", path: \.isHeardByOperators),
    Flag(letter: "i", path: \.isInviteOnly), Flag(letter: "m", path: \.isModerated),
    Flag(letter: "n", path: \.isClosedToOutside), Flag(letter: "r", path: \.isRegistered),
    Flag(letter: "s", path: \.isSecret), Flag(letter: "t", path: \.isTopicProtected),
  ]
}
