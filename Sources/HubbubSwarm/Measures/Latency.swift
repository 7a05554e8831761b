import Histogram

/// How long messages took (M6), as a histogram of three digits from 1 µs to 60 s.
///
/// Nothing is allocated when a time is recorded.
public struct Latency: Sendable {
  /// In microseconds.
  public private(set) var histogram = Histogram<UInt64>(
    highestTrackableValue: Self.greatestMicroseconds, numberOfSignificantValueDigits: .three)

  static let greatestMicroseconds: UInt64 = 60_000_000

  public init() {}

  /// Records one time; more than 60 s counts as 60 s, less than nothing as nothing.
  @inline(__always)
  public mutating func record(_ span: Nanoseconds) {
    let microseconds = UInt64(max(span + 500, 0)) / 1_000
    histogram.record(min(microseconds, Self.greatestMicroseconds))
  }

  public mutating func add(_ other: Latency) { histogram.add(other.histogram) }

  public var count: UInt64 { histogram.totalCount }

  /// The usual percentiles; nil where nothing was recorded.
  public var percentiles: LatencyPercentiles? {
    guard count > 0 else { return nil }
    return LatencyPercentiles(
      p50: at(50), p90: at(90), p99: at(99), p999: at(99.9),
      greatest: Double(histogram.maxRecorded),
      count: Int(count))
  }

  /// The value, in microseconds, that `percentile` percent of the times do not exceed.
  public func at(_ percentile: Double) -> Double {
    Double(min(histogram.valueAtPercentile(percentile), histogram.maxRecorded))
  }
}
