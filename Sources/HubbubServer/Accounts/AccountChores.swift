import HubbubRooms
import HubbubStore
import HubbubThreads
import Logging

/// What accounts need done by and by, on a thread of its own, so that nobody who speaks waits:
/// registered rooms, and what people go on with who stay, are written down as they change, what
/// erased accounts said is deleted, what a network has changed is written to this node's file, and
/// once a day all is copied. What a disk refuses is tried again. Any thread.
final class AccountChores: Sendable {
  private struct State {
    /// Those that have changed since they were written, by the number they are kept under.
    var changed: [Int64: Room] = [:]

    /// Those who stay, by account.
    var staying: [Int64: Stayer] = [:]

    /// Whether markers were moved.
    var hasMarkers = false

    /// Whether a network has changed accounts, and which of its rooms.
    var hasAmendments = false
    var amendedRooms: Set<StreamID> = []

    /// Whether an account may have been erased. What the last run of the server has left of that is
    /// the first thing to do.
    var hasErasures = true

    /// What is to be tried again, and when; with the stop of the server, once more.
    var later = Work()
    var retryAt: ContinuousClock.Instant?
    var isStopped = false

    /// Whether the thread runs.
    var isRunning = false

    mutating func resume() {
      changed.merge(later.rooms) { newer, _ in newer }
      staying.merge(later.staying) { newer, _ in newer }
      hasErasures = hasErasures || later.hasErasures
      hasMarkers = hasMarkers || later.hasMarkers
      hasAmendments = hasAmendments || later.hasAmendments
      (later, retryAt) = (Work(), nil)
    }

    mutating func take() -> Work {
      defer {
        (changed, staying, hasMarkers, hasErasures) = ([:], [:], false, false)
        (hasAmendments, amendedRooms) = (false, [])
      }
      return Work(
        rooms: changed, staying: staying, hasMarkers: hasMarkers, hasErasures: hasErasures,
        hasAmendments: hasAmendments, amendedRooms: amendedRooms)
    }
  }

  /// Guards what is to be done. Nothing else is locked under it.
  private let state = Monitor(State())

  /// After the disk has refused something, and longer than the history may keep back from the disk
  /// what it has written.
  private static let pause: Duration = .seconds(10)

  /// A network's log takes no more in one piece.
  private static let markersAtOnce = 1000

  /// Between two looks whether a day has passed since the last copy.
  private static let hour: Duration = .seconds(3600)

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  /// A room may have changed. Under no lock.
  func note(_ room: Room) {
    guard let number = room.keptNumber else { return }
    state.withLock { $0.changed[number] = room }
    state.wakeAll()
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
    state.withLock { $0.staying[account] = stayer }
    state.wakeAll()
  }

  /// A marker was moved.
  func noteMarkers() {
    state.withLock { $0.hasMarkers = true }
    state.wakeAll()
  }

  /// A network has changed accounts.
  func note(_ amendment: AccountStore.Amendment) {
    state.withLock { state in
      state.hasAmendments = true
      state.amendedRooms.formUnion(amendment.rooms)
      state.hasErasures = state.hasErasures || amendment.hasErasure
    }
    state.wakeAll()
  }

  /// An account was erased.
  func noteErasure() {
    state.withLock { $0.hasErasures = true }
    state.wakeAll()
  }

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

  /// The thread's.
  func run(_ hub: Hub, _ store: AccountStore) {
    let logger = hub.logger
    defer {
      state.withLock { $0.isRunning = false }
      state.wakeAll()
    }
    var copied = ContinuousClock.now
    var erased: [Int64: ContinuousClock.Instant] = [:]
    while let work = next() {
      let unsaved = work.rooms.filter { !save($0.value, store, logger) }
      let unsavedPeople = work.staying.filter { !save($0.value, of: $0.key, hub, store) }
      let isErased = !work.hasErasures || eraseMessages(store, hub, &erased)
      for room in work.amendedRooms {
        if let room = store.read({ $0.room(room) }) { hub.keepHistory(of: room) }
      }
      let isWritten = !work.hasAmendments || writeBehind(store, logger)
      if copied.duration(to: .now) >= Self.hour {
        copied = .now
        store.keepDailyCopy(logger)
      }
      let isMarked = !work.hasMarkers || saveMarkers(hub.markers, store, logger)
      let rest = Work(
        rooms: unsaved, staying: unsavedPeople, hasMarkers: !isMarked, hasErasures: !isErased,
        hasAmendments: !isWritten)
      if !rest.isNothing { putBack(rest) }
    }
  }

  private struct Work {
    var rooms: [Int64: Room] = [:]
    var staying: [Int64: Stayer] = [:]
    var hasMarkers = false
    var hasErasures = false
    var hasAmendments = false
    var amendedRooms: Set<StreamID> = []

    var isNothing: Bool {
      rooms.isEmpty && staying.isEmpty && !hasMarkers && !hasErasures && !hasAmendments
    }
  }

