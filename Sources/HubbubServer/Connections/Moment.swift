import Glibc

/// Milliseconds of a clock that only goes forward, small enough for an atomic.
enum Moment {
  /// By the kernel's coarse clock, which is read without any arithmetic and exact to some
  /// milliseconds.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  static func passed(_ duration: Duration, since moment: Int64, now: Int64) -> Bool {
    .milliseconds(now - moment) >= duration
  }
}
