import HubbubLog
import IRCWire

extension Room {
  /// A room as somebody sees it at one moment in its order.
  public struct View: Sendable {
    public let room: Room

    /// The room's name at that moment.
    public let name: String
    public let seats: PagedArray<Seat>
    public let topic: Topic?
    public let modes: RoomModes

    /// The seat of the one who looks.
    public let own: Seat?

    /// Where the answer stands in the order of what the one who looks reads. nil where none was
    /// asked for.
    public let reservation: Outbox.Reservation?

    /// The JOIN of the one who looks, where it is not in the log that it reads; a part of the
    /// answer.
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

  /// How many are here.
  public var memberCount: Int { state.withLock { $0.roster.count } }

  /// Whether somebody may know that the room is there.
  public func isVisible(to member: Member) -> Bool {
    state.withLock { !$0.modes.isSecret || $0.roster[member.id] != nil }
  }

  /// Whether both are members.
  public func isShared(by one: Member, and other: Member) -> Bool {
    state.withLock { $0.roster[one.id] != nil && $0.roster[other.id] != nil }
  }

  /// Lets a member go by its own wish. It reads up to its own PART. Under the registry's lock.
  ///
  /// Whoever may not speak here goes without a word.
  /// - Returns: the author's own copy, where it is not in the log.
  func part(_ author: Author, reason: String?, now: Timestamp) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      guard let seat = state.roster[author.member.id] else { throw .notMember }
      let isRefused = state.modes.refusesRequests && reason.map(Ctcp.isRequest) == true
      let words = silence(of: author.member, &state) == nil && !isRefused ? reason : nil
      var line = LineBuffer()
      line.append(source: seat.source, "PART", [name], trailing: words)
      let event = Event(by: author, echo: .always, line: line.bytes)
      let receipt = publish(event, by: author, now: now, &state)
      remove(author.member, &state)
      return receipt
    }
  }

  /// Lets a member go by an operator's wish. It reads up to its own KICK. Under the registry's
  /// lock.
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
      let isAbove = own.status.contains(.operating) || !seat.status.isAtLeast(.assisting)
      guard isAbove else { throw .fullOperatorNeeded }
      // Both as of this place in the log: a change of either may be on its way.
      var line = LineBuffer()
      line.append(source: own.source, "KICK", [name, seat.nickname], trailing: comment)
      let event = Event(by: actor, echo: .always, line: line.bytes)
      let receipt = publish(event, by: actor, now: now, &state)
      remove(target, &state)
      return receipt
    }
  }

  /// Publishes something about a member that concerns all its rooms, whose locks are held
  /// (`withLocks`).
  ///
  /// - Parameter profile: what is known of it from here on.
  /// - Parameter stamp: drawn for all its rooms.
  /// - Returns: the event in its place here.
  func announce(
    _ member: Member, _ event: Event, _ profile: Profile, stamp: UInt64, now: Timestamp
  ) -> Event.Placed {
    state.whileLocked { state in
      state.roster.update(member.id) { $0.take(profile) }
      append(event, now: now, sharedStamp: stamp, &state)
      return Event.Placed(event: event, time: state.lastTime, id: messageID(published.value))
    }
  }

  /// Lets a member go whose connection ended. The locks of all its rooms are held (`withLocks`).
  func quit(_ member: Member, _ event: Event?, stamp: UInt64, now: Timestamp) {
    state.whileLocked { state in
      remove(member, &state)
      if let event { append(event, now: now, sharedStamp: stamp, &state) }
    }
  }

  /// Lets a member read on as what it has negotiated now. The owner's thread.
  ///
  /// Its cursor in one log ends here, and one in the other begins: the order stays as it is.
  func changeReading(of member: Member, to capabilities: Capability) {
    state.withLock { state in
      guard let seat = state.roster[member.id], !seat.isFor(capabilities) else { return }
      closeCursor(of: seat, &state)
      let cursor = openCursor(for: capabilities, &state)
      state.roster.update(member.id) { seat in
        seat.rendition = Rendition(of: capabilities)
        seat.cursor = cursor
      }
      member.outbox.attach(cursor)
    }
  }

  /// Whether nobody is in it and nothing makes it last.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// A member's seat, where its status is at least `needed`.
  func require(_ needed: MemberStatus, of member: Member, _ state: State) throws(Refusal) -> Seat {
    guard let seat = state.roster[member.id] else { throw .notMember }
    guard seat.status.isAtLeast(needed) else { throw .operatorNeeded }
    return seat
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
      room: self, name: name, seats: state.roster.seats, topic: state.topic, modes: state.modes,
      own: state.roster[member.id], reservation: reservation, receipt: receipt)
  }

  private func remove(_ member: Member, _ state: inout State) {
    guard let seat = state.roster.remove(member.id) else { return }
    closeCursor(of: seat, &state)
    sampler.forget(member.id)
    member.leave(self)
  }

  func openCursor(for capabilities: Capability, _ state: inout State) -> Cursor {
    let rendition = Rendition(of: capabilities)
    let known = state.logs.firstIndex { $0.rendition == rendition }
    let index = known ?? state.logs.count
    if known == nil {
      let log = Log(firstSequence: published.value + 1)
      state.logs.append(LogInUse(rendition: rendition, log: log, readers: 0))
    }
    state.logs[index].readers += 1
    return Cursor(
      published: published, log: state.logs[index].log, sampler: sampler,
      wantsEcho: capabilities.contains(.echoMessage))
  }

  /// Ends a cursor after the last entry, and its log with its last reader.
  private func closeCursor(of seat: Seat, _ state: inout State) {
    seat.member.outbox.close(seat.cursor)
    guard let index = state.logs.firstIndex(where: { $0.rendition == seat.rendition }) else {
      preconditionFailure("A member read a log that its room does not have.")
    }
    state.logs[index].readers -= 1
    if state.logs[index].readers == 0 { state.logs.remove(at: index) }
  }
}
