import HubbubRooms
import IRCWire

// What a command is answered that does not find its target, or may not do what it asks for.

extension Session {
  /// The room called `name`, to do something in it, or an answer that there is none: to those
  /// outside of it, a secret room is none.
  func knownRoom(_ name: String) -> Room? {
    if let room = room(named: name), room.isVisible(to: member) { return room }
    replyNoSuchChannel(name)
    return nil
  }

  /// 403
  func replyNoSuchChannel(_ name: String) {
    reply(.noSuchChannel, [safe(name)], trailing: "No such channel")
  }

  /// 401
  func replyNoSuchNick(_ name: String) {
    reply(.noSuchNick, [safe(name)], trailing: "No such nick")
  }

  /// A room's refusal in the protocol's words.
  func replyRefusal(_ refusal: Refusal, _ room: String) {
    switch refusal {
    case .notMember: reply(.notOnChannel, [room], trailing: "You're not on that channel")
    case .alreadyMember: break
    case .targetNotMember(let nickname):
      reply(.userNotInChannel, [nickname, room], trailing: "They aren't on that channel")
    case .targetAlreadyMember(let nickname):
      reply(.userOnChannel, [nickname, room], trailing: "is already on channel")
    case .operatorNeeded:
      reply(.operatorNeeded, [room], trailing: "You're not channel operator")
    case .fullOperatorNeeded:
      reply(.operatorNeeded, [room], trailing: "You're not channel operator, only its assistant")
    case .cannotSpeak(let mode):
      reply(.cannotSendToChannel, [room], trailing: "Cannot send to channel (+\(mode))")
    case .isOver: reply(.cannotSendToChannel, [room], trailing: "Nobody is there any more")
    case .roomIsFull: reply(.channelIsFull, [room], trailing: "Cannot join channel (+l)")
    case .inviteOnly: reply(.inviteOnlyChannel, [room], trailing: "Cannot join channel (+i)")
    case .wrongKey: reply(.badChannelKey, [room], trailing: "Cannot join channel (+k)")
    case .banned: reply(.bannedFromChannel, [room], trailing: "Cannot join channel (+b)")
    case .listFull(let mode, let mask):
      reply(.banListFull, [room, mask], trailing: "The list +\(mode) is full")
    case .unknownMessage, .isKnownAs, .wasRenamed, .roomNameInUse, .roomNameIsFixed,
      .renamableLater, .tooManyNewcomers:
      break
    case .tooManyRooms:
      reply(.tooManyChannels, [room], trailing: "You have joined too many channels")
    case .hasQuit, .silenced: break
    case .nicknameInUse: reply(.nicknameInUse, [room], trailing: "Nickname is already in use")
    }
  }
}
