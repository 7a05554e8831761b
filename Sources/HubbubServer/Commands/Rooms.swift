import HubbubRooms
import IRCWire

/// Rooms: JOIN, PART, TOPIC, KICK, INVITE, MODE.
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
      let rooms = member.rooms
      charge(forTargets: rooms.count)
      for room in rooms { part(room.name, reason: nil) }
      return
    }
    let keys =
      parameters.count > 1
      ? parameters[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init) : []
    let names = parameters[0].split(separator: ",").map(String.init)
    if names.isEmpty {
      return reply(.needMoreParameters, ["JOIN"], trailing: "Not enough parameters")
    }
    var asked: Set<JoinRequest> = []
    for (index, name) in names.enumerated() {
      let key = index < keys.count ? keys[index] : nil
      guard asked.insert(JoinRequest(name: FoldedName(name), key: key)).inserted else { continue }
      guard asked.count <= hub.limits.roomsPerClient else {
        return replyRefusal(.tooManyRooms, safe(name))
      }
      join(name, key: key)
    }
    charge(forTargets: asked.count)
  }

  /// What is told in several rooms by one line counts for more than a line.
  private func charge(forTargets count: Int) { charge(Self.targetThousandths * max(0, count - 1)) }

  /// So much of a line counts each further room of a JOIN or a PART.
  private static let targetThousandths = 200

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
    var (target, key) = (name, key)
    for hop in 0...Self.forwards {
      do throws(Refusal) {
        return try enter(target, key: key)
      } catch {
        let known = hub.registry.room(named: target)
        guard hop < Self.forwards, let next = forward(from: known, because: error) else {
          return replyRefusal(error, known?.name ?? target)
        }
        reply(
          .forwarded, [known?.name ?? target, next.name],
          trailing: "Forwarding to another channel")
        (target, key) = (next.name, nil)
      }
    }
  }

  /// Somebody who may not come in is led on this often: rooms may lead to each other in a circle.
  private static let forwards = 3

  /// Where a room leads those who may not come in (`+f`): to a room that is there.
  private func forward(from room: Room?, because refusal: Refusal) -> Room? {
    switch refusal {
    case .banned, .inviteOnly, .roomIsFull, .wrongKey: break
    default: return nil
    }
    guard let modes = room?.view(by: member).modes,
      let next = modes.forward.flatMap({ hub.registry.room(named: $0) })
    else { return nil }
    return next !== room && modes.leads(to: next) ? next : nil
  }

  private func enter(_ name: String, key: String?) throws(Refusal) {
    pace()
    let outcome = try perform(.join(name, key: key))
    guard case .joined(let view, let others) = outcome.answer else { return }
    answerJoin(with: view)
    show(others)
  }

  /// What follows a JOIN: topic and names, and what else one is told of the room.
  ///
  /// - Parameter read: how far this connection's device had read its rooms, where it is to be told
  ///   what it has missed.
  func answerJoin(with view: Room.View, since read: [String: UInt64]? = nil) {
    answer(in: view.reservation!) {
      // The client's own JOIN is in the room's log, unless the answer carries a label, or another
      // of its person's connections came here.
      if let join = view.join { tell(lines: join) }
      reply(view.joinReplies(names(of: view)))
      tell(lines: marker(of: view.name, for: memberSession))
      reply([NamesAnswer.end(of: view.name)])
      noteHistory(of: view.room)
      tellMetadata(onJoining: view.room)
      if let read { replay(view, since: read) }
    }
  }

  /// `PART <channel>{,<channel>} [:<reason>]`
  fileprivate func part(_ parameters: [String]) {
    let names = parameters[0].words()
    guard !names.isEmpty else {
      return reply(.needMoreParameters, ["PART"], trailing: "Not enough parameters")
    }
    charge(forTargets: names.count)
    // An empty reason is none.
    let reason = parameters.count > 1 && !parameters[1].isEmpty ? parameters[1] : nil
    for name in names { part(name, reason: reason) }
  }

  private func part(_ name: String, reason: String?) {
    attempt(.part(name, reason: reason), in: name)
    detachReadCursors()
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
    charge(forTargets: targets.count)
    let comment = parameters.count > 2 && !parameters[2].isEmpty ? parameters[2] : nickname
    for (index, target) in targets.enumerated() {
      let channel = channels[channels.count == 1 ? 0 : index]
      let cut = comment.cut(toBytes: hub.limits.kickBytes)
      attempt(.kick(target, from: channel, comment: cut), in: channel)
    }
  }

  /// `INVITE [<nickname> <channel>]`
  fileprivate func invite(_ parameters: [String]) {
    guard parameters.count > 1 else { return listInvitations() }
    let (nickname, name) = (parameters[0], parameters[1])
    let deed = Action.Deed.invite(nickname, to: name, id: hub.directMessageID())
    guard case .invited(let invitation) = attempt(deed, in: name)?.answer else { return }
    answer(in: invitation.reservation) {
      reply(.inviting, [invitation.nickname, invitation.room])
      if let away = invitation.profile.away {
        reply(.away, [invitation.nickname], trailing: away)
      }
    }
  }

  /// 336 …, 337: the rooms one is invited to.
  private func listInvitations() {
    flush()
    // The place first: an INVITE that is read before it is in the list.
    answer(in: outbox.reserve()) {
      for room in member.invitations { reply(.inviteList, [room.name]) }
      reply(.endOfInviteList, trailing: "End of INVITE list")
    }
  }

  /// `TOPIC <channel> [:<topic>]`
  fileprivate func topic(_ parameters: [String]) {
    guard parameters.count > 1 else {
      guard let room = shownRoom(parameters[0], to: "TOPIC") else { return }
      return showTopic(of: room, asked: parameters[0])
    }
    let text = parameters[1].cut(toBytes: hub.limits.topicBytes)
    attempt(.setTopic(text, in: parameters[0]), in: parameters[0])
  }
}
