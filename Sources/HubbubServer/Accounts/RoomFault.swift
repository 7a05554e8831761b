import HubbubRooms

/// Something of a registered room that the accounts say and the rooms do not, or the other way
/// round: whoever had it done went between two steps.
enum RoomFault: Hashable {
  /// The accounts have the room, under this number, and it is not registered.
  case notRegistered(Int64)

  /// The room is registered, and the accounts do not have it.
  case notKept(room: String)

  /// An account has another standing in the room than it should have; nil for none.
  case standing(room: String, account: String, RoomRegistration.Standing?)
}
