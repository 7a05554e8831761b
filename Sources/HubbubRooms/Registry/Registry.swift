import HubbubLog
import HubbubThreads
import IRCWire
import Synchronization

/// All rooms and all people of a server, by name. Any thread may call any method; nothing here
/// waits for a connection.
public final class Registry: Sendable {
  /// Orders what is published in all rooms.
  public let clock = LogicalClock()

  public let limits: Limits
  let serverName: String
  private let rotatesStart: Bool

  /// See `Room.isReplicated`.
  public let isReplicated: Bool
  private let groups: (any WriteGroups)?

  /// What remembers rooms; nil where nothing does.
  let archive: (any RoomArchive)?

  /// What the nodes of a network have in common beside; nil where there is nothing.
  public let ledger: (any Ledger)?

  /// Distinguishes this run of the server from every other, in message ids.
  let epoch: String

  /// Counts what was said of people, for ids where no room gives one. Under the registry's lock;
  /// relaxed.
  let announced = Atomic<UInt64>(0)

  /// An id for what is said of somebody in no room.
  func nowhereID() -> [UInt8] {
    Array("\(epoch)-a\(announced.add(1, ordering: .relaxed).newValue)".utf8)
  }

  /// Guards who has which name. Level 1: rooms are changed under it only where several must agree.
  let state: Monitor<State>

  /// What rooms and people are limited to.
  public struct Limits: Sendable {
    public var roomsPerMember: Int
    public var membersPerRoom: Int

    /// How many connections one person may have.
    public var sessionsPerMember: Int

    /// How many nicknames that were given up are remembered.
    public var formerNames: Int

    /// Of how many rooms of a network that are over, and of how many private talks, it is kept
    /// where they go on.
    public var formerRooms: Int
    public var formerTalks: Int

    public init(
      roomsPerMember: Int, membersPerRoom: Int, sessionsPerMember: Int = 10,
      formerNames: Int = 1000, formerRooms: Int = 0, formerTalks: Int = 0
    ) {
      self.roomsPerMember = roomsPerMember
      self.membersPerRoom = membersPerRoom
      self.sessionsPerMember = sessionsPerMember
      self.formerNames = formerNames
      (self.formerRooms, self.formerTalks) = (formerRooms, formerTalks)
    }
  }

  struct State {
    var rooms: [FoldedName: Room] = [:]

    /// Those who are registered: what others wish for is nobody's yet.
    var people: [FoldedName: Member] = [:]

    /// Of the registered, those who have an account: its further connections are theirs.
    var byAccount: [FoldedName: Member] = [:]

    /// Private talks that are remembered, by the names that what remembers them gives.
    var talks: [String: PrivateTalk] = [:]

    /// When those in which nobody speaks any more were closed last, in a network.
    var talksClosedAt = Timestamp(milliseconds: 0)

    /// Where those go on that are over, in a network: elsewhere what remembers them knows it.
    var formerRooms: FormerRooms
    var formerTalks: FormerRooms
    var watchlist = Watchlist()
    var books = Books()
    var former: FormerNames
    var roomsMade = 0

    /// How many messages were said in rooms that are no more.
    var formerMessages: UInt64 = 0

    init(_ limits: Limits) {
      former = FormerNames(keeping: limits.formerNames)
      formerRooms = FormerRooms(keeping: limits.formerRooms)
      formerTalks = FormerRooms(keeping: limits.formerTalks)
    }
  }

