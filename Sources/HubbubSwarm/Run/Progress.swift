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

  /// How the gates stand so far; none before the schedule has begun.
  public var verdicts: [RunningVerdict] = []
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

  /// Whether its figures count where the healthy ones are compared.
  public var isHealthy = true

  /// Of its own messages, how many its room's first observer heard; nil where there is no observer,
  /// or it does not send.
  public var delivered: Int?

  /// What it missed, heard twice, and heard after what should have followed, so far.
  public var missing = 0
  public var doubled = 0
  public var stepsBack = 0
  public var timesBack = 0

  /// Its messages of which the send lag was judged, and those that were late.
  public var judged = 0
  public var late = 0

  /// What M2 compares, so far.
  var deliveredShare: Double? {
    guard isHealthy, let delivered, sent > 0 else { return nil }
    return min(Double(delivered) / Double(sent), 1)
  }
}
