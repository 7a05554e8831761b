import HubbubLog
import IRCWire

extension Registry {
  /// Decides about an action and carries it out, under the locks of what it concerns. Any thread,
  /// under no lock; waits for nobody but other appliers.
  ///
  /// Deterministic: no clock, no chance and no order of a dictionary decides anything here; times
  /// and ids stand in the action, limits are the registry's. What is decided by what clients have
  /// negotiated (who is told of a renamed room, how far back a redaction finds its message) is
  /// decided by this server's own. What rooms read is written under their locks, with the names
  /// that are true at its place.
  ///
  /// - Returns: who is to be delivered to, and what the author is answered. Deliver afterwards.
  /// - Throws: why nothing was done.
  public func apply(_ action: Action) throws(Refusal) -> Outcome {
    let (author, now) = (action.author, action.time)
    switch action.deed {
    case .say(let speeches, let reference, let status):
      return try say(speeches, in: reference, to: status, by: author, now)
    case .tell(let speech, let nickname, let id):
      return try tell(speech, to: nickname, id: id, by: author, now)
    case .wallops(let text, let id):
      return wallops(text, id: id, by: author, now)
    case .announceKill(let nickname, let reason, let id):
      return try announceKill(of: nickname, reason, id: id, by: author, now)
    case .relay(let speech, let source, let name, let isTrusted):
      let room = try room(named: name, knownTo: author)
      author.member.recordSpeech(at: now)
      return Outcome(
        in: room,
        try room.relay(speech, from: source, by: author, isTrusted: isTrusted, now: now))
    case .redact(let id, let reason, let name, let storedIn):
      let room = try room(named: name, knownTo: author)
      return Outcome(
        in: room,
        try room.redact(id: id, reason: reason, by: author, storedIn: storedIn, now: now))
    case .redactPrivately(let id, let reason, let nickname, let newID):
      return try redactPrivately(id, reason, to: nickname, newID: newID, by: author, now)
    case .join(let name, let key):
      let view = try join(author, roomNamed: name, key: key, now: now)
      var outcome = Outcome(in: view.room)
      outcome.answer = .joined(view)
      return outcome
    case .part(let name, let reason):
      let room = try room(named: name, knownTo: author)
      var outcome = Outcome(
        in: room, try part(author, from: room, reason: reason, now: now))
      outcome.people = [author.member]
      return outcome
    case .kick(let nickname, let name, let comment):
      return try kick(nickname, from: name, comment: comment, by: author, now)
    case .invite(let nickname, let name, let id):
      return try invite(nickname, to: name, id: id, by: author, now)
    case .setTopic(let text, let name):
      let room = try room(named: name, knownTo: author)
      return Outcome(in: room, try room.setTopic(text, by: author, now: now))
    case .changeModes(let requests, let name, let asServer, let masksPerList):
      return try changeModes(
        requests, in: name, asServer: asServer, masksPerList: masksPerList, by: author, now)
    case .renameRoom(let name, let wanted, let reason):
      let room = try room(named: name, knownTo: author)
      let renaming = try rename(room, to: wanted, reason: reason, by: author, now: now)
      var outcome = Outcome(in: room, renaming.receipt)
      outcome.answer = .renamed(renaming.newcomers)
      return outcome
    case .changeNickname(let nickname):
      return try rename(author, to: nickname, now: now)
    case .register:
      var outcome = Outcome()
      outcome.people = try completeRegistration(of: author.member)
      return outcome
    case .setAway(let message):
      return setAway(message, of: author, now: now)
    case .setRealName(let name):
      return try setRealName(name, of: author, now: now)
    case .setAddress(let userName, let host, let nickname):
      let target = try person(named: nickname)
      return setAddress(userName: userName, host: host, of: target, now: now)
    case .quit(let reason, let silentReason):
      return quit(author, reason: reason, silentReason: silentReason, now: now)
    }
  }