  /// - Parameters:
  ///   - startedAt: when the server started: the beginning of every message id.
  ///   - serverName: the source of what nobody else says.
  ///   - groups, rotatesStart: see `Room`.
  ///   - archive: what remembers rooms.
  ///   - ledger: what is changed by actions as well.
  ///   - isReplicated: whether other nodes apply the same actions.
  public init(
    limits: Limits, startedAt: Timestamp, serverName: String, groups: (any WriteGroups)? = nil,
    rotatesStart: Bool = true, archive: (any RoomArchive)? = nil, ledger: (any Ledger)? = nil,
    isReplicated: Bool = false
  ) {
    self.groups = groups
    self.archive = archive
    self.ledger = ledger
    self.limits = limits
    self.serverName = serverName
    state = Monitor(level: .registry, State(limits))
    self.rotatesStart = rotatesStart
    self.isReplicated = isReplicated
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

  /// Everybody who is registered.
  public var members: [Member] { state.withLock { Array($0.people.values) } }

  /// How many of the registered are invisible, and operate a server. Changed under the registry's
  /// lock; relaxed, for whoever asks.
  private let invisible = Atomic<Int>(0)
  private let operating = Atomic<Int>(0)

  /// How many there are of whom. Any thread.
  public var population: (all: Int, invisible: Int, operators: Int) {
    (memberCount, invisible.load(ordering: .relaxed), operating.load(ordering: .relaxed))
  }

  /// Somebody who is registered has other modes; nil for nobody, before or afterwards. Under the
  /// registry's lock.
  func count(_ before: UserModes?, _ now: UserModes?) {
    func change(_ path: KeyPath<UserModes, Bool>) -> Int {
      (now?[keyPath: path] == true ? 1 : 0) - (before?[keyPath: path] == true ? 1 : 0)
    }
    invisible.add(change(\.isInvisible), ordering: .relaxed)
    operating.add(change(\.isOperator), ordering: .relaxed)
  }

  /// The connections of all people to other nodes. Any thread; takes a step for each.
  public var sessionsElsewhere: [MemberSession] {
    members.flatMap { $0.sessions.filter(\.isElsewhere) }
  }

  /// How many are registered.
  public var memberCount: Int { state.withLock { $0.people.count } }

  /// What a book of the network has, by its keys. Any thread.
  public func book(_ name: String) -> [String: [UInt8]] {
    state.withLock { $0.books.books[name] ?? [:] }.mapValues(\.value)
  }

  public var roomCount: Int { state.withLock { $0.rooms.count } }

  /// How many messages were said in rooms since the start.
  public var messages: UInt64 {
    let (rooms, former) = state.withLock { (Array($0.rooms.values), $0.formerMessages) }
    return rooms.reduce(former) { $0 + $1.messages }
  }

  // MARK: What is known of people

  /// Changes the form in which a session reads its rooms. The session's thread.
  public func setCapabilities(_ capabilities: Capability, of session: MemberSession) {
    // Under the registry's lock, so that no room is entered in between with the old form.
    state.withLock { _ in
      session.negotiate(capabilities)
      for room in session.member.rooms { room.changeReading(of: session, to: capabilities) }
    }
  }

  /// Those who had a nickname until lately, the latest first.
  public func formerHolders(of nickname: String) -> [Profile] {
    state.withLock { $0.former.holders(of: nickname) }
  }

  // MARK: Coming and going

  /// Takes a member into a room, which is made if there is none. Deliver afterwards.
  ///
  /// - Returns: the room as of the JOIN. All reservations must be filled.
  func join(
    _ author: Author, roomNamed name: String, key: String?, isReturn: Bool = false,
    now: Timestamp
  ) throws(Refusal) -> (own: Room.View, others: [Room.Newcomer]) {
    let member = author.member
    let folded = FoldedName(name)
    // Refusals are decided here, under the room's lock alone: it may take hundreds of masks to say
    // no.
    let entry = Room.Entry(key: key, isReturn: isReturn, limit: limits.membersPerRoom)
    let pass = try room(named: name)?.checkAdmission(of: member, entry)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      let known = state.rooms[folded]
      let hasAll = member.roomCount >= limits.roomsPerMember
      if hasAll, known.map(member.isIn) != true { throw .tooManyRooms }
      // A room that its last member has just left is closed, though it may still be in the list.
      let room = known.flatMap { $0.isClosed ? nil : $0 } ?? makeRoom(name, now, &state)
      let views = try room.join(author, pass, entry, now: now)
      state.rooms[folded] = room
      return views
    }
  }

