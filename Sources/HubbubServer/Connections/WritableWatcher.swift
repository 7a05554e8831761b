import HubbubLog
import HubbubRooms
import HubbubSockets
import HubbubThreads

/// Delivers to those whose sockets were full as soon as they can take more, on a thread of its own.
///
/// The system calls a full socket writable again when a third of its buffer is free, so nobody is
/// hurried with a few bytes at a time.
final class WritableWatcher: Sendable {
  private let poller: Poller

  /// Guards who waits. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct State {
    var blocked: [MemberID: Outbox] = [:]
    var busy: [any Undelivered] = []
    var isStopping = false
  }

  init() throws { poller = try Poller() }

  /// Calls `outbox.spaceIsFree()` when the descriptor is writable. The holder of the member's
  /// baton.
  func awaitSpace(_ descriptor: Int32, id: MemberID, isKnown: Bool, _ outbox: Outbox) {
    state.withLock { $0.blocked[id] = outbox }
    do {
      try poller.watch(descriptor, [.writable, .once], key: id, isKnown: isKnown)
    } catch {
      // Out of memory in the kernel: the member would never hear anything again, so it must go.
      outbox.end(Outbox.Ending(reason: "Cannot be waited for: \(error.reason)"))
    }
  }

  /// Calls `news.deliver()` soon. Any thread.
  func deliverLater(_ news: any Undelivered) {
    state.withLock { $0.busy.append(news) }
    poller.wake()
  }

  /// Forgets a connection that is being closed.
  func forget(_ id: MemberID) { state.withLock { $0.blocked[id] = nil } }

  /// The writable watcher's thread.
  func run() {
    while true {
      for id in poller.wait() {
        let outbox = state.withLock { $0.blocked.removeValue(forKey: id) }
        outbox?.spaceIsFree()
      }
      let (busy, isStopping) = state.withLock { state in
        defer { state.busy = [] }
        return (state.busy, state.isStopping)
      }
      for news in busy { news.deliver() }
      if isStopping { return }
    }
  }

  func stop() {
    state.withLock { $0.isStopping = true }
    poller.wake()
  }
}