  // MARK: Finding

  /// The room with this name, where the author may know of it.
  private func room(named name: String, knownTo author: Author) throws(Refusal) -> Room {
    guard let room = room(named: name), room.isVisible(to: author.member) else {
      throw .noSuchRoom
    }
    return room
  }

  /// Somebody who is registered.
  private func person(named nickname: String) throws(Refusal) -> Member {
    guard let member = member(named: nickname) else { throw .noSuchNick(nickname) }
    return member
  }

  // MARK: Speaking

  private func say(
    _ speeches: [Speech], in reference: RoomReference, to status: MemberStatus?,
    by author: Author, _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    author.member.recordSpeech(at: now)
    var known = reference.known?.room
    // The room may be closed or renamed between a look at the names and its lock: then the name may
    // be another room's.
    while true {
      guard let room = known ?? room(named: reference.name) else { throw .noSuchRoom }
      do throws(Refusal) {
        return try room.say(speeches, in: reference, to: status, by: author, now: now)
      } catch {
        guard error == .isStale || error == .isClosed else { throw error }
        let isGone = known == nil && self.room(named: reference.name) === room
        if isGone { throw .isClosed }
        known = nil
      }
    }
  }

  private func tell(
    _ speech: Speech, to nickname: String, id: [UInt8], by author: Author, _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    author.member.recordSpeech(at: now)
    let key = FoldedName(nickname)
    // Under the lock of the names, so that nobody reads a message to a name that it no longer has.
    return try state.withLock { (state) throws(Refusal) in
      guard let target = state.people[key] else { throw .noSuchNick(nickname) }
      let profile = target.profile
      let event = SpokenEvent(
        speech, from: author.member.profile.source, to: profile.nickname, by: author)
      var outcome = Outcome()
      send(event, to: target, EventPlace(now, id: id), by: author, &outcome)
      outcome.answer = .told(profile)
      return outcome
    }
  }

  private func wallops(
    _ text: String, id: [UInt8], by author: Author, _ now: Timestamp
  ) -> Outcome {
    state.withLock { state in
      var line = LineBuffer()
      line.append(source: author.member.profile.source, "WALLOPS", trailing: text)
      let readers = state.people.values.filter(\.profile.wantsWallops)
      return tell(readers, line, EventPlace(now, id: id), by: author)
    }
  }

  private func announceKill(
    of nickname: String, _ reason: String, id: [UInt8], by author: Author, _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    let key = FoldedName(nickname)
    return try state.withLock { (state) throws(Refusal) in
      guard let target = state.people[key] else { throw .noSuchNick(nickname) }
      var line = LineBuffer()
      line.append(
        source: author.member.profile.source, "KILL", [target.profile.nickname],
        trailing: reason)
      return tell([target], line, EventPlace(now, id: id), by: author)
    }
  }

  /// Tells people a line of an operator's. Under the registry's lock.
  private func tell(
    _ people: [Member], _ line: LineBuffer, _ place: EventPlace, by author: Author
  ) -> Outcome {
    let event = Event(author: author.session.id, echo: .always, line: line.bytes)
    var copies = Copies(of: event, place)
    for session in people.flatMap(\.sessions) { copies.place(for: session) }
    var outcome = Outcome()
    outcome.people = people
    return outcome
  }

  private func redactPrivately(
    _ id: String, _ reason: String?, to nickname: String, newID: [UInt8], by author: Author,
    _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    let key = FoldedName(nickname)
    return try state.withLock { (state) throws(Refusal) in
      guard let target = state.people[key] else { throw .noSuchNick(nickname) }
      let event = Event(
        redacting: id, in: target.profile.nickname, reason, by: author,
        known: author.member.profile.source)
      var outcome = Outcome()
      send(event, to: target, EventPlace(now, id: newID), by: author, &outcome)
      return outcome
    }
  }

