import Glibc

/// SIGINT, SIGTERM, SIGHUP and SIGUSR1, waited for by one thread instead of interrupting any.
public struct ProcessSignals: Sendable {
  /// What a signal asks for.
  public enum Request: Sendable, Equatable {
    /// SIGINT, SIGTERM; with its name.
    case stop(signal: String)

    /// SIGUSR1: something within has to be looked at.
    case within

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
    return Self.request(number)
  }

  private static func request(_ number: Int32) -> Request {
    switch number {
    case SIGHUP: .reload
    case SIGINT: .stop(signal: "SIGINT")
    case SIGUSR1: .within
    default: .stop(signal: "SIGTERM")
    }
  }

  /// The same for a while; nil where none has come.
  public func wait(upTo limit: Duration) -> Request? {
    var set = Self.set
    let parts = limit.components
    var time = timespec(
      tv_sec: Int(parts.seconds), tv_nsec: Int(parts.attoseconds / 1_000_000_000))
    let number = sigtimedwait(&set, nil, &time)
    return number > 0 ? Self.request(number) : nil
  }

  private static var set: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&set, number) }
    return set
  }
}
