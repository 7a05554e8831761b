/// One recipient.
public struct RecipientFigures: Sendable, Codable {
  public var nickname: String
  public var completeness: Completeness
  public var deliveriesPerSecond: Double
  public var medianLatency: Double
  public var disagreement: Disagreement
  public var senderOrderBreaks: Int
  public var longestWaitMilliseconds: Double

  /// Messages that reached it changed or cut.
  public var altered = 0
}
