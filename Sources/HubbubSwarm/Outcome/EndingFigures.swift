/// A connection that ended before the run was over.
public struct EndingFigures: Sendable, Codable, Equatable {
  public var nickname: String
  public var reason: String

  /// Seconds since the beginning of the schedule.
  public var second: Double
}
