import Glibc

/// SIGINT, SIGTERM and SIGHUP, waited for by one thread instead of interrupting any.
public struct ProcessSignals: Sendable {
  /// What a signal asks for.
  public enum Request: Sendable, Equatable {
    /// SIGINT, SIGTERM; with its name.
    case stop(signal: String)

    /// SIGHUP: to read the settings again, as servers without a terminal do.
    case reload
  }

  /// Blocks the signals for this thread and all that it starts, and ignores SIGPIPE. Make it before
  /// any thread is started.
  public init() {
    signal(SIGPIPE, SIG_IGN)
    var set = Self.set
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for one of them.
  public func wait() -> Request {
    var set = Self.set
    var number: Int32 = 0
    while sigwait(&set, &number) != 0 {}
    switch number {
    case SIGHUP: return .reload
    case SIGINT: return .stop(signal: "SIGINT")
    default: return .stop(signal: "SIGTERM")
    }
  }

  private static var set: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
    return set
  }
}
