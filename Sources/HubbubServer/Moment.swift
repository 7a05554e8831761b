/// Milliseconds of a clock that only goes forward, small enough for an atomic.
enum Moment {
  private static let origin = ContinuousClock.now

  static var now: Int64 {
    let parts = (ContinuousClock.now - origin).components
    return parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
  }

  static func passed(_ duration: Duration, since moment: Int64, now: Int64) -> Bool {
    .milliseconds(now - moment) >= duration
  }
}
