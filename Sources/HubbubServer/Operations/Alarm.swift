import HubbubThreads
import Synchronization

/// Wakes one thread when there is something to look into. Any thread may ring; it waits for
/// nothing.
final class Alarm: Sendable {
  /// Whether the thread is at work on it. Relaxed: for those who wait a moment for what it does.
  let isAnswered = Atomic<Bool>(false)

  /// Whether it rings already, so that most who ring take no lock. Relaxed: whoever rings in the
  /// moment in which it is answered is heard a second later.
  private let isRinging = Atomic<Bool>(false)

  /// Guards why the thread is to wake. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct State {
    var isRung = false
    var isStopped = false
  }

  /// Under no lock.
  func ring() {
    if isRinging.exchange(true, ordering: .relaxed) { return }
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
    isRinging.store(false, ordering: .relaxed)
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
