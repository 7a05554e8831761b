import HubbubRooms
import HubbubStore
import HubbubThreads
import Logging

/// What accounts need done by and by, on a thread of its own, so that nobody who speaks waits:
/// registered rooms, and what people go on with who stay, are written down as they change, what
/// erased accounts said is deleted, what a network has changed is written to this node's file, and
/// once a day all is copied. What a disk, or a network, refuses is tried again. Any thread.
final class AccountChores: Sendable {
  private struct State {
    /// What has changed since it was done last.
    var now = ChoresWork()

    /// What is to be tried again, and when; with the stop of the server, once more.
    var later = ChoresWork()
    var retryAt: ContinuousClock.Instant?
    var isStopped = false

    /// Whether the thread runs.
    var isRunning = false

    mutating func resume() {
      now.add(later)
      (later, retryAt) = (ChoresWork(), nil)
    }

    mutating func take() -> ChoresWork {
      defer { now = ChoresWork() }
      return now
    }
  }

  /// Guards what is to be done. Nothing else is locked under it.
  private let state: Monitor<State>

  /// After the disk has refused something, and longer than the history may keep back from the disk
  /// what it has written.
  static let pause: Duration = .seconds(10)

  /// Between two looks whether a day has passed since the last copy.
  private static let hour: Duration = .seconds(3600)

  init() {
    var state = State()
    // What the last run of the server has left is the first thing to do.
    (state.now.hasErasures, state.now.hasFaults) = (true, true)
    self.state = Monitor(state)
  }

  var isStopped: Bool { state.withLock { $0.isStopped } }

  private func note(_ change: (inout ChoresWork) -> Void) {
    state.withLock { change(&$0.now) }
    state.wakeAll()
  }

  // MARK: What is to be done

  /// A room may have changed. Under no lock.
  func note(_ room: Room) {
    guard let number = room.keptNumber else { return }
    note { $0.rooms[number] = room }
  }

  /// What is to be written down of an account's person.
  enum Stayer {
    /// What it goes on with, as it is when it is written.
    case person(Member)

    /// What it went on with as the server stopped.
    case record(String)

    /// That it stays no longer.
    case nobody
  }

  /// What an account's person goes on with has changed. Under no lock.
  func note(_ stayer: Stayer, stayingFor account: Int64) {
    note { $0.staying[account] = stayer }
  }

  /// A marker was moved.
  func noteMarkers() { note { $0.hasMarkers = true } }

  /// Somebody has logged in.
  func noteSeen(_ account: Int64, _ device: String) {
    note { _ = $0.seen[account, default: []].insert(device) }
  }

  /// A network has changed accounts.
  func note(_ amendment: AccountStore.Amendment) {
    note { work in
      work.hasAmendments = true
      work.amendedRooms.formUnion(amendment.rooms)
      work.hasErasures = work.hasErasures || amendment.hasErasure
    }
  }

  /// An account was erased.
  func noteErasure() { note { $0.hasErasures = true } }

  /// Somebody may have stayed for too long.
  func noteStays() { note { $0.hasStays = true } }

  /// A node may have gone that did something of two steps by halves.
  func noteFaults() { note { $0.hasFaults = true } }

  // MARK: The owner

  /// The thread was started; `stop` must follow.
  func begin() { state.withLock { $0.isRunning = true } }

  /// Has what is left done, and the thread end.
  ///
  /// - Returns: whether it has ended by then; if not, it waits for a disk.
  func stop(upTo limit: Duration) -> Bool {
    state.withLock { $0.isStopped = true }
    state.wakeAll()
    return state.wait(upTo: limit) { $0.isRunning ? nil : true } ?? false
  }

  // MARK: The thread

  func run(_ hub: Hub, _ store: AccountStore) {
    defer {
      state.withLock { $0.isRunning = false }
      state.wakeAll()
    }
    var copied = ContinuousClock.now
    var memory = ChoresMemory()
    while let work = next() {
      let rest = `do`(work, hub, store, &memory)
      if copied.duration(to: .now) >= Self.hour {
        copied = .now
        store.keepDailyCopy(hub.logger)
      }
      if !rest.isNothing { putBack(rest) }
    }
  }

  /// Waits for something to do, an hour at the most; nil when it is over.
  private func next() -> ChoresWork? {
    let retryAt = state.withLock { $0.retryAt }
    let limit = retryAt.map { max(.zero, min(Self.hour, $0 - .now)) } ?? Self.hour
    let found = state.wait(upTo: limit) { state -> ChoresWork?? in
      if state.isStopped { state.resume() }
      let work = state.take()
      if !work.isNothing { return work }
      return state.isStopped ? .some(nil) : nil
    }
    if let found { return found }
    return state.withLock { state in
      if let retryAt = state.retryAt, retryAt <= .now { state.resume() }
      return state.take()
    }
  }

  /// Lets what was not done wait for a while. As the server stops, it was tried for the last time.
  private func putBack(_ work: ChoresWork) {
    state.withLock { state in
      if state.isStopped { return }
      state.later.add(work)
      state.retryAt = state.retryAt ?? .now + Self.pause
    }
  }
}
