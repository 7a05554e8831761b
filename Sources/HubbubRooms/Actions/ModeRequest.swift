import IRCWire

/// A change of a room's modes that somebody asks for.
public enum ModeRequest: Sendable {
  /// Of the room itself.
  case room(ModeChange)

  /// The name of another room, to which those are led who may not come in.
  case forward(String)

  /// Of one of its lists: the change's letter, and the mask.
  case list(ModeChange, RoomMask)

  /// Of the status of somebody with this nickname.
  case status(isAdding: Bool, MemberStatus, mode: Character, String)
}
