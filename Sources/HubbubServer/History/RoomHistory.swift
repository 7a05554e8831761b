import HubbubRooms
import HubbubStore
import HubbubThreads
import IRCWire

/// What the server remembers of its rooms: one more reader of each room's log, which hands what it
/// reads to the store.
///
/// 1. A room that is made asks where it goes on (`open`). That is known without the disk: the ends
///    of all rooms were read as the server started.
/// 2. Whoever publishes says so before it delivers (`RememberedRoom.hasNews`): one atomic exchange,
///    and for the first of many a short lock. It never waits.
/// 3. The thread `history` reads the rooms that have news, and hands them to the store's writer,
///    some fifty times a second at the most.
/// 4. Whoever asks for a page first waits until what was published before is handed over
///    (`catchUp`), and then for the store.
// @unchecked: `thread` and `lock` are the owner's; what else changes is in `state`.
final class RoomHistory: RoomArchive, @unchecked Sendable {
  let store: HistoryStore
  let path: String
  let settings: HistorySettings

  /// The number of the account of a name, also of one that is erased; nil for none.
  let accountID: @Sendable (String) -> Int64?

  /// The number of the account of a name that lets its private messages be kept; nil for others.
  private let keepingAccount: @Sendable (String) -> Int64?

  /// Guards which names lead where, and which rooms have news. A leaf.
  private let state: Monitor<State>
  private var thread: NamedThread?

  /// Kept for as long as the file is in use. The owner's.
  private var lock: StateLock?

  private struct State {
    var rooms: RememberedRooms

    /// Those that are not read to their end.
    var live: [RememberedRoom] = []

    /// Of these the last life of each private talk.
    var liveTalks: [StreamID: RememberedRoom] = [:]

    /// Rooms with news, each once.
    var dirty: [RememberedRoom] = []

    /// How often somebody asked for what was published by then, and how many were served.
    var asked: UInt64 = 0
    var served: UInt64 = 0

    /// Whose news are asked for, whether or not they are known to have any.
    var wanted: [RememberedRoom] = []

    /// Whether the thread waits for news.
    var isAsleep = false
    var isStopping = false

    /// Whether whoever leaves does so because the server ends.
    var isEnding = false

    /// Rooms that were not remembered, because too many are.
    var passedOver = 0

    /// How long rooms keep what is said whose founders have said so; zero: not at all.
    var keeps: [StreamID: Duration] = [:]

    /// The settings that hold now.
    var settings: HistorySettings

    /// Whose history it is, where it is a network's.
    var network: String?

    /// Whether the store has begun a new file, which knows no names.
    var isFileNew = false
  }

  /// A pause between two looks, so that what many say in it costs one look.
  private static let pause: Duration = .milliseconds(20)

  /// - Parameters:
  ///   - rooms: what is stored.
  ///   - settings: as the server was started with.
  ///   - accountID, keepingAccount: see there.
  init(
    _ store: HistoryStore, _ path: String, _ rooms: RememberedRooms, _ settings: HistorySettings,
    _ lock: StateLock, _ reports: HistoryReports,
    accountID: @escaping @Sendable (String) -> Int64?,
    keepingAccount: @escaping @Sendable (String) -> Int64?
  ) throws {
    (self.store, self.path, self.settings) = (store, path, settings)
    self.accountID = accountID
    self.keepingAccount = keepingAccount
    self.lock = lock
    state = Monitor(State(rooms: rooms, settings: settings))
    thread = try NamedThread(name: "history") { [self] in run() }
    reports.onNewFile = { [weak self] in self?.fileIsNew() }
  }

  /// Hands over what was published and closes the store. The owner, once, when nobody publishes any
  /// more.
  ///
  /// - Returns: whether everything is stored.
  func close(patience: Duration) -> Bool {
    state.withLock { $0.isStopping = true }
    state.wakeAll()
    thread?.join()
    thread = nil
    // The next server may have the file, also where this one is still known to somebody.
    defer { lock = nil }
    return store.close(patience: patience)
  }

