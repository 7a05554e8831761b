/// A member's place in a room's roster. A value, guarded by the room's lock; a copy is a snapshot.
public struct Seat: Sendable {
  public let member: Member

  /// Its nickname as of the room's order: it changes where the NICK stands in the log.
  public internal(set) var nickname: String

  public internal(set) var standing: Standing

  /// Where it reads.
  var cursor: Cursor
}
