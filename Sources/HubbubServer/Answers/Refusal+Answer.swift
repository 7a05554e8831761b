import HubbubRooms
import IRCWire

extension Refusal {
  /// The refusal in the protocol's words; nil for what is so already, which is no refusal to
  /// anybody: clients send JOIN again for rooms that they are in.
  ///
  /// - Parameter safe: makes a word that the client wrote one that can be repeated in a line.
  func answer(
    about room: String, safe: (String) -> String = { $0 }
  ) -> NumericReply? {
    switch self {
    case .alreadyMember: nil
    case .noSuchRoom: NumericReply(.noSuchChannel, [room], trailing: "No such channel")
    case .noSuchNick(let name): NumericReply(.noSuchNick, [safe(name)], trailing: "No such nick")
    case .noSuchForward(let name):
      NumericReply(.noSuchChannel, [safe(name)], trailing: "No such channel")
    case .forwardsToItself:
      NumericReply(
        .invalidModeParameter, [room, "f", room],
        trailing: "A channel cannot forward to itself")
    case .forwardNotOperated(let other, let isMember):
      (isMember ? Refusal.operatorNeeded : .notMember).answer(about: other)
    case .hearsAccountsOnly(let nickname):
      NumericReply(
        .hearsAccountsOnly, [nickname],
        trailing: "You must log in to an account to message this nick")
    case .targetNotMember(let nickname):
      NumericReply(
        .userNotInChannel, [safe(nickname), room], trailing: "They aren't on that channel")
    case .targetAlreadyMember(let nickname):
      NumericReply(.userOnChannel, [nickname, room], trailing: "is already on channel")
    case .listFull(let mode, let mask):
      NumericReply(.banListFull, [room, mask], trailing: "The list +\(mode) is full")
    default:
      NumericReply(words.numeric, [room], trailing: words.text)
    }
  }

  /// For those that name nothing but the room.
  private var words: (numeric: Numeric, text: String) {
    switch self {
    case .notMember: (.notOnChannel, "You're not on that channel")
    case .operatorNeeded: (.operatorNeeded, "You're not channel operator")
    case .fullOperatorNeeded:
      (.operatorNeeded, "You're not channel operator, only its assistant")
    case .cannotSpeak(let mode): (.cannotSendToChannel, "Cannot send to channel (+\(mode))")
    case .silenced(let room): (.cannotSendToChannel, "You may not speak in \(room)")
    case .isClosed: (.cannotSendToChannel, "Nobody is there any more")
    case .isOutdated: (.tryAgain, "It was decided by what is no longer so: try again")
    case .isStale: (.cannotSendToChannel, "It was renamed just now; say it again")
    case .roomIsFull: (.channelIsFull, "Cannot join channel (+l)")
    case .accountNeeded:
      (.accountNeeded, "Cannot join channel (+R): log in to an account first")
    case .inviteOnly: (.inviteOnlyChannel, "Cannot join channel (+i)")
    case .wrongKey: (.badChannelKey, "Cannot join channel (+k)")
    case .banned: (.bannedFromChannel, "Cannot join channel (+b)")
    case .isShared: (.unknownError, "Other connections are this person too")
    case .tooManySessions: (.unknownError, "Your account has too many connections here")
    case .tooManyRooms: (.tooManyChannels, "You have joined too many channels")
    case .nicknameInUse: (.nicknameInUse, "Nickname is already in use")
    case .nicknameHeld: (.nicknameHeld, "Cannot change nickname while banned on channel")
    case .roomNameInUse: (.unknownError, "There is a channel of this name")
    case .isRegistered: (.unknownError, "This channel is registered already")
    case .roomNameIsFixed: (.unknownError, "The settings name this channel")
    case .tooManyNewcomers: (.unknownError, "Too many here know nothing of renaming")
    case .renamableLater(let seconds):
      (.unknownError, "It was renamed just now; try again in \(seconds) s")
    case .unavailable:
      (.tryAgain, "Please wait a while and try again: the servers cannot agree at the moment")
    case .unknownMessage: (.unknownError, "This message does not exist or is too old")
    case .hasQuit: (.unknownError, "The connection is being closed")
    case .alreadyMember, .targetNotMember, .targetAlreadyMember, .listFull, .noSuchRoom,
      .noSuchNick, .hearsAccountsOnly, .noSuchForward, .forwardsToItself, .forwardNotOperated:
      preconditionFailure("A refusal that names more than the room has an answer of its own.")
    }
  }
}
