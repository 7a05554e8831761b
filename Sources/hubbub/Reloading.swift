import HubbubServer
import HubbubThreads

/// Reads the settings again when asked to, on a thread of its own: a server in a storm takes its
/// time for it, and whoever waits for signals must not miss the one to stop.
final class Reloading: Sendable {
  /// Guards what is asked for. Nothing else is locked under it.
  private let state = Monitor((isWanted: false, isClosed: false))
  private let thread: NamedThread

  /// - Throws: `SystemError` when the thread cannot be started.
  init(_ server: Server, _ service: ServiceReport) throws {
    thread = try NamedThread(name: "reload") { [state] in
      while Self.waitUntilWanted(state) {
        service.reloading()
        server.reload()
        service.ready()
      }
    }
  }

  /// Asks for it; what is under way is done first. Any thread; never waits.
  func request() {
    state.withLock { $0.isWanted = true }
    state.wakeAll()
  }

  /// Ends the thread. The owner, once, when the server has stopped: then no reload waits for a disk
  /// any more.
  func stop() {
    state.withLock { $0.isClosed = true }
    state.wakeAll()
    thread.join()
  }

  /// - Returns: false when it is over.
  private static func waitUntilWanted(_ state: Monitor<(isWanted: Bool, isClosed: Bool)>) -> Bool {
    state.wait { state -> Bool? in
      if state.isClosed { return false }
      guard state.isWanted else { return nil }
      state.isWanted = false
      return true
    }!
  }
}
