/// How fast lines go to a server that throws fast talkers out: some at once, then one now and then.
struct Pace {
  private static let burst = 8.0
  private static let linesPerSecond = 2.0

  private var allowance = Pace.burst
  private var last: ContinuousClock.Instant?

  /// How long to wait before the next line.
  mutating func pause(now: ContinuousClock.Instant) -> Duration {
    if let last {
      allowance = min(Self.burst, allowance + (now - last) / .seconds(1) * Self.linesPerSecond)
    }
    last = now
    allowance -= 1
    return allowance >= 0 ? .zero : .seconds(-allowance / Self.linesPerSecond)
  }
}
