import Glibc
import HubbubThreads

/// Ends the server from within, by the way out that signals take, and remembers why. Any thread.
final class ServerStop: Sendable {
  /// Guards why it is to stop; nil where nobody within asked for it. Nothing else is locked under
  /// it.
  private let request = Monitor<(reason: String, toReturn: Bool)?>(nil)

  /// The first reason counts.
  ///
  /// - Parameter toReturn: whether another server should take its place.
  func ask(because reason: String, toReturn: Bool = false) {
    request.withLock { $0 = $0 ?? (reason, toReturn) }
    // Not SIGTERM, or one that somebody else sends at the same moment would be taken for this.
    kill(getpid(), SIGUSR1)
  }

  var isToReturn: Bool { request.withLock { $0?.toReturn } ?? false }

  /// Why the server stops, after this signal.
  ///
  /// - Returns: the name and the value, as they are logged.
  func cause(_ signal: String) -> (name: String, value: String) {
    request.withLock { $0 }.map { ("because", $0.reason) } ?? ("signal", signal)
  }
}
