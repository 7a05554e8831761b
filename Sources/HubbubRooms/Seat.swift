/// A member's place in a room's roster. A value, guarded by the room's lock; a copy is a snapshot.
public struct Seat: Sendable {
  public let member: Member

  /// Its nickname as of the room's order: it changes where the NICK stands in the log.
  public internal(set) var nickname: String

  public internal(set) var standing: Standing

  /// Whether a ban silences it, as of a version of the room's bans; nil where that was not looked at.
  var silence: (version: Int, isSilenced: Bool)?

  /// Where it reads.
  var cursor: Cursor
}
