/// How those at one of several nodes were served, beside those at the others.
public struct NodeFigures: Sendable, Codable, Equatable {
  public var address: String

  /// How many heard all the while, and how long messages took to them, from when they were due.
  public var recipients: Int
  public var response: LatencyPercentiles?

  /// The median, in microseconds, of what was said at this node and of what was said at others, to
  /// three percent; nil where there was none.
  public var ownP50: Double?
  public var otherP50: Double?

  /// The share of the messages that somebody here heard first, and last, and what that would be if
  /// all were served by lot.
  public var firstShare: Double
  public var lastShare: Double
  public var fairShare: Double
}
