import HubbubThreads
import IRCWire

/// All rooms and all people of a server, by name. Any thread may call any method; nothing here waits for a
/// connection.
public final class Registry: Sendable {
  /// Orders the events that concern several rooms.
  public let clock = EventClock()

  private let limits: Limits
  let serverName: String
  private let rotatesStart: Bool

  /// Distinguishes this run of the server from every other, in message ids.
  let epoch: String

  /// Guards who has which name. Level 1: rooms are changed under it only where several must agree.
  let state: Monitor<State>

  /// What rooms and people are limited to.
  public struct Limits: Sendable {
    public var roomsPerMember: Int
    public var membersPerRoom: Int

    /// How many nicknames that were given up are remembered.
    public var formerNames: Int

    public init(roomsPerMember: Int, membersPerRoom: Int, formerNames: Int = 1000) {
      self.roomsPerMember = roomsPerMember
      self.membersPerRoom = membersPerRoom
      self.formerNames = formerNames
    }
  }

  struct State {
    var rooms: [FoldedName: Room] = [:]
    var people: [FoldedName: Member] = [:]
    var watchlist = Watchlist()
    var former: FormerNames
    var roomsMade = 0
  }

  /// - Parameters:
  ///   - startedAt: when the server started: the beginning of every message id.
  ///   - serverName: the source of what nobody else says.
  ///   - rotatesStart: see `Room`.
  public init(
    limits: Limits, startedAt: Timestamp, serverName: String, rotatesStart: Bool = true
  ) {
    self.limits = limits
    self.serverName = serverName
    state = Monitor(
      level: .registry, State(former: FormerNames(keeping: limits.formerNames)))
    self.rotatesStart = rotatesStart
    epoch = String(startedAt.milliseconds, radix: 36)
  }

  // MARK: Looking up

  public func room(named name: String) -> Room? {
    let key = FoldedName(name)
    return state.withLock { $0.rooms[key] }
  }

  public func member(named nickname: String) -> Member? {
    let key = FoldedName(nickname)
    return state.withLock { $0.people[key] }
  }

  public var rooms: [Room] { state.withLock { Array($0.rooms.values) } }

  /// Everybody who has a name, registered or not.
  public var members: [Member] { state.withLock { Array($0.people.values) } }

  public var roomCount: Int { state.withLock { $0.rooms.count } }

  // MARK: Names

  /// What those are to be told who hear of an event of several rooms.
  public struct Announcement: Sendable {
    /// The rooms to deliver to.
    public var rooms: [Room] = []

    /// People to deliver to who are in none of them.
    public var watchers: [Member] = []

    /// The author's own copy, where it is not in the logs.
    public var receipt: Receipt?
  }

