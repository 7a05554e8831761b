import HubbubRooms
import IRCWire

extension Session {
  /// `MODE <target> [<modes> [<parameter>…]]`
  func mode(_ parameters: [String]) {
    let rest = Array(parameters.dropFirst())
    if Names.isChannelLike(parameters[0]) {
      roomMode(parameters[0], rest)
    } else {
      userMode(parameters[0], rest)
    }
  }

  // MARK: Of a room

  private func roomMode(_ name: String, _ parameters: [String]) {
    guard let room = room(named: name) else {
      return reply(.noSuchChannel, [safe(name)], trailing: "No such channel")
    }
    guard let modes = parameters.first else { return showModes(of: room) }
    let requests = RoomModes.syntax.parse(modes, parameters: Array(parameters.dropFirst()))
      .prefix(hub.limits.modesPerCommand)
      .compactMap { resolve($0, room) }
    guard !requests.isEmpty else { return }
    do throws(Refusal) {
      let refusals = try room.changeModes(requests, by: member, source: source, now: .now)
      for refusal in refusals { replyRefusal(refusal, room.name) }
      willDeliver(to: room)
    } catch {
      replyRefusal(error, room.name)
    }
  }

  private func showModes(of room: Room) {
    flush()
    let view = room.view(by: member, isReserving: true)
    answer(in: view.reservation!) {
      let changes = ModeChange.encoded(view.modes.changes(showsKey: view.own != nil))
      reply(.channelModeIs, [room.name] + (changes.isEmpty ? ["+"] : changes))
      reply(.creationTime, [room.name, "\(room.createdAt.milliseconds / 1000)"])
    }
  }

  /// What a letter asks for, with names looked up and parameters checked; nil where that was answered.
  private func resolve(_ request: ModeSyntax.Request, _ room: Room) -> Room.ModeRequest? {
    switch request {
    case .unknown(let letter):
      reply(.unknownMode, [safe("\(letter)")], trailing: "is unknown mode char to me")
      return nil
    case .missingParameter(let letter):
      reply(
        .invalidModeParameter, [room.name, "\(letter)", "*"],
        trailing: "You must specify a parameter for this mode")
      return nil
    case .show:
      return nil
    case .change(let change):
      return resolve(change, room)
    }
  }

  private func resolve(_ change: ModeChange, _ room: Room) -> Room.ModeRequest? {
    let isStanding = RoomModes.syntax.prefixes.contains { $0.mode == change.mode }
    if isStanding {
      let name = change.parameter ?? ""
      guard let target = hub.registry.member(named: name) else {
        reply(.noSuchNick, [safe(name)], trailing: "No such nick")
        return nil
      }
      return .standing(isAdding: change.isAdding, mode: change.mode, target)
    }
    if change.isAdding, change.mode == "k", !isKey(change.parameter ?? "") {
      reply(.invalidKey, [room.name], trailing: "Key is not well-formed")
      return nil
    }
    if change.isAdding, change.mode == "l", Int(change.parameter ?? "") ?? 0 <= 0 {
      reply(
        .invalidModeParameter, [room.name, "l", safe(change.parameter ?? "")],
        trailing: "The limit must be a number above 0")
      return nil
    }
    return .room(change)
  }

  private func isKey(_ text: String) -> Bool {
    (1...hub.limits.keyBytes).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x2C && $0 != 0x7F }
      && text.utf8.first != UInt8(ascii: ":")
  }

  // MARK: Of oneself

  private func userMode(_ name: String, _ parameters: [String]) {
    guard FoldedName(name) == FoldedName(nickname) else {
      return reply(.usersDoNotMatch, trailing: "Can't change mode for other users")
    }
    guard let modes = parameters.first else {
      return reply(.userModeIs, [member.profile.isInvisible ? "+i" : "+"])
    }
    let wasInvisible = member.profile.isInvisible
    var isInvisible = wasInvisible
    for request in ModeSyntax(flags: "i").parse(modes, parameters: []) {
      if case .change(let change) = request {
        isInvisible = change.isAdding
      } else {
        reply(.unknownUserMode, trailing: "Unknown MODE flag")
      }
    }
    guard isInvisible != wasInvisible else { return }
    member.updateProfile { $0.isInvisible = isInvisible }
    tell(from: source, "MODE", [nickname, isInvisible ? "+i" : "-i"])
  }
}