  /// Up to where in a network's log what was said is stored; nil where none of it is. As the server
  /// starts; waits for the disk.
  func lastRevision(of network: String) throws(StoreError) -> Int64? {
    let known = try store.network()
    return known?.name == network ? known?.revision : nil
  }

  /// All of a network's log up to there was handed over. Any thread.
  func note(revision: Int64) {
    guard let network = state.withLock({ $0.network }) else { return }
    store.writer.note(StoredNetwork(name: network, revision: revision))
  }

  /// The same of the whole log, once nothing more is applied.
  func note(lastRevision revision: Int64) {
    catchUp(state.withLock { $0.live })
    note(revision: revision)
  }

  /// It is a network's history from now on. Before any room is opened; waits for the disk.
  ///
  /// - Parameters:
  ///   - isFounding: whether the network begins with what is in this file.
  ///   - missesNothing: whether this node reads the network's log from where it has stopped.
  /// - Throws: where the file has what was said elsewhere.
  func join(
    _ network: String, isFounding: Bool, missesNothing: Bool
  ) throws(StoreError) {
    let known = try store.network()
    guard known?.name == network || isFounding || state.withLock({ $0.rooms.count }) == 0 else {
      throw StoreError(
        .foreignFile,
        "\(path) has a history that is not this network's: move it away, and what is said from "
          + "here on is written in its place")
    }
    state.withLock { state in
      (state.network, state.rooms.missesNothing) = (network, missesNothing)
    }
    if known?.name != network { store.writer.note(StoredNetwork(name: network, revision: nil)) }
  }

  // MARK: Rooms come and go

  func open(_ name: String, epoch: String, at place: RoomPlace?) -> RoomPast? {
    if let place { return open(name, epoch: epoch, inNetworkAt: place) }
    let opened = state.withLock { state in
      let opened = state.rooms.open(name, limit: settings.rooms)
      if opened == nil { state.passedOver += 1 }
      return opened
    }
    guard let opened else { return nil }
    let place = opened.place
    if opened.isNew { store.writer.nameRoom(place.stream, name) }
    store.writer.beginEpoch(place.stream, first: place.next, name: epoch, lost: place.lost)
    return past(place, name, epoch)
  }

  /// The same where the nodes of a network have it in common.
  private func open(
    _ name: String, epoch: String, inNetworkAt wanted: RoomPlace
  ) -> RoomPast? {
    let opened = state.withLock { state in
      let opened = state.rooms.open(name, at: wanted, limit: settings.rooms)
      if opened == nil { state.passedOver += 1 }
      return opened
    }
    guard let opened else { return nil }
    let place = opened.place
    if let forgotten = opened.forgotten { store.writer.forget(forgotten) }
    if opened.isNamed { store.writer.nameRoom(place.stream, name, origin: place.origin) }
    if let missed = opened.missed { store.writer.noteAbsence(place.stream, missed) }
    store.writer.beginEpoch(place.stream, first: place.next, name: epoch)
    return past(place, name, epoch)
  }

  private func past(
    _ place: RememberedRooms.Place, _ name: String, _ epoch: String
  ) -> RoomPast {
    let isTalk = TalkName(name) != nil
    let room = RememberedRoom(place, epoch: epoch, isTalk: isTalk, in: self)
    state.withLock { state in
      state.live.append(room)
      if isTalk { state.liveTalks[place.stream] = room }
    }
    return RoomPast(
      keeper: room, firstSequence: place.next, time: Timestamp(milliseconds: place.time))
  }

  /// How many rooms were not remembered since this was asked last, because too many are.
  func takePassedOver() -> Int {
    state.withLock { state in
      defer { state.passedOver = 0 }
      return state.passedOver
    }
  }

  func talk(of account: String, with other: String) -> String? {
    guard settings.keepsDirect, let one = keepingAccount(account),
      let two = keepingAccount(other)
    else { return nil }
    return TalkName(one, two).text
  }