  /// Waits for something to do, an hour at the most; nil when it is over.
  private func next() -> Work? {
    let retryAt = state.withLock { $0.retryAt }
    let limit = retryAt.map { max(.zero, min(Self.hour, $0 - .now)) } ?? Self.hour
    let found = state.wait(upTo: limit) { state -> Work?? in
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
  private func putBack(_ work: Work) {
    state.withLock { state in
      if state.isStopped { return }
      state.later.rooms.merge(work.rooms) { $1 }
      state.later.staying.merge(work.staying) { $1 }
      state.later.hasMarkers = state.later.hasMarkers || work.hasMarkers
      state.later.hasErasures = state.later.hasErasures || work.hasErasures
      state.later.hasAmendments = state.later.hasAmendments || work.hasAmendments
      state.retryAt = state.retryAt ?? .now + Self.pause
    }
  }

  /// - Returns: whether nothing is left to do.
  private func save(_ room: Room, _ store: AccountStore, _ logger: Logger) -> Bool {
    guard let (number, kept) = room.kept else { return true }
    do throws(AccountError) {
      try store.setState(of: StreamID(rawValue: number), kept.stored, name: kept.name)
    } catch .noSuchRoom {
      // It was dropped meanwhile.
    } catch {
      logger.error(
        "room not kept", metadata: ["channel": "\(kept.name)", "reason": "\(error.answer.text)"])
      return false
    }
    return true
  }

  /// - Returns: whether nothing is left to do.
  private func save(
    _ stayer: Stayer, of account: Int64, _ hub: Hub, _ store: AccountStore
  ) -> Bool {
    do throws(AccountError) {
      switch stayer {
      // It says so itself that it stays no longer.
      case .person(let person) where person.hasLeft: return true
      case .person(let person):
        let noted = hub.cluster == nil ? nil : store.read { $0.staying(account) }
        let read = noted.flatMap { StayingState(stored: $0.state)?.read } ?? [:]
        try store.setStaying(account, hub.staying.record(of: person, account, besides: read))
      case .record(let record): try store.setStaying(account, record)
      case .nobody: try store.setStaying(account, nil)
      }
    } catch .noSuchAccount {
      // It was erased meanwhile.
    } catch {
      hub.logger.error(
        "not kept who stays",
        metadata: ["account": "\(account)", "reason": "\(error.answer.text)"])
      return false
    }
    return true
  }

  /// Writes all markers that were moved, as one change.
  ///
  /// - Returns: whether nothing is left to do.
  private func saveMarkers(_ markers: ReadMarkers, _ store: AccountStore, _ logger: Logger) -> Bool
  {
    let news = markers.news
    do throws(AccountError) {
      for start in stride(from: 0, to: news.count, by: Self.markersAtOnce) {
        let some = Array(news[start..<min(start + Self.markersAtOnce, news.count)])
        try store.setMarkers(some)
        markers.didWrite(some)
      }
      return true
    } catch {
      logger.error("markers not kept", metadata: ["reason": "\(error.answer.text)"])
      return false
    }
  }

  /// Writes to the file what a network has changed.
  ///
  /// - Returns: whether nothing is left to do.
  private func writeBehind(_ store: AccountStore, _ logger: Logger) -> Bool {
    do throws(AccountError) {
      try store.writeBehind()
      return true
    } catch {
      logger.error("accounts not written", metadata: ["reason": "\(error.answer.text)"])
      return false
    }
  }

  /// Has deleted what erased accounts have said. Without a history it is left for a run with one.
  ///
  /// - Parameter erased: since when it is on record in the history that this is to be done. After a
  ///   while the disk has that for sure; until then it stands with the account as well. In a
  ///   network it stands there for good: each node has a history of its own, and does it as it
  ///   starts.
  /// - Returns: whether nothing is left to do.
  private func eraseMessages(
    _ store: AccountStore, _ hub: Hub, _ erased: inout [Int64: ContinuousClock.Instant]
  ) -> Bool {
    guard let history = hub.history else { return true }
    var isDone = true
    for account in store.read({ $0.withMessagesToErase }) {
      do throws(AccountError) {
        if let since = erased[account.id] {
          if hub.cluster != nil { continue }
          guard since.duration(to: .now) >= Self.pause else {
            isDone = false
            continue
          }
          try store.noteMessagesErased(account.id)
          erased[account.id] = nil
        } else {
          guard history.erase(account: account.id) else { throw .late }
          erased[account.id] = .now
          isDone = hub.cluster != nil && isDone
        }
      } catch {
        hub.logger.error(
          "messages not erased",
          metadata: ["account": "\(account.name)", "reason": "\(error.answer.text)"])
        isDone = false
        // A disk that hangs must not hold up the stop once for each of them.
        if isStopped { break }
      }
    }
    return isDone
  }
}
