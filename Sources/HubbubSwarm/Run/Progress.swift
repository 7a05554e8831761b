/// How far a run has come, for those who show it.
public struct Progress: Sendable {
  public enum Phase: Sendable, Equatable {
    case enrolling
    case warmingUp
    case measuring

    /// All is sent; the last messages are on their way.
    case draining
  }

  public var phase: Phase

  /// Seconds since the schedule began, and how many it will take where that is known.
  public var elapsed: Double
  public var expected: Double?
  public var bots: [BotProgress]
}

/// One bot while the run goes on.
public struct BotProgress: Sendable {
  public var nickname: String
  public var sent: Int
  public var received: Int

  /// What it should have heard by now.
  public var due: Int

  /// Of the last second, in microseconds.
  public var p50: Int
  public var p99: Int

  /// In milliseconds.
  public var longestGap: Double
  public var isEnded: Bool
}
