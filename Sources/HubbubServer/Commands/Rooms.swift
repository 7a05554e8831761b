import HubbubRooms
import IRCWire

/// Rooms: JOIN, PART, TOPIC, NAMES, LIST, KICK, INVITE, MODE.
let roomCommands: [String: Command] = [
  "JOIN": Command(.registered, parameters: 1, usage: "<channel>{,<channel>} [<key>{,<key>}] | 0") {
    $0.join($1.parameters)
  },
  "PART": Command(.registered, parameters: 1, usage: "<channel>{,<channel>} [:<reason>]") {
    $0.part($1.parameters)
  },
  "TOPIC": Command(.registered, parameters: 1, usage: "<channel> [:<topic>]") {
    $0.topic($1.parameters)
  },
  "NAMES": Command(.registered, usage: "[<channel>{,<channel>}]") { $0.names($1.parameters) },
  "LIST": Command(.registered, usage: "[<channel>{,<channel>}]") { $0.list($1.parameters) },
  "KICK": Command(
    .registered, parameters: 2, usage: "<channel> <nickname>{,<nickname>} [:<comment>]"
  ) { $0.kick($1.parameters) },
  "INVITE": Command(.registered, parameters: 2, usage: "<nickname> <channel>") {
    $0.invite($1.parameters)
  },
  "MODE": Command(.registered, parameters: 1, usage: "<target> [<modes> [<parameter>…]]") {
    $0.mode($1.parameters)
  },
]

extension Session {
  // MARK: Joining and leaving

  /// `JOIN <channel>{,<channel>} [<key>{,<key>}]` or `JOIN 0`
  fileprivate func join(_ parameters: [String]) {
    if parameters[0] == "0" {
      for room in member.rooms { part(room, reason: nil) }
      return
    }
    let keys =
      parameters.count > 1
      ? parameters[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init) : []
    for (index, name) in parameters[0].split(separator: ",").enumerated() {
      join(String(name), key: index < keys.count ? keys[index] : nil)
    }
  }

  private func join(_ name: String, key: String?) {
    guard Names.isChannelLike(name) else {
      return reply(.noSuchChannel, [safe(name)], trailing: "No such channel")
    }
    guard Names.isChannel(name, limit: hub.limits.roomNameBytes) else {
      return reply(.badChannelMask, [safe(name)], trailing: "Bad channel name")
    }
    flush()
    let known = hub.registry.room(named: name)
    var line = LineBuffer()
    line.append(source: source, "JOIN", [known?.name ?? name])
    do throws(Refusal) {
      let view = try hub.registry.join(
        member, roomNamed: name, key: key, line: line.bytes, now: .now)
      answer(in: view.reservation!) {
        if view.topic != nil { replyTopic(view) }
        replyNames(view)
      }
      remember(view.room)
      willDeliver(to: view.room)
    } catch {
      replyRefusal(error, known?.name ?? name)
    }
  }

  /// `PART <channel>{,<channel>} [:<reason>]`
  fileprivate func part(_ parameters: [String]) {
    for name in parameters[0].split(separator: ",").map(String.init) {
      guard let room = room(named: name) else {
        reply(.noSuchChannel, [safe(name)], trailing: "No such channel")
        continue
      }
      part(room, reason: parameters.count > 1 ? parameters[1] : nil)
    }
  }

  private func part(_ room: Room, reason: String?) {
    var line = LineBuffer()
    line.append(source: source, "PART", [room.name], trailing: reason)
    forget(room)
    do throws(Refusal) {
      try hub.registry.part(member, from: room, line: line.bytes, now: .now)
      willDeliver(to: room)
      willDeliver(to: member)
    } catch {
      replyRefusal(error, room.name)
    }
  }

  /// `KICK <channel> <nickname>{,<nickname>} [:<comment>]`
  fileprivate func kick(_ parameters: [String]) {
    guard let room = room(named: parameters[0]) else {
      return reply(.noSuchChannel, [safe(parameters[0])], trailing: "No such channel")
    }
    let targets = parameters[1].split(separator: ",").map(String.init)
    guard targets.count <= hub.limits.targetsPerCommand else {
      return reply(.tooManyTargets, [safe(targets[0])], trailing: "Too many targets")
    }
    let comment = parameters.count > 2 && !parameters[2].isEmpty ? parameters[2] : nickname
    for target in targets {
      kick(target, from: room, comment: comment.cut(toBytes: hub.limits.kickBytes))
    }
  }

  private func kick(_ name: String, from room: Room, comment: String) {
    guard let target = hub.registry.member(named: name) else {
      return replyRefusal(.targetNotMember(safe(name)), room.name)
    }
    do throws(Refusal) {
      try hub.registry.kick(
        target, from: room, by: member, source: source, comment: comment, now: .now)
      willDeliver(to: room)
      willDeliver(to: target)
    } catch {
      replyRefusal(error, room.name)
    }
  }

