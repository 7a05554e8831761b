import IRCWire

/// Masks of people that a room keeps: its bans, its exceptions from them, its invitations.
///
/// A value, guarded by the room's lock.
public struct MaskList: Sendable {
  /// One mask, and who set it when.
  public struct Entry: Sendable {
    public let mask: RoomMask

    /// `nickname!user@host`
    public let setBy: String
    public let setAt: Timestamp
  }

  /// In the order in which they were set.
  public private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  /// Whether one of them with this effect is of somebody.
  func matches(_ subject: MaskSubject, _ effect: RoomMask.Effect = .all) -> Bool {
    entries.contains { $0.mask.effect == effect && $0.mask.matches(subject) }
  }

  /// What came of a change.
  enum Outcome {
    /// The mask as the list has it, or had it.
    case changed(RoomMask)
    case unchanged, full
  }

  mutating func insert(_ mask: RoomMask, by source: String, at time: Timestamp, limit: Int)
    -> Outcome
  {
    if entries.contains(where: { $0.mask == mask }) { return .unchanged }
    guard entries.count < limit else { return .full }
    entries.append(Entry(mask: mask, setBy: source, setAt: time))
    return .changed(mask)
  }

  /// Removes a mask, however it is spelled.
  mutating func remove(_ mask: RoomMask) -> Outcome {
    guard let index = entries.firstIndex(where: { $0.mask == mask }) else { return .unchanged }
    return .changed(entries.remove(at: index).mask)
  }
}

/// A room's three lists.
struct MaskLists: Sendable {
  /// `+b`: who may not join, nor speak without a voice; behind `~m:`, who may join and not speak.
  var bans = MaskList()

  /// `+e`: whom no ban concerns; behind `~m:`, whom no muting concerns.
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

  /// Whether somebody may not come in.
  func isBanned(_ subject: MaskSubject) -> Bool {
    bans.matches(subject) && !banExceptions.matches(subject)
  }

  /// Whether somebody may not speak without a voice.
  func isSilenced(_ subject: MaskSubject) -> Bool {
    if bans.isEmpty || banExceptions.matches(subject) { return false }
    if bans.matches(subject) { return true }
    return bans.matches(subject, .muting) && !banExceptions.matches(subject, .muting)
  }

  mutating func apply(
    _ change: ModeChange, _ mask: RoomMask, by source: String, at time: Timestamp, limit: Int
  ) -> MaskList.Outcome {
    guard let path = Self.path(of: change.mode) else { return .unchanged }
    let outcome =
      change.isAdding
      ? self[keyPath: path].insert(mask, by: source, at: time, limit: limit)
      : self[keyPath: path].remove(mask)
    if case .changed = outcome { banVersion += 1 }
    return outcome
  }
}
