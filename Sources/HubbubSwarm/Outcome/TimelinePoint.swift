/// A point of latency over time.
public struct TimelinePoint: Sendable, Codable, Equatable {
  /// Seconds since the beginning of the schedule.
  public var second: Double

  /// Response times over all healthy recipients, in microseconds, the percentiles to three percent.
  public var p50: Double
  public var p99: Double
  public var greatest: Double
}