  /// `INVITE <nickname> <channel>`
  fileprivate func invite(_ parameters: [String]) {
    guard let target = hub.registry.member(named: parameters[0]), target.profile.isRegistered
    else { return reply(.noSuchNick, [safe(parameters[0])], trailing: "No such nick") }
    guard let room = hub.registry.room(named: parameters[1]) else {
      return reply(.noSuchChannel, [safe(parameters[1])], trailing: "No such channel")
    }
    let profile = target.profile
    do throws(Refusal) {
      try room.invite(target, by: member)
      reply(.inviting, [profile.nickname, room.name])
      if let away = profile.away { reply(.away, [profile.nickname], trailing: away) }
      var line = LineBuffer()
      line.append(source: source, "INVITE", [profile.nickname, room.name])
      target.outbox.enqueue(line.bytes)
      willDeliver(to: target)
    } catch {
      replyRefusal(error, room.name)
    }
  }

  // MARK: Looking

  /// `TOPIC <channel> [:<topic>]`
  fileprivate func topic(_ parameters: [String]) {
    guard let room = room(named: parameters[0]) else {
      return reply(.noSuchChannel, [safe(parameters[0])], trailing: "No such channel")
    }
    guard parameters.count > 1 else { return showTopic(of: room) }
    do throws(Refusal) {
      try room.setTopic(
        parameters[1].cut(toBytes: hub.limits.topicBytes), by: member, source: source, now: .now)
      willDeliver(to: room)
    } catch {
      replyRefusal(error, room.name)
    }
  }

  private func showTopic(of room: Room) {
    flush()
    let view = room.view(by: member, isReserving: true)
    answer(in: view.reservation!) {
      if view.own == nil, view.modes.isSecret {
        reply(.notOnChannel, [room.name], trailing: "You're not on that channel")
      } else {
        replyTopic(view)
      }
    }
  }

  private func replyTopic(_ view: Room.View) {
    guard let topic = view.topic else {
      return reply(.noTopic, [view.room.name], trailing: "No topic is set")
    }
    reply(.topic, [view.room.name], trailing: topic.text)
    let seconds = topic.setAt.milliseconds / 1000
    reply(.topicWhoTime, [view.room.name, topic.setBy, "\(seconds)"])
  }

  /// `NAMES [<channel>{,<channel>}]`
  fileprivate func names(_ parameters: [String]) {
    guard let list = parameters.first else {
      return reply(.endOfNames, ["*"], trailing: "End of NAMES list")
    }
    for name in list.split(separator: ",").prefix(hub.limits.targetsPerCommand).map(String.init) {
      guard let room = hub.registry.room(named: name) else {
        reply(.endOfNames, [safe(name)], trailing: "End of NAMES list")
        continue
      }
      flush()
      let view = room.view(by: member, isReserving: true)
      answer(in: view.reservation!) { replyNames(view) }
    }
  }

  /// 353 …, 366: who is in the room, as many to a line as fit.
  private func replyNames(_ view: Room.View) {
    let room = view.room.name
    if view.own != nil || !view.modes.isSecret {
      let showsAll = capabilities.contains(.multiPrefix)
      let head = [view.modes.isSecret ? "@" : "=", room]
      let limit =
        hub.limits.lineBytes - hub.serverName.utf8.count - nickname.utf8.count
        - room.utf8.count - 16
      var line = ""
      for seat in view.seats where view.own != nil || !seat.member.profile.isInvisible {
        let name = seat.standing.prefixes(all: showsAll) + seat.nickname
        if !line.isEmpty, line.utf8.count + 1 + name.utf8.count > limit {
          reply(.nameReply, head, trailing: line)
          line = ""
        }
        line += line.isEmpty ? name : " \(name)"
      }
      if !line.isEmpty { reply(.nameReply, head, trailing: line) }
    }
    reply(.endOfNames, [room], trailing: "End of NAMES list")
  }

  /// `LIST [<channel>{,<channel>}]`
  fileprivate func list(_ parameters: [String]) {
    reply(.listStart, ["Channel"], trailing: "Users  Name")
    let rooms =
      parameters.first.map { names in
        names.split(separator: ",").compactMap { hub.registry.room(named: String($0)) }
      } ?? hub.registry.rooms
    for room in rooms {
      let view = room.view(by: member, isReserving: false)
      if view.modes.isSecret, view.own == nil { continue }
      reply(.list, [room.name, "\(view.seats.count)"], trailing: view.topic?.text ?? "")
    }
    reply(.listEnd, trailing: "End of LIST")
  }

  // MARK: Refusals

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
    case .cannotSpeak: reply(.cannotSendToChannel, [room], trailing: "Cannot send to channel")
    case .roomIsFull: reply(.channelIsFull, [room], trailing: "Cannot join channel (+l)")
    case .inviteOnly: reply(.inviteOnlyChannel, [room], trailing: "Cannot join channel (+i)")
    case .wrongKey: reply(.badChannelKey, [room], trailing: "Cannot join channel (+k)")
    case .tooManyRooms:
      reply(.tooManyChannels, [room], trailing: "You have joined too many channels")
    case .hasQuit: break
    case .nicknameInUse: reply(.nicknameInUse, [room], trailing: "Nickname is already in use")
    }
  }
}