  /// Lets a member go by its own wish. It reads up to its own PART. Deliver afterwards, to it as
  /// well.
  ///
  /// Under this lock, as all that ends a membership: whoever publishes a NICK or QUIT to several
  /// rooms delivers it afterwards to those who are in them, and nobody may have slipped out in
  /// between.
  func part(
    _ author: Author, from room: Room, reason: String?, now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      let receipt = try room.part(author, reason: reason, now: now)
      remove(room, &state)
      return receipt
    }
  }

  /// A connection is over. With the last one its person leaves all its rooms and gives its name
  /// back, unless it stays.
  ///
  /// Those who share a room with it see one QUIT each, and those who watch its name are told. To be
  /// called once. Takes a few steps for each of its rooms, however many they are.
  /// - Parameters reason, silentReason, stays: as `Action.Deed.quit` has them.
  func quit(
    _ author: Author, reason: String?, silentReason: String?, stays: Bool, now: Timestamp
  ) -> Outcome {
    state.withLock { state in
      let member = author.member
      let isLast = member.sessions.allSatisfy { $0 === author.session }
      let remains = stays && member.profile.isRegistered && !member.isExpelled
      if !isLast || remains {
        state.watchlist.removeAll(by: author.session)
        return leave(author, isLast: isLast, now: now, state)
      }
      return quit(author, reason: reason, silentReason: silentReason, now: now, &state)
    }
  }

  /// A person leaves for good, with whatever sessions it has. Under the registry's lock.
  func quit(
    _ author: Author, reason: String?, silentReason: String?, now: Timestamp, _ state: inout State
  ) -> Outcome {
    let member = author.member
    member.markQuit()
    for session in member.sessions { state.watchlist.removeAll(by: session) }
    for room in member.invitations { room.withdrawInvitation(of: member) }
    let profile = member.profile
    let name = FoldedName(profile.nickname)
    var result = Outcome()
    result.rooms = member.rooms
    var watchers: Watchers?
    if state.people[name] === member {
      state.people[name] = nil
      count(profile.userModes, nil)
      forget(member, as: profile.account, &state)
      state.former.note(profile)
      watchers = self.watchers(of: profile.nickname, state)
    }
    let stamp = Monitor.withLocks(result.rooms.map(\.state)) {
      let isSilent = silentReason != nil && result.rooms.contains { $0.silences(member) }
      let words = isSilent && reason != nil ? silentReason : reason
      let event = words.map { Event(farewellOf: author.session.id, profile.source, $0) }
      let stamp = clock.tick(for: event == nil ? [] : result.rooms.map(\.published))
      for room in result.rooms { room.quit(member, event, stamp: stamp, now: now) }
      return stamp
    }
    if let watchers {
      result.people = tell(watchers, isHere: false, as: profile.nickname, at: stamp)
    }
    for room in result.rooms { remove(room, &state) }
    member.releaseSessions()
    return result
  }

  /// Lets go of everybody and everything, which hold each other: for a registry in whose place
  /// another comes. Nothing may be done in it afterwards. Any thread, under no lock.
  public func dissolve() {
    state.withLock { state in
      for member in state.people.values { member.dissolve() }
      for room in state.rooms.values { room.dissolve() }
      state = State(limits)
    }
  }

  /// Gives a room another name, which no other has. Deliver afterwards.
  ///
  /// - Parameter reason: empty where there is none.
  func rename(
    _ room: Room, to wanted: String, reason: String, by author: Author, now: Timestamp
  ) throws(Refusal) -> Room.Renaming {
    let key = FoldedName(wanted)
    return try state.withLock { (state) throws(Refusal) in
      if let holder = state.rooms[key], holder !== room, !holder.isClosed { throw .roomNameInUse }
      let former = FoldedName(room.name)
      guard state.rooms[former] === room else { throw .isClosed }
      // Those of a room that is empty come back to it, and to what they said there.
      if key != former, remembers(wanted, state) { throw .roomNameInUse }
      let renaming = try room.rename(
        to: wanted, reason: reason, by: author, now: now)
      state.rooms[former] = nil
      state.rooms[key] = room
      room.keeper?.rename(to: wanted)
      return renaming
    }
  }

  /// Makes the rooms of `charters` last, and those no more that lasted before and are not among
  /// them.
  public func establish(_ charters: [RoomCharter], now: Timestamp) {
    state.withLock { state in
      let wanted = Set(charters.map { FoldedName($0.name) })
      for (name, room) in state.rooms where !wanted.contains(name) {
        room.establish(nil, now: now)
        remove(room, &state)
      }
      for charter in charters {
        let name = FoldedName(charter.name)
        let room = state.rooms[name] ?? makeRoom(charter.name, now, &state)
        state.rooms[name] = room
        room.establish(charter, now: now)
      }
    }
  }

  /// Makes a room that was kept, and gives it to `body` before anybody knows of it.
  func restoreRoom(named name: String, createdAt: Timestamp, _ body: (Room) -> Void) {
    state.withLock { state in
      let room = makeRoom(name, createdAt, &state)
      body(room)
      state.rooms[FoldedName(name)] = room
    }
  }

  /// Forgets a room if it is closed; its name may belong to another already.
  func remove(_ room: Room, _ state: inout State) {
    guard room.isClosed else { return }
    let place = room.placeToKeep
    state.formerMessages += room.takeMessages()
    let key = FoldedName(room.name)
    guard state.rooms[key] === room else { return }
    state.rooms[key] = nil
    if let place { state.formerRooms.note(key.text, place) }
    room.endKeeping()
    room.letGo()
  }

  private func makeRoom(_ name: String, _ now: Timestamp, _ state: inout State) -> Room {
    state.roomsMade += 1
    let number = state.roomsMade
    guard isReplicated else { return makeRoom(name, number: number, now, at: nil) }
    let place =
      state.formerRooms.take(FoldedName(name).text)
      ?? RoomPlace(origin: epoch(ofLife: number), last: 0)
    return makeRoom(name, number: number, now, at: place)
  }

  /// - Parameters:
  ///   - number: says which of the rooms that were ever made it is.
  ///   - place: where it goes on; nil where nobody else needs to know.
  func makeRoom(
    _ name: String, number: Int, _ createdAt: Timestamp, at place: RoomPlace?
  ) -> Room {
    let epoch = epoch(ofLife: number)
    return Room(
      name: name, serverName: serverName, clock: clock, number: number,
      epoch: Array(epoch.utf8), createdAt: createdAt, groups: groups, rotatesStart: rotatesStart,
      past: archive?.open(name, epoch: epoch, at: place), place: place)
  }

  /// What the ids of a room or talk begin with; never given before.
  func epoch(ofLife number: Int) -> String { "\(epoch).\(String(number, radix: 36))" }

  /// Whether a room that is over goes on where it is made again. Under the registry's lock.
  private func remembers(_ name: String, _ state: State) -> Bool {
    isReplicated
      ? state.formerRooms.contains(FoldedName(name).text) : archive?.remembers(name) == true
  }

  /// Makes rooms that were kept, as a network begins with what this server has: its nodes know from
  /// here on where each of them goes on, and whatever else is remembered. Before anything is done.
  public func found(_ rooms: [(room: KeptRoom, registration: RoomRegistration)]) {
    adoptPlaces()
    restore(rooms)
    // Where rooms that are empty are forgotten, those go that are not kept.
    state.withLock { state in
      state.formerRooms.limit = limits.formerRooms
      state.formerTalks.limit = limits.formerTalks
    }
  }

  private func adoptPlaces() {
    state.withLock { state in
      (state.formerRooms.limit, state.formerTalks.limit) = (.max, .max)
      for (name, isTalk, place) in archive?.places ?? [] {
        if isTalk {
          state.formerTalks.note(name, place)
        } else {
          state.formerRooms.note(FoldedName(name).text, place)
        }
      }
    }
  }
}
