import HubbubLog
import IRCWire

// One person with several connections. Whose a connection is changes under the registry's lock.

extension Registry {
  /// Whether somebody with this account is here, whose further connections are its own. Any thread;
  /// it may be otherwise a moment later.
  public func person(ofAccount account: String) -> Member? {
    state.withLock { $0.byAccount[FoldedName(account)] }
  }

  /// No further connection becomes a person's by an account of this name, until somebody logs in to
  /// one.
  func release(account: String) {
    state.withLock { $0.byAccount[FoldedName(account)] = nil }
  }

  /// Makes a connection that has shown whose it is the person's who is here with that account.
  /// Under the registry's lock.
  ///
  ///     the connection's thread                 the person's other connection
  ///     moves to ann, under this lock
  ///                                             joins #b: the new one reads it from the JOIN on
  ///     attaches to each room it does not read
  ///                                             parts #a: the new one reads the PART, or never
  ///                                             was there
  /// - Returns: nil where nobody is here with it.
  /// - Throws: `.tooManySessions`.
  func join(
    _ session: MemberSession, toPersonOf account: String?, now: Timestamp, _ state: inout State
  ) throws(Refusal) -> Outcome? {
    guard let account, let person = state.byAccount[FoldedName(account)],
      person !== session.member, !person.isExpelled
    else { return nil }
    guard person.sessions.count < limits.sessionsPerMember else { throw .tooManySessions }
    let guest = session.member
    let wasRegistered = guest.profile.isRegistered
    var outcome = Outcome()
    if wasRegistered {
      outcome = quit(
        Author(session), reason: "Logged in as \(person.profile.nickname)", silentReason: "Quit",
        now: now, &state)
    } else {
      guest.releaseSessions()
      guest.markQuit()
    }
    let absence = guest.profile.away
    session.move(to: person)
    person.setAbsence(absence, of: session)
    let attachment = Attachment(
      person: person, left: outcome.rooms, reservation: session.outbox.reserve(),
      talks: last(ofTalks: archive?.talks(of: account) ?? [], state))
    let people = outcome.people
    outcome = updateAbsence(of: Author(session), now: now, state)
    outcome.rooms += attachment.left
    outcome.people += people
    outcome.answer = .attached(attachment)
    return outcome
  }

  /// One connection of a person goes, and nobody else learns of it, unless the person is away with
  /// it. Under the registry's lock.
  ///
  /// - Parameter isLast: whether the person stays without one.
  func leave(_ author: Author, isLast: Bool, now: Timestamp, _ state: State) -> Outcome {
    let (session, member) = (author.session, author.member)
    for room in member.rooms { room.detachSession(session) }
    member.remove(session)
    let isOperating = session.isOperating && member.profile.isOperator
    let losesRights = isOperating && !member.sessions.contains { $0.isOperating }
    if losesRights {
      let before = member.profile.userModes
      member.updateProfile { profile in
        profile.userModes.isOperator = false
        profile.operatorName = nil
      }
      count(before, member.profile.userModes)
    }
    let acting = member.anySession.map { Author($0) } ?? author
    var outcome = updateAbsence(of: acting, now: now, state)
    outcome.answer = .detached(losesRights: losesRights, stays: isLast)
    return outcome
  }

  /// A person is to go with its last connection, and not to stay.
  ///
  ///     KILL                                 the last connection's thread
  ///     marks it, sees the connection
  ///                                          is over, sees the mark: the person leaves
  ///     ends a connection that is over
  /// Where it has no connection by then, it is to be taken out by `quit`.
  func expel(_ member: Member) { state.withLock { _ in member.expel() } }

  /// Lets a connection read a room that its person is in, from here on. Any thread, under no lock;
  /// deliver afterwards.
  ///
  /// - Returns: the room as it is there, with the JOIN as the connection reads it; its reservation
  ///   must be filled. nil where it reads the room already, or its person is not in it.
  public func attach(_ session: MemberSession, to room: Room) -> Room.View? {
    // Under this lock, so that the person neither leaves nor comes meanwhile, and that what the
    // session has negotiated is true.
    state.withLock { _ in room.attachSession(session) }
  }

  /// A connection reads all rooms of its person: it needs no more to be told apart what the person
  /// does. Any thread.
  public func endAttaching(_ session: MemberSession) {
    state.withLock { _ in session.isAttaching = false }
  }

  /// Says that one of a person's connections is away, or back; the person is when all are. Those
  /// who know it already are not told, and it itself is not.
  ///
  /// - Parameter message: nil for somebody who is back.
  func setAway(_ message: String?, of author: Author, now: Timestamp) -> Outcome {
    state.withLock { state in
      author.member.setAbsence(message, of: author.session)
      return updateAbsence(of: author, now: now, state)
    }
  }

  /// Says whether a member is away, where that has changed. Under the registry's lock.
  private func updateAbsence(of author: Author, now: Timestamp, _ state: State) -> Outcome {
    let member = author.member
    let message = member.absence
    let profile = member.profile
    if member.hasQuit || profile.away == message { return Outcome() }
    guard profile.isRegistered else {
      // Nobody knows of it yet.
      member.updateProfile { $0.away = message }
      return Outcome()
    }
    return change(author, echo: .never, now: now, state) { (source, rooms) in
      // Rooms in which it may not speak hear that it is away, and not what it says of it. So do the
      // others: they read one AWAY, in whichever room. Whoever asks is told.
      let words = message.map { words in
        rooms.contains { $0.silences(member) } ? Room.silentAbsence : words
      }
      var line = LineBuffer()
      line.append(source: source, "AWAY", trailing: words)
      return Event.Variant(needs: .awayNotify, line: line.bytes)
    } with: {
      $0.away = message
    }
  }

  // MARK: Accounts

  /// Knows a member by its account from now on: the first of those who have it. Under the
  /// registry's lock.
  func remember(_ member: Member, as account: String?, _ state: inout State) {
    guard let account, member.profile.isRegistered else { return }
    let name = FoldedName(account)
    if state.byAccount[name] == nil { state.byAccount[name] = member }
  }

  /// Under the registry's lock.
  func forget(_ member: Member, as account: String?, _ state: inout State) {
    guard let name = account.map({ FoldedName($0) }), state.byAccount[name] === member else {
      return
    }
    state.byAccount[name] = nil
  }
}
