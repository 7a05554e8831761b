/// One sender.
public struct SenderFigures: Sendable, Codable {
  public var nickname: String
  public var sent: Int

  /// What M2 compares: the share of its messages that arrived, or, saturated, how many of its
  /// messages are in the first half of the order.
  public var share: Double

  /// Response times of its messages over all healthy recipients, in microseconds, to three percent.
  public var p50: Double
  public var p99: Double

  /// M8: the longest wait for one of its messages beyond what everybody waited, in milliseconds and
  /// in units of its period; and when it began, seconds into the run.
  public var longestWaitMilliseconds: Double
  public var longestWaitPeriods: Double
  public var longestWaitStart: Double
}
