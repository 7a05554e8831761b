/// A time in which the whole server stood still.
public struct StallFigures: Sendable, Equatable, Codable {
  /// Seconds since the beginning of the schedule.
  public var second: Double
  public var milliseconds: Double
}
