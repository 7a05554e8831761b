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
  }

  /// Guards what is to be written. Nothing else is locked under it.
  private let state = Monitor(State())

  /// A room may have changed. Under no lock.
  func note(_ room: Room) {
    guard let number = room.keptNumber else { return }
    state.withLock { $0.changed[number] = room }
    state.wakeAll()
  }

  /// Writes what is left, and ends the thread.
  func stop() {
    state.withLock { $0.isStopped = true }
    state.wakeAll()
  }

  /// The thread's.
  func run(_ store: AccountStore, _ logger: Logger) {
    copy(store, logger)
    while let rooms = next() {
      for room in rooms { save(room, store, logger) }
      if rooms.isEmpty { copy(store, logger) }
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

  /// Makes today's copy, unless it is there.
  private func copy(_ store: AccountStore, _ logger: Logger) {
    do throws(AccountError) {
      guard let path = try store.makeDailyCopy() else { return }
      logger.info("accounts copied", metadata: ["file": "\(path)"])
    } catch {
      logger.error("accounts not copied", metadata: ["reason": "\(error.answer.text)"])
    }
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
