import Glibc
import HubbubThreads

/// Ends the server from within, by the way out that signals take, and remembers why. Any thread.
final class ServerStop: Sendable {
  /// Guards why it is to stop; nil where nobody within asked for it. Nothing else is locked under
  /// it.
  private let request = Monitor<(reason: String, toReturn: Bool)?>(nil)

  /// Why a server ends.
  struct End {
    /// The name and the value, as they are logged.
    let name, reason: String

    /// Whether another should take its place.
    let isToReturn: Bool
  }

  /// The first reason counts.
  ///
  /// - Parameter toReturn: whether another server should take its place.
  func ask(because reason: String, toReturn: Bool = false) {
    request.withLock { $0 = $0 ?? (reason, toReturn) }
    // Not SIGTERM, or one that somebody else sends at the same moment would be taken for this.
    kill(getpid(), SIGUSR1)
  }

  /// Whether anybody within has asked for it.
  var isAsked: Bool { request.withLock { $0 != nil } }

  /// Why the server ends, after this signal from without, or one from within (nil).
  func end(_ signal: String?) -> End {
    if let signal { return End(name: "signal", reason: signal, isToReturn: false) }
    let (reason, toReturn) = request.withLock { $0 } ?? ("SIGUSR1", false)
    return End(name: "because", reason: reason, isToReturn: toReturn)
  }
}
