/// What a bad neighbour costs the others (M9): the healthy bots with one, over the same without.
public struct Isolation: Sendable, Equatable, Codable {
  /// From where on the running verdict speaks.
  static let greatestLatencyRatio = Gates.Name.neighbourLatency.standard

  /// The 99th percentile of the healthy bots' response time before, and with the neighbour;
  /// microseconds.
  public let p99Before: Double
  public let p99With: Double

  /// Deliveries of the healthy bots' messages per second.
  public let throughputBefore: Double
  public let throughputWith: Double

  public init(
    p99Before: Double, p99With: Double, throughputBefore: Double, throughputWith: Double
  ) {
    self.p99Before = p99Before
    self.p99With = p99With
    self.throughputBefore = throughputBefore
    self.throughputWith = throughputWith
  }

  public var latencyRatio: Double { p99With / p99Before }
  public var throughputRatio: Double { throughputWith / throughputBefore }
}
