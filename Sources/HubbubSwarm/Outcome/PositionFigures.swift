/// One room's M4 and M5.
public struct PositionFigures: Sendable, Codable {
  public var room: String
  public var recipients: [String]
  public var bias: PositionBias
  public var spread: FanOutSpread

  /// The same from a broadcaster without any bias, in random order, on this machine.
  public var calibration: PositionBias?
  public var calibrationSpread: FanOutSpread?
}
