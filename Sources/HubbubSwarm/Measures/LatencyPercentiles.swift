/// The percentiles of many times, in microseconds.
public struct LatencyPercentiles: Sendable, Equatable, Codable {
  public let p50: Double
  public let p90: Double
  public let p99: Double
  public let p999: Double
  public let greatest: Double

  /// How many times were recorded.
  public let count: Int
}