  func formerTalk(of account: String, with other: String) -> String? {
    guard let one = accountID(account), let two = accountID(other) else { return nil }
    return TalkName(one, two).text
  }

  /// What two accounts have said to each other; nil where nothing of it is remembered. Any thread.
  func talk(of account: Int64, with other: Int64) -> (any Recallable)? {
    let name = TalkName(account, other).text
    return state.withLock { state in
      guard let place = state.rooms.place(named: name) else { return nil }
      if let live = state.liveTalks[place.stream] { return live }
      return StoredTalk(stream: place.stream, placeName: place.name, next: place.next)
    }
  }

  func talks(of account: String) -> [String] {
    guard let id = accountID(account) else { return [] }
    return talks(of: id).map { TalkName(id, $0).text }
  }

  /// With whom an account has talked. Any thread.
  func talks(of account: Int64) -> [Int64] { state.withLock { $0.rooms.talks(of: account) } }

  var places: [(name: String, isTalk: Bool, place: RoomPlace)] {
    state.withLock { $0.rooms.all }.sorted { $0.place.stream < $1.place.stream }.map {
      let place = RoomPlace(origin: $0.place.name, last: $0.place.next - 1)
      return ($0.name, TalkName($0.name) != nil, place)
    }
  }

  func remembers(_ name: String) -> Bool { state.withLock { $0.rooms.remembers(name) } }

  /// The room has another name, under which nothing is remembered.
  func rename(_ room: RememberedRoom, to name: String) {
    guard state.withLock({ $0.rooms.rename(room.stream, to: name) }) else { return }
    store.writer.nameRoom(room.stream, name, origin: room.origin)
  }

  /// The room is over, at this number and time.
  ///
  /// - Returns: whether that is because the server ends.
  func close(_ room: RememberedRoom, last: UInt64, at time: Timestamp) -> Bool {
    let levels = room.currentLevels
    return state.withLock { state in
      state.rooms.close(room.stream, next: last + 1, time: time.milliseconds, levels)
      // At once, and not when it is deleted: whoever makes the room again finds nothing.
      if settings.emptyRooms == .forgotten, !state.isEnding, !room.isTalk {
        state.rooms.unlink(room.stream)
      }
      return state.isEnding
    }
  }

  /// From now on rooms end because the server does.
  func willStop() { state.withLock { $0.isEnding = true } }

  // MARK: News

  /// The room has news, for the first time since it was looked at. Any thread.
  func note(_ room: RememberedRoom) {
    let wakes = state.withLock { state in
      state.dirty.append(room)
      defer { state.isAsleep = false }
      return state.isAsleep
    }
    if wakes { state.wakeAll() }
  }

  /// Waits until what was published in these rooms before is handed to the store. Any thread, under
  /// no lock.
  ///
  /// - Returns: false where it is not by then.
  @discardableResult
  func catchUp(_ rooms: [RememberedRoom]) -> Bool {
    let ticket = state.withLock { state in
      state.wanted += rooms
      state.asked += 1
      return state.asked
    }
    state.wakeAll()
    return state.wait(upTo: Self.patience) { $0.served >= ticket ? true : nil } ?? false
  }

  /// Has all deleted that an account has said so far. Waits for the disk. Any thread, under no
  /// lock.
  ///
  /// - Returns: whether it is on the disk that this is to be done; if not, ask again.
  func erase(account: Int64) -> Bool {
    guard catchUp(state.withLock { $0.live }) else { return false }
    store.writer.erase(account: account)
    return store.writer.flush()
  }

  /// Has all deleted that was said in a room so far. Any thread, under no lock.
  func clear(_ room: RememberedRoom) {
    catchUp([room])
    store.writer.clear(room.stream)
  }

  private static let patience: Duration = .seconds(1)

  /// Keeps everything for as long as these settings say, from now on. Any thread.
  func apply(_ settings: HistorySettings) {
    keep { $0.settings = settings }
  }

