/// One room's M4 and M5.
public struct PositionFigures: Sendable, Codable {
  public var room: String
  public var recipients: [String]
  public var bias: PositionBias
  public var spread: FanOutSpread

  /// Who was served how; nil where there is too little to compare.
  public var fairness: FairnessFigures?

  /// The same from a broadcaster without any bias, in random order, on this machine.
  public var calibration: PositionBias?
  public var calibrationSpread: FanOutSpread?

  /// The least and the greatest W of several such calibrations.
  public var calibrationRange: Range?

  /// From the least to the greatest.
  public struct Range: Sendable, Equatable, Codable {
    public var least: Double
    public var greatest: Double
  }
}
