import HubbubThreads

/// Wakes one thread when there is something to look into. Any thread may ring; it waits for nothing.
final class Alarm: Sendable {
  /// Guards why the thread is to wake. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct State {
    var isRung = false
    var isStopped = false
  }

  /// Under no lock.
  func ring() {
    state.withLock { $0.isRung = true }
    state.wakeAll()
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    state.wakeAll()
  }

  /// Waits until it rings, or `limit` has passed.
  ///
  /// - Returns: false once it is stopped.
  func wait(upTo limit: Duration) -> Bool {
    _ = state.wait(upTo: limit) { $0.isRung || $0.isStopped ? true : nil }
    return state.withLock { state in
      state.isRung = false
      return !state.isStopped
    }
  }

  /// Waits for `limit`, whether it rings or not.
  ///
  /// - Returns: false once it is stopped.
  func pause(_ limit: Duration) -> Bool {
    state.wait(upTo: limit) { $0.isStopped ? true : nil } == nil
  }
}
