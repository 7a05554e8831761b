/// Why a room or the registry did not do what was asked.
public enum Refusal: Error, Sendable, Equatable {
  case notMember
  case alreadyMember
  case targetNotMember(String)
  case targetAlreadyMember(String)
  case operatorNeeded
  case cannotSpeak
  case roomIsFull
  case inviteOnly
  case wrongKey
  case tooManyRooms
  case nicknameInUse

  /// The member has quit in the meantime.
  case hasQuit
}
