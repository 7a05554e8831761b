/// How long to wait before the next attempt to connect: longer each time, never the same for all
/// who lost the same server.
struct Backoff: Sendable {
  static let longest = Duration.seconds(30)

  private var attempts = 0

  init() {}

  /// - Parameter chance: from 0 up to 1; the pause is between a half and the whole of 1, 2, 4 … 30
  ///   seconds.
  mutating func next(chance: Double) -> Duration {
    let whole = min(Self.longest, .seconds(1 << min(attempts, 5)))
    attempts += 1
    return whole * (0.5 + chance / 2)
  }

  /// It worked: the next trouble is a new one.
  mutating func reset() { attempts = 0 }
}
