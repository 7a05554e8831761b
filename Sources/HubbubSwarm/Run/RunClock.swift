import Glibc

/// The one clock of a run: monotonic, shared by all bots, in nanoseconds since the run began.
public struct RunClock: Sendable {
  private let origin: Nanoseconds

  /// A clock that shows 0 at `origin`, a reading of `RunClock.system`.
  init(origin: Nanoseconds) {
    self.origin = origin
  }

  /// CLOCK_MONOTONIC.
  static var system: Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Nanoseconds(time.tv_sec) * .perSecond + Nanoseconds(time.tv_nsec)
  }

  var now: Nanoseconds { Self.system - origin }
}
