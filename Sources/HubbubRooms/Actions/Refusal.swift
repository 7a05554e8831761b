/// Why a room or the registry did not do what was asked.
public enum Refusal: Error, Sendable, Equatable {
  case notMember
  case alreadyMember
  case targetNotMember(String)
  case targetAlreadyMember(String)
  case operatorNeeded

  /// An operator's appointment is an operator's, not an assistant's.
  case fullOperatorNeeded

  /// What keeps it silent: the letter of a mode.
  case cannotSpeak(Character)
  case roomIsFull
  case inviteOnly
  case wrongKey
  case banned

  /// The list of this letter takes no more masks; the mask that it did not take.
  case listFull(Character, String)
  case tooManyRooms
  case nicknameInUse

  /// In this room it may not speak, and what it wants to change is text that the room reads.
  case silenced(room: String)
  case roomNameInUse

  /// The settings name the room.
  case roomNameIsFixed

  /// More members than can be told know nothing of renaming.
  case tooManyNewcomers

  /// The room knows the author by another source (`nickname!user@host`): it has just changed, or is
  /// about to.
  case isKnownAs(String)

  /// It was renamed just now, and may not have another name for so many seconds.
  case renamableLater(seconds: Int64)

  /// The room has another name than the one that was spoken to.
  case wasRenamed

  /// No message of this room has the id, as far back as the room remembers.
  case unknownMessage

  /// The room's last member has left.
  case isClosed

  /// The member has quit in the meantime.
  case hasQuit
}
