import HubbubThreads
import IRCWire

/// All rooms and all people of a server, by name. Any thread may call any method; nothing here waits for a
/// connection.
public final class Registry: Sendable {
  /// Orders the events that concern several rooms.
  public let clock = EventClock()

  private let limits: Limits
  private let rotatesStart: Bool

  /// Distinguishes this run of the server from every other, in message ids.
  private let epoch: String

  /// Guards who has which name. Level 1: rooms are changed under it only where several must agree.
  private let state = Monitor(level: .registry, State())

  /// What rooms and people are limited to.
  public struct Limits: Sendable {
    public var roomsPerMember: Int
    public var membersPerRoom: Int

    public init(roomsPerMember: Int, membersPerRoom: Int) {
      self.roomsPerMember = roomsPerMember
      self.membersPerRoom = membersPerRoom
    }
  }

  private struct State {
    var rooms: [FoldedName: Room] = [:]
    var people: [FoldedName: Member] = [:]
    var roomsMade = 0
  }

  /// - Parameters:
  ///   - startedAt: when the server started: the beginning of every message id.
  ///   - rotatesStart: see `Room`.
  public init(limits: Limits, startedAt: Timestamp, rotatesStart: Bool = true) {
    self.limits = limits
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

  /// Gives a member its name, the first one or another.
  ///
  /// Those who share a room with it see one NICK each, at its place in each room's order.
  /// - Parameter event: the NICK as the rooms see it.
  /// - Returns: the rooms to deliver to.
  public func rename(
    _ member: Member, to nickname: String, _ event: Event, now: Timestamp
  ) throws(Refusal) -> [Room] {
    let key = FoldedName(nickname)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      if let holder = state.people[key], holder !== member { throw .nicknameInUse }
      state.people[FoldedName(member.profile.nickname)] = nil
      state.people[key] = member
      member.updateProfile { $0.nickname = nickname }
      let rooms = member.rooms
      let crossing = clock.begin()
      for room in rooms { room.rename(member, to: nickname, event, crossing: crossing, now: now) }
      clock.finish(crossing)
      return rooms
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

  // MARK: Coming and going

  /// Takes a member into a room, which is made if there is none. Deliver afterwards.
  ///
  /// - Parameter line: the JOIN as the room sees it.
  /// - Returns: the room as of the JOIN. Its reservation must be filled.
  public func join(
    _ member: Member, roomNamed name: String, key: String?, line: [UInt8], now: Timestamp
  ) throws(Refusal) -> Room.View {
    let folded = FoldedName(name)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      let known = state.rooms[folded]
      let profile = member.profile
      let hasAll = member.rooms.count >= limits.roomsPerMember
      if hasAll, !member.rooms.contains(where: { $0 === known }) { throw .tooManyRooms }
      // A room that its last member has just left is over, though it may still be in the list.
      let room = known.flatMap { $0.isEmpty ? nil : $0 } ?? makeRoom(name, now, &state)
      let view = try room.admit(
        member, profile, line: line, key: key, limit: limits.membersPerRoom, now: now)
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
    _ member: Member, from room: Room, line: [UInt8], now: Timestamp
  ) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      if try room.part(member, line: line, now: now) { Self.remove(room, &state) }
    }
  }

  /// Lets a member go by an operator's wish. It reads up to its own KICK. Deliver afterwards, to it as well.
  ///
  /// - Parameter source: `nickname!user@host` of the actor.
  public func kick(
    _ target: Member, from room: Room, by actor: Member, source: String, comment: String,
    now: Timestamp
  ) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      let isEmpty = try room.kick(
        target, by: actor, source: source, comment: comment, now: now)
      if isEmpty { Self.remove(room, &state) }
    }
  }

  /// Takes a member out of all its rooms and frees its name.
  ///
  /// Those who share a room with it see one QUIT each. To be called once.
  /// - Parameter event: the QUIT as the rooms see it; nil where nobody is to be told, because all are going.
  /// - Returns: the rooms to deliver to.
  public func quit(_ member: Member, _ event: Event?, now: Timestamp) -> [Room] {
    state.withLock { state in
      member.noteQuit()
      let name = FoldedName(member.profile.nickname)
      if state.people[name] === member { state.people[name] = nil }
      let rooms = member.rooms
      let crossing = event == nil ? 0 : clock.begin()
      for room in rooms where room.quit(member, event, crossing: crossing, now: now) {
        Self.remove(room, &state)
      }
      if event != nil { clock.finish(crossing) }
      return rooms
    }
  }

  /// Forgets a room whose last member has left; its name may belong to another already.
  private static func remove(_ room: Room, _ state: inout State) {
    let key = FoldedName(room.name)
    if state.rooms[key] === room { state.rooms[key] = nil }
  }

  private func makeRoom(_ name: String, _ now: Timestamp, _ state: inout State) -> Room {
    state.roomsMade += 1
    return Room(
      name: name, epoch: Array("\(epoch).\(String(state.roomsMade, radix: 36))".utf8),
      createdAt: now, rotatesStart: rotatesStart)
  }
}
