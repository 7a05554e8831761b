import Glibc
import HubbubThreads

/// Ends the server from within, by the way out that signals take, and remembers why. Any thread.
final class ServerStop: Sendable {
  /// Guards why it is to stop; nil where nobody within asked for it. Nothing else is locked under
  /// it.
  private let reason = Monitor<String?>(nil)

  /// The first reason counts.
  func ask(because reason: String) {
    self.reason.withLock { $0 = $0 ?? reason }
    kill(getpid(), SIGTERM)
  }

  /// Why the server stops, after this signal.
  ///
  /// - Returns: the name and the value, as they are logged.
  func cause(_ signal: String) -> (name: String, value: String) {
    reason.withLock { $0 }.map { ("because", $0) } ?? ("signal", signal)
  }
}
