/// M9.
public struct IsolationFigures: Sendable, Codable {
  public var ratios: Isolation

  /// For each stalled reader how many seconds after it stopped it was ended; nil: it was not.
  public var stalledEndedAfter: [Double?]
}