  /// Keeps what is said in a room for as long as its founder wants, from now on; nil: as the
  /// settings say; zero: not at all. What is older goes at once. Any thread, under no lock; waits
  /// for the disk.
  func setKeep(_ keep: Duration?, of room: RememberedRoom) {
    room.keepsNothing = keep == .zero
    guard state.withLock({ $0.keeps[room.stream] != keep }) else { return }
    // What is on its way to the file is looked at as well.
    catchUp([room])
    store.writer.flush()
    self.keep { $0.keeps[room.stream] = keep }
  }

  /// How long what is said in a room is kept; nil: for good, zero: not at all. Any thread.
  func kept(in room: RememberedRoom) -> Duration? {
    state.withLock { state in
      guard let own = state.keeps[room.stream] else { return state.settings.kept }
      return [own, state.settings.keepAtMost].compactMap(\.self).min()
    }
  }

  private func keep(_ change: (inout State) -> Void) {
    let retention = state.withLock { state in
      change(&state)
      var retention = state.settings.retention
      let longest = state.settings.keepAtMost
      retention.streams = state.keeps.mapValues { min($0, longest ?? $0) }
      return retention
    }
    store.writer.setRetention(retention)
  }

  private func fileIsNew() {
    state.withLock { $0.isFileNew = true }
    state.wakeAll()
  }

  // MARK: The thread

  private struct Task {
    var rooms: [RememberedRoom]
    var asked: UInt64
    var isFileNew: Bool
    var isLast: Bool
  }

  private func run() {
    while true {
      let task = nextTask()
      if task.isFileNew { nameAgain() }
      for room in task.rooms { read(room) }
      state.withLock { $0.served = max($0.served, task.asked) }
      state.wakeAll()
      if task.isLast { return }
      rest()
    }
  }

  private func nextTask() -> Task {
    let task = state.wait { state -> Task? in
      let isDue = !state.dirty.isEmpty || state.asked > state.served || state.isFileNew
      guard isDue || state.isStopping else {
        state.isAsleep = true
        return nil
      }
      state.isAsleep = false
      defer { (state.dirty, state.wanted, state.isFileNew) = ([], [], false) }
      return Task(
        rooms: state.dirty + state.wanted, asked: state.asked, isFileNew: state.isFileNew,
        isLast: state.isStopping)
    }
    return task!
  }

  /// Lets news gather, unless somebody waits for them.
  private func rest() {
    _ = state.wait(upTo: Self.pause) { state -> Bool? in
      state.asked > state.served || state.isStopping ? true : nil
    }
  }

  private func read(_ room: RememberedRoom) {
    let news = room.read()
    if !news.entries.isEmpty { store.writer.add(news.entries) }
    for key in news.redacted { store.writer.redact(key) }
    for id in news.withdrawn {
      store.writer.redact(id.sequence, ofEpoch: id.epoch, in: room.stream)
    }
    guard news.isEnd else { return }
    // Of a room in which nobody has spoken there is nothing to remember.
    let isForgotten =
      settings.emptyRooms == .forgotten && !room.endsWithServer && !room.isTalk
      || !room.hasSpeech
    let forgets = state.withLock { state in
      state.live.removeAll { $0 === room }
      if state.liveTalks[room.stream] === room { state.liveTalks[room.stream] = nil }
      return state.rooms.end(room.stream, forgets: isForgotten)
    }
    if forgets { store.writer.forget(room.stream) }
  }

  /// A file that was replaced knows neither names nor epochs: what is live is said again.
  private func nameAgain() {
    let (rooms, live, network) = state.withLock { ($0.rooms.all, $0.live, $0.network) }
    if let network { store.writer.note(StoredNetwork(name: network, revision: nil)) }
    for (name, place) in rooms {
      store.writer.nameRoom(place.stream, name, origin: place.origin)
      for level in place.levels {
        store.writer.setLevel(
          of: place.stream, from: level.first, isRestricted: level.isRestricted)
      }
    }
    for room in live { room.sayAgain() }
  }
}
