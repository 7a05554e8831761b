/// One room's M4 and M5; where several nodes share it, first over all of them, for information, and
/// then those of each node among themselves.
public struct PositionFigures: Sendable, Codable {
  public var room: String

  /// The node whose people these are; nil: all of the room.
  public var node: String?
  public var recipients: [String]
  public var bias: PositionBias
  public var spread: FanOutSpread

  /// Who was served how; nil where there is too little to compare, or they are at several nodes.
  public var fairness: FairnessFigures?

  /// The same from a broadcaster without any bias, in random order, on this machine.
  public var calibration: PositionBias?
  public var calibrationSpread: FanOutSpread?

  /// Whom this is about, in words.
  var place: String { node.map { "\(room) at \($0)" } ?? room }

  /// The least and the greatest W of several such calibrations.
  public var calibrationRange: Range?

  /// From the least to the greatest.
  public struct Range: Sendable, Equatable, Codable {
    public var least: Double
    public var greatest: Double
  }
}
