/// What the run cost the server.
public struct CostFigures: Sendable, Codable, Equatable {
  /// The server's processor time per delivered message over the measured time, in microseconds.
  public var processorPerDelivery: Double

  /// The server's processor time over the measured time, in seconds, and the deliveries it is
  /// spread over.
  public var processorSeconds: Double
  public var deliveries: Int

  /// Resident memory in KiB: before the run, at its end, and the greatest seen.
  public var memoryBefore: Int
  public var memoryAfter: Int
  public var memoryPeak: Int
}
