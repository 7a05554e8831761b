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

    /// The JOIN of the one who looks, where it is not in the log that it reads; a part of the answer.
    public let receipt: Receipt?

    /// Whether the one who looks may know that the room is there.
    public var isVisible: Bool { own != nil || !modes.isSecret }
  }

  /// Looks at the room.
  ///
  /// - Parameters:
  ///   - member: who looks.
  ///   - isReserving: whether the answer's place is reserved; the caller must then `fill` it.
  public func view(by member: Member, isReserving: Bool) -> View {
    state.withLock { view(by: member, isReserving: isReserving, $0) }
  }

  /// Whether somebody may know that the room is there.
  public func isVisible(to member: Member) -> Bool {
    state.withLock { !$0.modes.isSecret || $0.roster[member.id] != nil }
  }

  /// Whether both are members.
  public func isShared(by one: Member, and other: Member) -> Bool {
    state.withLock { $0.roster[one.id] != nil && $0.roster[other.id] != nil }
  }

  /// What somebody comes in with.
  public struct Admission: Sendable {
    public var key: String?

    /// The JOIN as those see it who negotiated `extended-join`, and as all others do.
    public var variants: [Event.Variant]

    /// What those are told who are to know that somebody away has come; nil where nobody is away.
    public var away: Event.Variant?

    public init(key: String?, variants: [Event.Variant], away: Event.Variant?) {
      self.key = key
      self.variants = variants
      self.away = away
    }
  }

  /// Takes a member in. Under the registry's lock; deliver afterwards.
  ///
  /// The first one to join operates the room, unless its charter says who does.
  func admit(
    _ author: Author, _ admission: Admission, limit: Int, now: Timestamp
  ) throws(Refusal) -> View {
    let member = author.member
    return try state.withLock { (state) throws(Refusal) in
      guard state.roster[member.id] == nil else { throw .alreadyMember }
      try checkAdmission(of: author, key: admission.key, limit: limit, state)
      let profile = member.profile
      let cursor = openCursor(as: Rendition(of: profile.capabilities), &state)
      let standing = standing(of: profile, state)
      state.roster.insert(
        Seat(member: member, nickname: profile.nickname, standing: standing, cursor: cursor))
      forgetInvitation(of: member, &state)
      sampler.expect(member.id)
      member.enter(self)
      member.outbox.attach(cursor)
      let join = appendArrival(of: author, admission, standing, now: now, &state)
      return view(by: member, isReserving: true, join: join, state)
    }
  }

  private func standing(of profile: Profile, _ state: State) -> Standing {
    if let charter = state.charter { return charter.standing(of: profile) }
    return state.roster.isEmpty ? .operating : []
  }

  /// The JOIN, and behind it what the others must know of who came.
  private func appendArrival(
    of author: Author, _ admission: Admission, _ standing: Standing, now: Timestamp,
    _ state: inout State
  ) -> Event.Placed {
    // The author's own copy is a part of the answer where that carries a label.
    let echo: Event.Echo = author.isLabelling ? .never : .always
    let join = Event(by: author, echo: echo, variants: admission.variants)
    append(join, now: now, &state)
    let placed = Event.Placed(event: join, time: state.lastTime, id: messageID(published.value))
    if let away = admission.away {
      append(Event(by: author, echo: .never, variants: [away]), now: now, &state)
    }
    // Whoever makes a room finds out from its names; the others of a lasting room must be told.
    guard state.roster.count > 1,
      let modes = standing.modes(for: state.roster[author.member.id]!.nickname)
    else { return placed }
    var line = LineBuffer()
    line.append(source: serverName, "MODE", [name] + modes)
    append(Event(author: author.member.id, echo: .never, line: line.bytes), now: now, &state)
    return placed
  }

  /// Lets a member go by its own wish. It reads up to its own PART. Under the registry's lock.
  ///
  /// - Returns: the author's own copy, where it is not in the log.
  func part(_ author: Author, line: [UInt8], now: Timestamp) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      guard state.roster[author.member.id] != nil else { throw .notMember }
      let event = Event(by: author, echo: .always, line: line)
      let receipt = publish(event, by: author, now: now, &state)
      remove(author.member, &state)
      return receipt
    }
  }

  /// Lets a member go by an operator's wish. It reads up to its own KICK. Under the registry's lock.
  ///
  /// - Returns: the actor's own copy, where it is not in the log.
  func kick(
    _ target: Member, by actor: Author, comment: String, now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      let own = try require(.assisting, of: actor.member, state)
      guard let seat = state.roster[target.id] else {
        throw .targetNotMember(target.profile.nickname)
      }
      let isAbove = own.contains(.operating) || !seat.standing.reaches(.assisting)
      guard isAbove else { throw .fullOperatorNeeded }
      // The nickname as of this place in the log: a rename may be on its way.
      var line = LineBuffer()
      line.append(source: actor.source, "KICK", [name, seat.nickname], trailing: comment)
      let event = Event(by: actor, echo: .always, line: line.bytes)
      let receipt = publish(event, by: actor, now: now, &state)
      remove(target, &state)
      return receipt
    }
  }

  /// Publishes something about a member that concerns all its rooms, whose locks are held (`withLocks`).
  ///
  /// - Parameter nickname: its name from here on, where that is what changes.
  /// - Returns: the event in its place here; nil where it is no member.
  func announce(
    _ member: Member, _ event: Event, nickname: String? = nil, crossing: UInt64, now: Timestamp
  ) -> Event.Placed? {
    state.whileLocked { state in
      guard state.roster[member.id] != nil else { return nil }
      state.roster.update(member.id) { seat in
        if let nickname { seat.nickname = nickname }
        seat.silence = nil
      }
      append(event, now: now, crossing: crossing, &state)
      return Event.Placed(event: event, time: state.lastTime, id: messageID(published.value))
    }
  }

  /// Lets a member go whose connection ended. The locks of all its rooms are held (`withLocks`).
  func quit(_ member: Member, _ event: Event?, crossing: UInt64, now: Timestamp) {
    state.whileLocked { state in
      guard state.roster[member.id] != nil else { return }
      remove(member, &state)
      if let event { append(event, now: now, crossing: crossing, &state) }
    }
  }

  /// Lets a member read on in another form. The owner's thread.
  ///
  /// Its cursor in one log ends here, and one in the other begins: the order stays as it is.
  func changeRendition(of member: Member, to rendition: Rendition) {
    state.withLock { state in
      guard let seat = state.roster[member.id], seat.cursor.rendition != rendition else { return }
      closeCursor(seat.cursor, &state)
      member.outbox.detachIfEmpty(seat.cursor)
      let cursor = openCursor(as: rendition, &state)
      state.roster.update(member.id) { $0.cursor = cursor }
      member.outbox.attach(cursor)
    }
  }

  /// Whether nobody is in it and nothing makes it last.
  var isOver: Bool { state.withLock { $0.isOver } }

  /// What a member is here, where that is at least `needed`.
  @discardableResult
  func require(_ needed: Standing, of member: Member, _ state: State) throws(Refusal) -> Standing {
    guard let seat = state.roster[member.id] else { throw .notMember }
    guard seat.standing.reaches(needed) else { throw .operatorNeeded }
    return seat.standing
  }

  /// Under the room's lock.
  func view(
    by member: Member, isReserving: Bool, join: Event.Placed? = nil, _ state: State
  ) -> View {
    let reservation = isReserving ? member.outbox.reserve() : nil
    var receipt: Receipt?
    if let join, join.event.echo == .never, let reservation {
      receipt = Receipt(reservation: reservation, placed: join)
    }
    return View(
      room: self, seats: state.roster.seats, topic: state.topic, modes: state.modes,
      own: state.roster[member.id], reservation: reservation, receipt: receipt)
  }

  private func checkAdmission(
    of author: Author, key: String?, limit: Int, _ state: State
  ) throws(Refusal) {
    if state.roster.count >= limit { throw .roomIsFull }
    // An invitation opens every door, once: whoever may invite could as well open it for a moment.
    if state.invited.contains(author.member.id) { return }
    if state.lists.isBanned(author.source) { throw .banned }
    if state.modes.isInviteOnly, !state.lists.inviteExceptions.matches(author.source) {
      throw .inviteOnly
    }
    if let expected = state.modes.key, expected != key { throw .wrongKey }
    if let memberLimit = state.modes.memberLimit, state.roster.count >= memberLimit {
      throw .roomIsFull
    }
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
