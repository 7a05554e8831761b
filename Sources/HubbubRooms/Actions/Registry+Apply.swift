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
    case .redact(let id, let reason, let name, let storedIn, let isOwn, let asServer):
      guard let room = room(named: name), asServer || room.isVisible(to: author.member) else {
        throw .noSuchRoom
      }
      return Outcome(
        in: room,
        try room.redact(
          id: id, reason: reason, by: author, storedIn: storedIn, isOwn: isOwn,
          asServer: asServer, now: now))
    case .redactPrivately(let id, let reason, let nickname, let newID):
      return try redactPrivately(id, reason, to: nickname, newID: newID, by: author, now)
    case .join(let name, let key, let isReturn):
      let (view, others) = try join(
        author, roomNamed: name, key: key, isReturn: isReturn, now: now)
      var outcome = Outcome(in: view.room)
      outcome.answer = .joined(view, others: others)
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
    case .keepRoom(let registration, let name, let asServer):
      guard let room = room(named: name) else { throw .noSuchRoom }
      return try register(registration, room, by: author, asServer: asServer, now: now)
    case .setStanding(let standing, let account, let name):
      guard let room = room(named: name) else { throw .noSuchRoom }
      try room.setStanding(standing, of: account, now: now)
      return Outcome(in: room)
    case .setVisibility(let visibility, let name):
      guard let room = room(named: name) else { throw .noSuchRoom }
      try room.setVisibility(visibility)
      return Outcome(in: room)
    case .renameRoom(let name, let wanted, let reason):
      let room = try room(named: name, knownTo: author)
      let renaming = try rename(room, to: wanted, reason: reason, by: author, now: now)
      var outcome = Outcome(in: room, renaming.receipt)
      outcome.answer = .renamed(renaming.newcomers)
      return outcome
    case .changeNickname(let nickname, let asWish):
      return try rename(author, to: nickname, asWish: asWish, now: now)
    case .register(let isApart):
      return try completeRegistration(of: author.session, isApart: isApart, now: now)
    case .logIn(let account, let isApart, let credential):
      let outcome = try logIn(author, as: account, isApart: isApart, now: now)
      author.session.credential = credential
      return outcome
    case .renamePerson(let nickname, let other):
      return try renamePerson(nickname, to: other, now: now)
    case .setAway(let message):
      return setAway(message, of: author, now: now)
    case .setRealName(let name):
      return try setRealName(name, of: author, now: now)
    case .changeUserModes(let changes, let operatorName):
      return changeUserModes(changes, operatorName: operatorName, by: author)
    case .setAddress(let userName, let host, let nickname):
      let target = try person(named: nickname)
      return setAddress(userName: userName, host: host, of: target, now: now)
    case .expel:
      expel(author.member)
      return Outcome()
    case .keep(let book, let key, let value, let until):
      let entry = value.map { Books.Entry(value: $0, until: until) }
      state.withLock { $0.books.set(book, key, entry, at: now) }
      return Outcome()
    case .amend(let change):
      // What cannot be read here was written by a later version; where others can, the digests of
      // the states tell.
      guard let isDone = try? ledger?.amend(change), isDone else { throw .isOutdated }
      return Outcome()
    case .release(let account):
      release(account: account)
      return Outcome()
    case .dismiss, .dismissAll, .notify: return Outcome()
    case .forgetWords(let name):
      guard let room = room(named: name) else { throw .noSuchRoom }
      return Outcome(in: room)
    case .quit(let reason, let silentReason, let stays):
      return quit(author, reason: reason, silentReason: silentReason, stays: stays, now: now)
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
      let own = author.member.profile
      if profile.userModes.hearsAccountsOnly, own.account == nil, !own.isOperator,
        target !== author.member
      {
        throw .hearsAccountsOnly(profile.nickname)
      }
      let event = SpokenEvent(
        speech, from: author.member.profile.source, to: profile.nickname, by: author)
      var outcome = Outcome()
      outcome.talk = talk(of: author, with: profile, now: now, &state)
      let place = send(event, to: target, id: id, by: author, now, &outcome)
      outcome.answer = .told(profile, id: place.id)
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
      return tell(readers, line, id: id, by: author, now)
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
      return tell([target], line, id: id, by: author, now)
    }
  }

  /// Tells people a line of an operator's. Under the registry's lock.
  private func tell(
    _ people: [Member], _ line: LineBuffer, id: [UInt8], by author: Author, _ now: Timestamp
  ) -> Outcome {
    let event = Event(author: author.session.id, echo: .always, line: line.bytes)
    let copies = Copies(for: people.flatMap(\.sessions))
    copies.put(event, at: EventPlace(now, id: id, stamp: clock.tick()))
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
      outcome.talk = talk(
        of: author, with: target.profile, isTakingBack: true, now: now, &state)
      send(event, to: target, id: newID, by: author, now, &outcome)
      return outcome
    }
  }

  /// Sends an event to one person, and its author its own copy where it wants one. Under the
  /// registry's lock.
  ///
  /// - Parameters:
  ///   - id: its id, unless it has one in the talk that the outcome names.
  /// - Returns: its place.
  @discardableResult
  private func send(
    _ event: some RoomEvent, to target: Member, id: [UInt8], by author: Author, _ now: Timestamp,
    _ outcome: inout Outcome
  ) -> EventPlace {
    // What somebody says to itself it reads as its recipient; what it takes back as well.
    let isToldOnce = event.echo != .onRequest && target === author.member
    let own = isToldOnce ? nil : author.placeForCopy(of: event.echo, readsLog: false)
    let copies = Copies(for: target.sessions + otherDevices(of: author, notAmong: target))
    let place =
      outcome.talk?.append(event, now: now) ?? EventPlace(now, id: id, stamp: clock.tick())
    copies.put(event, at: place)
    outcome.people = [target, author.member]
    outcome.receipts = own.map { [$0.receipt(of: event, at: place)] } ?? []
    return place
  }

  /// The author's other connections, which read what it writes to somebody.
  private func otherDevices(of author: Author, notAmong target: Member) -> [MemberSession] {
    target === author.member ? [] : author.session.others
  }

  // MARK: Rooms

  private func kick(
    _ nickname: String, from name: String, comment: String, by author: Author,
    _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    let room = try room(named: name, knownTo: author)
    // Under the lock of the names, here and below: who has the name is who is meant.
    return try state.withLock { (state) throws(Refusal) in
      guard let target = state.people[FoldedName(nickname)] else {
        let isMember = room.isShared(by: author.member, and: author.member)
        throw isMember ? .targetNotMember(nickname) : .notMember
      }
      var outcome = Outcome(
        in: room, try room.kick(target, by: author, comment: comment, now: now))
      remove(room, &state)
      outcome.people = [target]
      return outcome
    }
  }

  private func invite(
    _ nickname: String, to name: String, id: [UInt8], by author: Author, _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    guard member(named: nickname) != nil else { throw .noSuchNick(nickname) }
    let room = try room(named: name, knownTo: author)
    let invitation = try state.withLock { (state) throws(Refusal) in
      guard let target = state.people[FoldedName(nickname)] else { throw .noSuchNick(nickname) }
      target.dropClosedInvitations()
      return try room.invite(target, by: author, id: id, now: now)
    }
    var outcome = Outcome(in: room)
    outcome.people = [invitation.guest]
    outcome.answer = .invited(invitation)
    return outcome
  }

  private func changeModes(
    _ requests: [ModeRequest], in name: String, asServer: Bool, masksPerList: Int,
    by author: Author, _ now: Timestamp
  ) throws(Refusal) -> Outcome {
    guard let room = room(named: name), asServer || room.isVisible(to: author.member) else {
      throw .noSuchRoom
    }
    return state.withLock { state in
      var outcome = Outcome()
      outcome.answer = .modes([], in: room)
      let changes = requests.compactMap { request -> Room.Change? in
        do throws(Refusal) {
          return try change(request, in: room, asServer: asServer, by: author, state)
        } catch {
          outcome.refusals.append(error)
          return nil
        }
      }
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
  }

  /// A request with those who are named in it. Under the registry's lock.
  private func change(
    _ request: ModeRequest, in room: Room, asServer: Bool, by author: Author, _ state: State
  ) throws(Refusal) -> Room.Change {
    switch request {
    case .room(let change): return .room(change)
    case .list(let change, let mask): return .list(change, mask)
    case .status(let isAdding, let status, let mode, let nickname):
      guard let member = state.people[FoldedName(nickname)] else { throw .noSuchNick(nickname) }
      return .status(isAdding: isAdding, status, mode: mode, member)
    case .forward(let name):
      return .forward(try forwardTarget(name, from: room, asServer, author, state))
    }
  }

  /// The room to which another may lead: one that is there, and that the author operates, so that
  /// nobody sends crowds to where they are not wanted.
  private func forwardTarget(
    _ name: String, from room: Room, _ asServer: Bool, _ author: Author, _ state: State
  ) throws(Refusal) -> Room {
    guard let target = state.rooms[FoldedName(name)],
      asServer || target.isVisible(to: author.member)
    else { throw .noSuchForward(name) }
    guard target !== room else { throw .forwardsToItself }
    let own = target.view(by: author.member).own
    guard asServer || own?.status.contains(.operating) == true else {
      throw .forwardNotOperated(target.name, isMember: own != nil)
    }
    return target
  }
}