  /// Gives a member its name, the first one or another.
  ///
  /// Those who share a room with it see one NICK each, at its place in each room's order.
  /// - Parameter line: the NICK as the rooms see it.
  public func rename(
    _ author: Author, to nickname: String, line: [UInt8], now: Timestamp
  ) throws(Refusal) -> Announcement {
    let member = author.member
    let key = FoldedName(nickname)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      if let holder = state.people[key], holder !== member { throw .nicknameInUse }
      let former = member.profile
      let formerKey = FoldedName(former.nickname)
      state.people[formerKey] = nil
      state.people[key] = member
      member.updateProfile { $0.nickname = nickname }
      let event = Event(by: author, echo: .always, line: line)
      var result = announce(event, by: author, nickname: nickname, now: now)
      if former.isRegistered, formerKey != key {
        state.former.note(former)
        result.watchers += tellWatchers(
          of: former.nickname, isHere: false, as: former.nickname, state)
        result.watchers += tellWatchers(
          of: nickname, isHere: true, as: member.profile.source, state)
      }
      return result
    }
  }

  /// Changes something about a member that those are told who share a room with it or watch it.
  ///
  /// - Parameters:
  ///   - change: what changes; not the nickname and not the capabilities.
  ///   - variant: the line as those see it who negotiated what it needs.
  public func change(
    _ author: Author, _ change: @Sendable (inout Profile) -> Void, variant: Event.Variant,
    echo: Event.Echo, now: Timestamp
  ) -> Announcement {
    let member = author.member
    return state.withLock { state in
      if member.hasQuit { return Announcement() }
      member.updateProfile(change)
      let event = Event(by: author, echo: echo, variants: [variant])
      var result = announce(event, by: author, now: now)
      let far = farWatchers(of: member, state).filter {
        $0.profile.capabilities.isSuperset(of: variant.needs)
      }
      for watcher in far {
        let rendition = Rendition(of: watcher.profile.capabilities)
        let id = Array("\(epoch)-a\(clock.completed)".utf8)
        watcher.outbox.place(Block(event.encoded(as: rendition, time: now, id: id)))
      }
      result.watchers += far
      return result
    }
  }

  /// Publishes an event in all rooms of its author, as one. Under the registry's lock.
  private func announce(
    _ event: Event, by author: Author, nickname: String? = nil, now: Timestamp
  ) -> Announcement {
    let member = author.member
    let rooms = member.rooms
    let wantsReceipt = !rooms.isEmpty && author.wantsReceipt(of: event, isMember: true)
    var published = event
    if wantsReceipt { published.echo = .never }
    return Monitor.withLocks(rooms.map(\.state)) {
      let crossing = clock.begin()
      defer { clock.finish(crossing) }
      let placed = rooms.compactMap {
        $0.announce(member, published, nickname: nickname, crossing: crossing, now: now)
      }
      // Under all these locks: right behind the event in every room.
      let receipt =
        wantsReceipt
        ? Receipt(
          reservation: member.outbox.reserve(),
          placed: Event.Placed(
            event: event, time: placed.first?.time ?? now, id: placed.first?.id ?? []))
        : nil
      return Announcement(rooms: rooms, receipt: receipt)
    }
  }

  /// Changes the form in which a member reads its rooms.
  public func setCapabilities(_ capabilities: Capability, of member: Member) {
    // Under the registry's lock, so that no room is entered in between with the old form.
    state.withLock { _ in
      member.updateProfile { $0.capabilities = capabilities }
      let rendition = Rendition(of: capabilities)
      for room in member.rooms { room.changeRendition(of: member, to: rendition) }
    }
    member.outbox.setEcho(capabilities.contains(.echoMessage))
  }

  /// Those who had a nickname until lately, the latest first.
  public func formerHolders(of nickname: String) -> [Profile] {
    state.withLock { $0.former.holders(of: nickname) }
  }

  // MARK: Coming and going

  /// Takes a member into a room, which is made if there is none. Deliver afterwards.
  ///
  /// - Returns: the room as of the JOIN. Its reservation must be filled.
  public func join(
    _ author: Author, roomNamed name: String, _ admission: Room.Admission, now: Timestamp
  ) throws(Refusal) -> Room.View {
    let member = author.member
    let folded = FoldedName(name)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      let known = state.rooms[folded]
      let hasAll = member.rooms.count >= limits.roomsPerMember
      if hasAll, !member.rooms.contains(where: { $0 === known }) { throw .tooManyRooms }
      // A room that its last member has just left is over, though it may still be in the list.
      let room = known.flatMap { $0.isOver ? nil : $0 } ?? makeRoom(name, now, &state)
      let view = try room.admit(author, admission, limit: limits.membersPerRoom, now: now)
      state.rooms[folded] = room
      return view
    }
  }

  /// Lets a member go by its own wish. It reads up to its own PART. Deliver afterwards, to it as well.
  ///
  /// Under this lock, as all that ends a membership: whoever publishes a NICK or QUIT to several rooms
  /// delivers it afterwards to those who are in them, and nobody may have slipped out in between.
  /// - Parameter line: the PART as the room sees it.
  public func part(
    _ author: Author, from room: Room, line: [UInt8], now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      let receipt = try room.part(author, line: line, now: now)
      Self.remove(room, &state)
      return receipt
    }
  }

  /// Lets a member go by an operator's wish. It reads up to its own KICK. Deliver afterwards, to it as well.
  public func kick(
    _ target: Member, from room: Room, by actor: Author, comment: String, now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      let receipt = try room.kick(target, by: actor, comment: comment, now: now)
      Self.remove(room, &state)
      return receipt
    }
  }

  /// Takes a member out of all its rooms and frees its name.
  ///
  /// Those who share a room with it see one QUIT each, and those who watch its name are told. To be called
  /// once.
  /// - Parameter event: the QUIT as the rooms see it; nil where nobody is to be told, because all are going.
  public func quit(_ member: Member, _ event: Event?, now: Timestamp) -> Announcement {
    state.withLock { state in
      member.noteQuit()
      state.watchlist.removeAll(by: member)
      for room in member.invitations { room.withdrawInvitation(of: member) }
      let profile = member.profile
      let name = FoldedName(profile.nickname)
      var result = Announcement(rooms: member.rooms)
      if state.people[name] === member {
        state.people[name] = nil
        if profile.isRegistered {
          state.former.note(profile)
          result.watchers = tellWatchers(
            of: profile.nickname, isHere: false, as: profile.nickname, state)
        }
      }
      Monitor.withLocks(result.rooms.map(\.state)) {
        let crossing = event == nil ? 0 : clock.begin()
        for room in result.rooms { room.quit(member, event, crossing: crossing, now: now) }
        if event != nil { clock.finish(crossing) }
      }
      for room in result.rooms { Self.remove(room, &state) }
      return result
    }
  }

  /// Gives a room another name, which no other has. Deliver afterwards.
  ///
  /// - Parameter variant: the RENAME, for those who negotiated it.
  public func rename(
    _ room: Room, to wanted: String, _ variant: Event.Variant, by author: Author, now: Timestamp
  ) throws(Refusal) -> Room.Renaming {
    let key = FoldedName(wanted)
    return try state.withLock { (state) throws(Refusal) in
      if let holder = state.rooms[key], holder !== room, !holder.isOver { throw .roomNameInUse }
      let former = FoldedName(room.name)
      guard state.rooms[former] === room else { throw .isOver }
      let renaming = try room.rename(to: wanted, variant, by: author, now: now)
      state.rooms[former] = nil
      state.rooms[key] = room
      return renaming
    }
  }

  /// Makes the rooms of `charters` last, and those no more that lasted before and are not among them.
  public func establish(_ charters: [RoomCharter], now: Timestamp) {
    state.withLock { state in
      let wanted = Set(charters.map { FoldedName($0.name) })
      for (name, room) in state.rooms where !wanted.contains(name) {
        room.establish(nil, now: now)
        Self.remove(room, &state)
      }
      for charter in charters {
        let name = FoldedName(charter.name)
        let room = state.rooms[name] ?? makeRoom(charter.name, now, &state)
        state.rooms[name] = room
        room.establish(charter, now: now)
      }
    }
  }

  /// Forgets a room if it is over; its name may belong to another already.
  private static func remove(_ room: Room, _ state: inout State) {
    guard room.isOver else { return }
    room.noteGone()
    let key = FoldedName(room.name)
    if state.rooms[key] === room { state.rooms[key] = nil }
  }

  private func makeRoom(_ name: String, _ now: Timestamp, _ state: inout State) -> Room {
    state.roomsMade += 1
    return Room(
      name: name, serverName: serverName, clock: clock,
      epoch: Array("\(epoch).\(String(state.roomsMade, radix: 36))".utf8),
      createdAt: now, rotatesStart: rotatesStart)
  }
}
