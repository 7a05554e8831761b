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
  "LIST": Command(.registered, usage: "[<channel | condition>{,<channel | condition>}]") {
    $0.list($1.parameters)
  },
  "KICK": Command(
    .registered, parameters: 2, usage: "<channel> <nickname>{,<nickname>} [:<comment>]"
  ) { $0.kick($1.parameters) },
  "INVITE": Command(.registered, usage: "[<nickname> <channel>]") { session, message in
    guard message.parameters.count != 1 else {
      return session.reply(.needMoreParameters, ["INVITE"], trailing: "Not enough parameters")
    }
    session.invite(message.parameters)
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
    var asked: Set<JoinRequest> = []
    for (index, name) in parameters[0].split(separator: ",").map(String.init).enumerated() {
      let key = index < keys.count ? keys[index] : nil
      guard asked.insert(JoinRequest(name: FoldedName(name), key: key)).inserted else { continue }
      guard asked.count <= hub.limits.roomsPerClient else {
        return replyRefusal(.tooManyRooms, safe(name))
      }
      join(name, key: key)
    }
  }

  /// What a JOIN asks for, which it may say more than once.
  private struct JoinRequest: Hashable {
    let name: FoldedName
    let key: String?
  }

  private func join(_ name: String, key: String?) {
    guard Names.isChannelLike(name), name.utf8.count <= hub.limits.roomNameBytes else {
      return reply(.noSuchChannel, [safe(name)], trailing: "No such channel")
    }
    guard Names.isChannel(name, limit: hub.limits.roomNameBytes) else {
      return reply(.badChannelMask, [safe(name)], trailing: "Bad channel name")
    }
    pace()
    flush()
    let known = hub.registry.room(named: name)
    let shown = known?.name ?? name
    do throws(Refusal) {
      let view = try hub.registry.join(author, roomNamed: name, key: key, now: .now)
      answer(in: view.reservation!) {
        // The client's own JOIN is in the room's log, unless the answer carries a label.
        if let receipt = view.receipt { tell(receipt) }
        if view.topic != nil { replyTopic(view) }
        replyNames(view)
        reply(.endOfNames, [view.name], trailing: "End of NAMES list")
      }
      remember(view.room)
      willDeliver(to: view.room)
    } catch {
      replyRefusal(error, shown)
    }
  }

  /// `PART <channel>{,<channel>} [:<reason>]`
  fileprivate func part(_ parameters: [String]) {
    for name in parameters[0].split(separator: ",").map(String.init) {
      guard let room = knownRoom(name) else { continue }
      part(room, reason: parameters.count > 1 ? parameters[1] : nil)
    }
  }

  private func part(_ room: Room, reason: String?) {
    forget(room)
    flush()
    do throws(Refusal) {
      take(try hub.registry.part(author, from: room, reason: reason, now: .now))
      willDeliver(to: room)
      willDeliver(to: member)
      leavePlaces()
    } catch {
      replyRefusal(error, room.name)
    }
  }

  /// `KICK <channel>{,<channel>} <nickname>{,<nickname>} [:<comment>]`
  ///
  /// One channel for all, or one for each nickname (RFC 2812 section 3.2.8).
  fileprivate func kick(_ parameters: [String]) {
    let channels = parameters[0].split(separator: ",").map(String.init)
    let targets = parameters[1].split(separator: ",").map(String.init)
    guard let first = targets.first, channels.count == 1 || channels.count == targets.count else {
      return reply(.needMoreParameters, ["KICK"], trailing: "Not enough parameters")
    }
    guard targets.count <= hub.limits.targetsPerCommand else {
      return reply(.tooManyTargets, [safe(first)], trailing: "Too many targets")
    }
    let comment = parameters.count > 2 && !parameters[2].isEmpty ? parameters[2] : nickname
    for (index, target) in targets.enumerated() {
      let channel = channels[channels.count == 1 ? 0 : index]
      guard let room = knownRoom(channel) else { continue }
      kick(target, from: room, comment: comment.cut(toBytes: hub.limits.kickBytes))
    }
  }

  private func kick(_ name: String, from room: Room, comment: String) {
    guard let target = hub.registry.member(named: name) else {
      let isMember = room.isShared(by: member, and: member)
      return replyRefusal(isMember ? .targetNotMember(safe(name)) : .notMember, room.name)
    }
    flush()
    do throws(Refusal) {
      take(try hub.registry.kick(target, from: room, by: author, comment: comment, now: .now))
      willDeliver(to: room)
      willDeliver(to: target)
    } catch {
      replyRefusal(error, room.name)
    }
  }

  /// `INVITE [<nickname> <channel>]`
  fileprivate func invite(_ parameters: [String]) {
    guard parameters.count > 1 else { return listInvitations() }
    guard let target = hub.registry.member(named: parameters[0]), target.profile.isRegistered
    else { return replyNoSuchNick(parameters[0]) }
    guard let room = knownRoom(parameters[1]) else { return }
    flush()
    do throws(Refusal) {
      let invitation = try room.invite(target, by: author, now: .now)
      let profile = target.profile
      answer(in: invitation.reservation) {
        reply(.inviting, [invitation.nickname, invitation.room])
        if let away = profile.away { reply(.away, [invitation.nickname], trailing: away) }
      }
      send(invitation.event, to: target, profile, time: .now, id: hub.directMessageID())
      willDeliver(to: room)
    } catch {
      if error == .hasQuit { return replyNoSuchNick(parameters[0]) }
      replyRefusal(error, room.name)
    }
  }

  /// 336 …, 337: the rooms one is invited to.
  private func listInvitations() {
    for room in member.invitations { reply(.inviteList, [room.name]) }
    reply(.endOfInviteList, trailing: "End of INVITE list")
  }

  // MARK: Looking

  /// `TOPIC <channel> [:<topic>]`
  fileprivate func topic(_ parameters: [String]) {
    guard let room = knownRoom(parameters[0]) else { return }
    guard parameters.count > 1 else { return showTopic(of: room) }
    flush()
    do throws(Refusal) {
      take(
        try room.setTopic(
          parameters[1].cut(toBytes: hub.limits.topicBytes), by: author, now: .now))
      willDeliver(to: room)
    } catch {
      replyRefusal(error, room.name)
    }
  }

  private func showTopic(of room: Room) {
    flush()
    let view = room.view(by: member, isReserving: true)
    answer(in: view.reservation!) {
      if !view.isVisible {
        reply(.notOnChannel, [view.name], trailing: "You're not on that channel")
      } else {
        replyTopic(view)
      }
    }
  }

  private func replyTopic(_ view: Room.View) {
    guard let topic = view.topic else {
      return reply(.noTopic, [view.name], trailing: "No topic is set")
    }
    reply(.topic, [view.name], trailing: topic.text)
    let seconds = topic.setAt.milliseconds / 1000
    reply(.topicWhoTime, [view.name, topic.setBy, "\(seconds)"])
  }

  /// `NAMES [<channel>{,<channel>}]`
  fileprivate func names(_ parameters: [String]) {
    guard let list = parameters.first else {
      return reply(.endOfNames, ["*"], trailing: "End of NAMES list")
    }
    let names = list.split(separator: ",").map(String.init)
    if let first = names.first, names.count > hub.limits.targetsPerCommand {
      return reply(.tooManyTargets, [safe(first)], trailing: "Too many targets")
    }
    for name in names {
      guard let room = hub.registry.room(named: name) else { continue }
      pace()
      flush()
      let view = room.view(by: member, isReserving: true)
      answer(in: view.reservation!) { replyNames(view) }
    }
    reply(.endOfNames, [safe(list)], trailing: "End of NAMES list")
  }

  /// 353 …: who is in the room, as many to a line as fit.
  private func replyNames(_ view: Room.View) {
    let form = NamesAnswer.Form(of: capabilities)
    let names = NamesAnswer(view, form, server: hub.serverName, hub.limits)
    for line in names.lines {
      reply(.nameReply, [names.symbol, names.room], trailing: line)
    }
  }

  /// Each is looked at for every room.
  private static let listConditions = 16

  /// `LIST [<channel>{,<channel>}] [<condition>{,<condition>}]`
  fileprivate func list(_ parameters: [String]) {
    let filter = ListFilter(parameters.joined(separator: ","))
    guard filter.conditions <= Self.listConditions else {
      return reply(
        .tooManyTargets, ["LIST"],
        trailing: "LIST takes no more than \(Self.listConditions) conditions")
    }
    let rooms =
      filter.looksAtAll
      ? hub.registry.rooms : filter.names.compactMap { hub.registry.room(named: $0) }
    charge(rooms.count)
    let now = Timestamp.now
    reply(.listStart, ["Channel"], trailing: "Users  Name")
    for room in rooms {
      list(room, filter, now)
      // Without the room's view, whose seats hold places in its log.
      pace()
    }
    reply(.listEnd, trailing: "End of LIST")
  }

  private func list(_ room: Room, _ filter: ListFilter, _ now: Timestamp) {
    let view = room.view(by: member, isReserving: false)
    guard view.isVisible, filter.allows(ListFilter.Channel(view, now: now)) else { return }
    reply(.list, [view.name, "\(view.seats.count)"], trailing: view.topic?.text ?? "")
  }

  /// The room called `name`, or an answer that there is none: to those outside of it, a secret room is none.
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
    case .hasQuit: break
    case .nicknameInUse: reply(.nicknameInUse, [room], trailing: "Nickname is already in use")
    }
  }
}

extension ListFilter.Channel {
  fileprivate init(_ view: Room.View, now: Timestamp) {
    func seconds(since time: Timestamp) -> Int {
      Int(max(0, now.milliseconds - time.milliseconds) / 1000)
    }
    self.init(
      name: view.name, users: view.seats.count,
      ageSeconds: seconds(since: view.room.createdAt),
      topicAgeSeconds: view.topic.map { seconds(since: $0.setAt) })
  }
}
