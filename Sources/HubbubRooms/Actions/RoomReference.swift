/// A room by its name, with the room that had the name when it was last looked up.
///
/// Whoever speaks in a room again and again keeps the reference, and the registry is asked only
/// once: the room itself knows whether it still is the one that is meant (`Room.State.naming`).
public struct RoomReference: Sendable {
  /// As it was asked for.
  public let name: String

  /// The room, and how often its name had changed then; nil where it was not looked up.
  let known: (room: Room, naming: Int)?

  public init(_ name: String) {
    self.name = name
    known = nil
  }

  init(_ name: String, _ room: Room, naming: Int) {
    self.name = name
    known = (room, naming)
  }

  /// Whether it was looked up as this room, which has had no other name since. Under the room's
  /// lock.
  func isFor(_ room: Room, naming: Int) -> Bool {
    known.map { $0.room === room && $0.naming == naming } ?? false
  }
}
