import HubbubRooms
import HubbubStore
import HubbubThreads
import Logging

/// Writes registered rooms down as they change, and makes the daily copy of the accounts, on a
/// thread of its own: nobody who speaks waits for it. Any thread.
final class RoomSaving: Sendable {
  private struct State {
    /// Those that have changed since they were written, by the number they are kept under.
    var changed: [Int64: Room] = [:]
    var isStopped = false

    /// Whether the thread runs.
    var isRunning = false
  }

  /// Guards what is to be written. Nothing else is locked under it.
  private let state = Monitor(State())

  /// A room may have changed. Under no lock.
  func note(_ room: Room) {
    guard let number = room.keptNumber else { return }
    state.withLock { $0.changed[number] = room }
    state.wakeAll()
  }

  /// The thread was started; `stop` must follow.
  func begin() { state.withLock { $0.isRunning = true } }

  /// Has what is left written, and the thread end.
  ///
  /// - Returns: whether it has ended by then; if not, it waits for a disk.
  func stop(upTo limit: Duration) -> Bool {
    state.withLock { $0.isStopped = true }
    state.wakeAll()
    return state.wait(upTo: limit) { $0.isRunning ? nil : true } ?? false
  }

  /// The thread's.
  func run(_ store: AccountStore, _ logger: Logger) {
    defer {
      state.withLock { $0.isRunning = false }
      state.wakeAll()
    }
    while let rooms = next() {
      for room in rooms { save(room, store, logger) }
      if rooms.isEmpty { store.keepDailyCopy(logger) }
    }
  }

  /// Waits for rooms that have changed, an hour at the most; nil when it is over.
  private func next() -> [Room]? {
    let found = state.wait(upTo: .seconds(3600)) { state -> [Room]?? in
      guard state.changed.isEmpty else {
        defer { state.changed = [:] }
        return Array(state.changed.values)
      }
      return state.isStopped ? .some(nil) : nil
    }
    return found ?? []
  }

  private func save(_ room: Room, _ store: AccountStore, _ logger: Logger) {
    guard let (number, kept) = room.kept else { return }
    let stream = StreamID(rawValue: number)
    do throws(AccountError) {
      try store.setState(of: stream, kept.stored, name: kept.name)
    } catch .noSuchRoom {
      // It was dropped meanwhile.
    } catch {
      logger.error(
        "room not kept", metadata: ["channel": "\(kept.name)", "reason": "\(error.answer.text)"])
    }
  }
}
