/// M9.
public struct IsolationFigures: Sendable, Codable {
  public var ratios: Isolation

  /// The middle of the 99th percentiles of quarters of a second, with over before, and how often
  /// chance makes as much of two halves of one kind; nil in a run that is too short.
  public var slotRatio: Double?
  public var chance: Double?

  /// The same from a run without anybody who misbehaves: what this machine does by itself.
  public var nullRatio: Double?

  /// For each stalled reader how many seconds after it stopped it was ended; nil: it was not.
  public var stalledEndedAfter: [Double?]
}
