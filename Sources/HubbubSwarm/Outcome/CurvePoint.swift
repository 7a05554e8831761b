/// A point of a latency distribution.
public struct CurvePoint: Sendable, Codable, Equatable {
  /// In percent.
  public var percentile: Double

  /// In microseconds.
  public var value: Double
}