  /// Sends an event to one person, and its author its own copy where it wants one. Under the
  /// registry's lock.
  private func send(
    _ event: some RoomEvent, to target: Member, _ place: EventPlace, by author: Author,
    _ outcome: inout Outcome
  ) {
    var copies = Copies(of: event, place)
    for session in target.sessions { copies.place(for: session) }
    outcome.people = [target]
    // What somebody says to itself it reads as its recipient; what it takes back as well.
    guard author.holdsCopy(of: event.echo, readsLog: false),
      event.echo == .onRequest || target !== author.member
    else { return }
    outcome.receipts = [author.session.receipt(of: event, place)]
  }

  // MARK: Rooms

  private func kick(
    _ nickname: String, from name: String, comment: String, by author: Author,
    _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    let room = try room(named: name, knownTo: author)
    guard let target = member(named: nickname) else {
      let isMember = room.isShared(by: author.member, and: author.member)
      throw isMember ? .targetNotMember(nickname) : .notMember
    }
    var outcome = Outcome(
      in: room, try kick(target, from: room, by: author, comment: comment, now: now))
    outcome.people = [target]
    return outcome
  }

  private func invite(
    _ nickname: String, to name: String, id: [UInt8], by author: Author, _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    let target = try person(named: nickname)
    let room = try room(named: name, knownTo: author)
    do throws(Refusal) {
      let invitation = try room.invite(target, by: author, id: id, now: now)
      var outcome = Outcome(in: room)
      outcome.people = [target]
      outcome.answer = .invited(invitation)
      return outcome
    } catch {
      throw error == .hasQuit ? .noSuchNick(nickname) : error
    }
  }

  private func changeModes(
    _ requests: [ModeRequest], in name: String, asServer: Bool, masksPerList: Int,
    by author: Author, _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    guard let room = room(named: name), asServer || room.isVisible(to: author.member) else {
      throw .noSuchRoom
    }
    var refusals: [Refusal] = []
    let changes = requests.compactMap { request -> Room.Change? in
      do throws(Refusal) {
        return try change(request, in: room, asServer: asServer, by: author)
      } catch {
        refusals.append(error)
        return nil
      }
    }
    var outcome = Outcome()
    outcome.answer = .modes([], in: room)
    outcome.refusals = refusals
    guard !changes.isEmpty else { return outcome }
    do throws(Refusal) {
      let result = try room.changeModes(
        changes, by: author, asServer: asServer, masksPerList: masksPerList, now: now)
      outcome.rooms = [room]
      outcome.refusals += result.refusals
      outcome.receipts = result.receipt.map { [$0] } ?? []
      outcome.answer = .modes(result.changes, in: room)
    } catch {
      outcome.refusals.append(error)
    }
    return outcome
  }

  /// A request with those who are named in it.
  private func change(
    _ request: ModeRequest, in room: Room, asServer: Bool, by author: Author
  ) throws(Refusal) -> Room.Change {
    switch request {
    case .room(let change): return .room(change)
    case .list(let change, let mask): return .list(change, mask)
    case .status(let isAdding, let status, let mode, let nickname):
      return .status(
        isAdding: isAdding, status, mode: mode, try person(named: nickname))
    case .forward(let name):
      return .forward(try forwardTarget(name, from: room, asServer, author))
    }
  }

  /// The room to which another may lead: one that is there, and that the author operates, so that
  /// nobody sends crowds to where they are not wanted.
  private func forwardTarget(
    _ name: String, from room: Room, _ asServer: Bool, _ author: Author
  ) throws(Refusal) -> Room {
    guard let target = self.room(named: name), asServer || target.isVisible(to: author.member)
    else { throw .noSuchForward(name) }
    guard target !== room else { throw .forwardsToItself }
    let own = target.view(by: author.member).own
    guard asServer || own?.status.contains(.operating) == true else {
      throw .forwardNotOperated(target.name, isMember: own != nil)
    }
    return target
  }
}
