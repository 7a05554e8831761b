import IRCWire

extension Room {
  /// A room as somebody sees it at one moment in its order.
  public struct View: Sendable {
    public let room: Room
    public let seats: [Seat]
    public let topic: Topic?
    public let modes: RoomModes

    /// The seat of the one who looks.
    public let own: Seat?

    /// Where the answer stands in the order of what the one who looks reads. nil where none was asked for.
    public let reservation: Outbox.Reservation?
  }

  /// Looks at the room.
  ///
  /// - Parameters:
  ///   - member: who looks.
  ///   - isReserving: whether the answer's place is reserved; the caller must then `fill` it.
  public func view(by member: Member, isReserving: Bool) -> View {
    state.withLock { view(by: member, isReserving: isReserving, $0) }
  }

  /// Takes a member in. Under the registry's lock; deliver afterwards.
  ///
  /// The first one to join operates the room.
  func admit(
    _ member: Member, _ profile: Profile, line: [UInt8], key: String?, limit: Int, now: Timestamp
  ) throws(Refusal) -> View {
    try state.withLock { (state) throws(Refusal) in
      guard state.roster[member.id] == nil else { throw .alreadyMember }
      try checkAdmission(of: member, key: key, limit: limit, state)
      let standing: Standing = state.roster.isEmpty ? .operating : []
      let cursor = openCursor(as: Rendition(of: profile.capabilities), &state)
      state.roster.insert(
        Seat(member: member, nickname: profile.nickname, standing: standing, cursor: cursor))
      state.invited.remove(member.id)
      sampler.expect(member.id)
      append(Event(author: member.id, echo: .always, line: line), now: now, &state)
      member.enter(self)
      member.outbox.attach(cursor)
      return view(by: member, isReserving: true, state)
    }
  }

  /// Lets a member go by its own wish. It reads up to its own PART. Under the registry's lock.
  ///
  /// - Returns: whether the room is empty now.
  func part(_ member: Member, line: [UInt8], now: Timestamp) throws(Refusal) -> Bool {
    try state.withLock { (state) throws(Refusal) in
      guard state.roster[member.id] != nil else { throw .notMember }
      append(Event(author: member.id, echo: .always, line: line), now: now, &state)
      remove(member, &state)
      return state.roster.isEmpty
    }
  }

  /// Lets a member go by an operator's wish. It reads up to its own KICK. Under the registry's lock.
  ///
  /// - Returns: whether the room is empty now.
  func kick(
    _ target: Member, by actor: Member, source: String, comment: String, now: Timestamp
  ) throws(Refusal) -> Bool {
    try state.withLock { (state) throws(Refusal) in
      try requireOperator(actor, state)
      guard let seat = state.roster[target.id] else {
        throw .targetNotMember(target.profile.nickname)
      }
      // The nickname as of this place in the log: a rename may be on its way.
      var line = LineBuffer()
      line.append(source: source, "KICK", [name, seat.nickname], trailing: comment)
      append(Event(author: actor.id, echo: .always, line: line.bytes), now: now, &state)
      remove(target, &state)
      return state.roster.isEmpty
    }
  }

  /// Notes that a member has another name from here on. Under the registry's lock.
  func rename(
    _ member: Member, to nickname: String, _ event: Event, crossing: UInt64, now: Timestamp
  ) {
    state.withLock { state in
      guard state.roster[member.id] != nil else { return }
      state.roster.update(member.id) { $0.nickname = nickname }
      append(event, now: now, crossing: crossing, &state)
    }
  }

  /// Lets a member go whose connection ended. Under the registry's lock.
  ///
  /// - Returns: whether the room is empty now.
  func quit(_ member: Member, _ event: Event?, crossing: UInt64, now: Timestamp) -> Bool {
    state.withLock { state in
      state.invited.remove(member.id)
      if state.roster[member.id] != nil {
        remove(member, &state)
        if let event { append(event, now: now, crossing: crossing, &state) }
      }
      return state.roster.isEmpty
    }
  }

  /// Lets a member read on in another form. The owner's thread.
  ///
  /// Its cursor in one log ends here, and one in the other begins: the order stays as it is.
  func changeRendition(of member: Member, to rendition: Rendition) {
    state.withLock { state in
      guard let seat = state.roster[member.id], seat.cursor.rendition != rendition else { return }
      closeCursor(seat.cursor, &state)
      let cursor = openCursor(as: rendition, &state)
      state.roster.update(member.id) { $0.cursor = cursor }
      member.outbox.attach(cursor)
    }
  }

  var isEmpty: Bool { state.withLock { $0.roster.isEmpty } }

  func requireOperator(_ member: Member, _ state: State) throws(Refusal) {
    guard let seat = state.roster[member.id] else { throw .notMember }
    guard seat.standing.contains(.operating) else { throw .operatorNeeded }
  }

  private func view(by member: Member, isReserving: Bool, _ state: State) -> View {
    View(
      room: self, seats: state.roster.seats, topic: state.topic, modes: state.modes,
      own: state.roster[member.id],
      reservation: isReserving ? member.outbox.reserve() : nil)
  }

  private func checkAdmission(
    of member: Member, key: String?, limit: Int, _ state: State
  ) throws(Refusal) {
    let isInvited = state.invited.contains(member.id)
    if state.modes.isInviteOnly, !isInvited { throw .inviteOnly }
    // "An invite overrides a key and a limit" is common, but not said anywhere; they hold here.
    if let expected = state.modes.key, expected != key { throw .wrongKey }
    if state.roster.count >= min(limit, state.modes.memberLimit ?? limit) { throw .roomIsFull }
  }

  private func remove(_ member: Member, _ state: inout State) {
    guard let seat = state.roster.remove(member.id) else { return }
    closeCursor(seat.cursor, &state)
    sampler.forget(member.id)
    member.leave(self)
  }

  private func openCursor(as rendition: Rendition, _ state: inout State) -> Cursor {
    let known = state.logs.firstIndex { $0.log.rendition == rendition }
    if let known {
      state.logs[known].readers += 1
      return Cursor(published: published, log: state.logs[known].log, sampler: sampler)
    }
    let log = RoomLog(rendition: rendition, firstSequence: published.value + 1)
    state.logs.append(LogInUse(log: log, readers: 1))
    return Cursor(published: published, log: log, sampler: sampler)
  }

  /// Ends a cursor after the last entry, and its log with its last reader.
  private func closeCursor(_ cursor: Cursor, _ state: inout State) {
    cursor.finish()
    guard let index = state.logs.firstIndex(where: { $0.log.rendition == cursor.rendition }) else {
      preconditionFailure("A member read a log that its room does not have.")
    }
    state.logs[index].readers -= 1
    if state.logs[index].readers == 0 { state.logs.remove(at: index) }
  }
}
