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

    /// The JOIN of the one who looks, as it reads it, where it is not in its log; a part of the
    /// answer.
    public let join: [UInt8]?

    /// How many entries its log had.
    public let sequence: UInt64

    /// Whether the one who looks may know that the room is there.
    public var isVisible: Bool { own != nil || !modes.isSecret }
  }

  /// Looks at the room.
  ///
  /// - Parameter member: who looks.
  public func view(by member: Member) -> View {
    state.withLock { view(by: member, reservation: nil, $0) }
  }

  /// Looks at the room and reserves the answer's place; the caller must `fill` it.
  ///
  /// - Parameter session: which looks.
  public func reservedView(by session: MemberSession) -> View {
    state.withLock {
      view(by: session.member, reservation: session.outbox.reserve(), $0)
    }
  }

  /// The room as it is, for whoever keeps the server.
  public var snapshot: (name: String, seats: PagedArray<Seat>, topic: Topic?, modes: RoomModes) {
    state.withLock { (name, $0.roster.entries, $0.topic, $0.modes) }
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
  /// - Returns: the event's place here.
  func announce(
    _ member: Member, _ event: Event, _ profile: Profile, stamp: UInt64, now: Timestamp
  ) -> EventPlace {
    state.whileLocked { state in
      state.roster.update(member.id) { $0.adopt(profile) }
      return append(event, now: now, sharedStamp: stamp, &state)
    }
  }

  /// Lets a member go whose connection ended. The locks of all its rooms are held (`withLocks`).
  func quit(_ member: Member, _ event: Event?, stamp: UInt64, now: Timestamp) {
    state.whileLocked { state in
      remove(member, &state)
      if let event { append(event, now: now, sharedStamp: stamp, &state) }
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
    by member: Member, reservation: Outbox.Reservation?, join: [UInt8]? = nil, _ state: State
  ) -> View {
    View(
      room: self, name: name, seats: state.roster.entries, topic: state.topic,
      modes: state.modes, own: state.roster[member.id], reservation: reservation, join: join,
      sequence: published.value)
  }

  private func remove(_ member: Member, _ state: inout State) {
    guard state.roster.remove(member.id) != nil else { return }
    for session in member.sessions { detach(session.id, &state) }
    if state.isClosed { state.naming += 1 }
    member.leave(self)
  }
}
