import IRCWire

/// Masks of `nickname!user@host` that a room keeps: its bans, its exceptions from them, its invitations.
///
/// A value, guarded by the room's lock.
public struct MaskList: Sendable {
  /// One mask, and who set it when.
  public struct Entry: Sendable {
    public let mask: Mask

    /// `nickname!user@host`
    public let setBy: String
    public let setAt: Timestamp
  }

  /// In the order in which they were set.
  public private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  /// Whether one of them is of somebody who is known by all these.
  func matches(_ sources: [String]) -> Bool {
    entries.contains { sources.contains(where: $0.mask.matches) }
  }

  /// What came of a change.
  enum Outcome {
    case changed, unchanged, full
  }

  mutating func insert(_ mask: Mask, by source: String, at time: Timestamp, limit: Int) -> Outcome {
    if entries.contains(where: { $0.mask == mask }) { return .unchanged }
    guard entries.count < limit else { return .full }
    entries.append(Entry(mask: mask, setBy: source, setAt: time))
    return .changed
  }

  mutating func remove(_ mask: Mask) -> Outcome {
    guard let index = entries.firstIndex(where: { $0.mask == mask }) else { return .unchanged }
    entries.remove(at: index)
    return .changed
  }
}

/// A room's three lists.
struct MaskLists: Sendable {
  /// `+b`: who may not join, nor speak without a voice.
  var bans = MaskList()

  /// `+e`: whom no ban concerns.
  var banExceptions = MaskList()

  /// `+I`: who may join though the room is `+i`.
  var inviteExceptions = MaskList()

  /// Counts the changes of who is banned, so that a member's verdict can be kept until the next.
  private(set) var banVersion = 0

  /// The list that a letter stands for; nil for other letters.
  static func path(of letter: Character) -> WritableKeyPath<MaskLists, MaskList>? {
    switch letter {
    case "b": \.bans
    case "e": \.banExceptions
    case "I": \.inviteExceptions
    default: nil
    }
  }

  /// Whether somebody is banned who is known by all these (`Profile.sources`).
  func isBanned(_ sources: [String]) -> Bool {
    bans.matches(sources) && !banExceptions.matches(sources)
  }

  mutating func apply(
    _ change: ModeChange, _ mask: Mask, by source: String, at time: Timestamp, limit: Int
  ) -> MaskList.Outcome {
    guard let path = Self.path(of: change.mode) else { return .unchanged }
    let outcome =
      change.isAdding
      ? self[keyPath: path].insert(mask, by: source, at: time, limit: limit)
      : self[keyPath: path].remove(mask)
    if outcome == .changed { banVersion += 1 }
    return outcome
  }
}
