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

  /// Only those may come who are logged in.
  case accountNeeded

  /// Somebody reads only what those write in private who are logged in; its nickname.
  case hearsAccountsOnly(String)
  case wrongKey
  case banned

  /// The list of this letter takes no more masks; the mask that it did not take.
  case listFull(Character, String)
  case tooManyRooms

  /// Other connections are this person too.
  case isShared

  /// The person has as many connections as it may.
  case tooManySessions
  case nicknameInUse

  /// A ban in this room silences it, and so it keeps its name.
  case nicknameHeld(room: String)

  /// In this room it may not speak, and what it wants to change is text that the room reads.
  case silenced(room: String)
  case roomNameInUse

  /// The settings name the room.
  case roomNameIsFixed

  /// The room is registered already.
  case isRegistered

  /// Too many members know nothing of renaming to tell them all.
  case tooManyNewcomers

  /// It was renamed just now, and may not have another name for this many seconds.
  case renamableLater(seconds: Int64)

  /// No room has the name, as far as the author may know.
  case noSuchRoom

  /// Nobody has the nickname.
  case noSuchNick(String)

  /// The room that was meant has had another name since it was looked up: the name may be another
  /// room's. Answered within the registry, which looks again.
  case isStale

  /// There is no room of this name for others to be led to, as far as the author may know.
  case noSuchForward(String)

  /// A room cannot lead to itself.
  case forwardsToItself

  /// The author does not operate the room to which it wants to lead others, or is not in it.
  case forwardNotOperated(String, isMember: Bool)

  /// No message of this room has the id, as far back as the room remembers.
  case unknownMessage

  /// The room's last member has left.
  case isClosed

  /// What the change was decided by has changed: it is to be decided again.
  case isOutdated

  /// The nodes of the network cannot agree on anything at the moment.
  case unavailable

  /// The member has quit in the meantime.
  case hasQuit
}
