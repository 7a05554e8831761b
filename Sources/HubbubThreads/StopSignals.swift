import Glibc

/// SIGINT, SIGTERM and SIGHUP, waited for by one thread instead of interrupting any.
public struct StopSignals: Sendable {
  /// Blocks the signals for this thread and all that it starts, and ignores SIGPIPE. Make it before any
  /// thread is started.
  public init() {
    signal(SIGPIPE, SIG_IGN)
    var set = Self.set
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for one of them, and returns its name.
  public func wait() -> String {
    var set = Self.set
    var number: Int32 = 0
    while sigwait(&set, &number) != 0 {}
    switch number {
    case SIGINT: return "SIGINT"
    case SIGHUP: return "SIGHUP"
    default: return "SIGTERM"
    }
  }

  private static var set: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
    return set
  }
}
