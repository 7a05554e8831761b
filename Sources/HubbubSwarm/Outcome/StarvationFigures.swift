/// M8.
public struct StarvationFigures: Sendable, Codable {
  public var longestRunSender: String?
  public var longestRunMessages = 0
  public var leastJainOver2n: Double?
  public var leastJainOver10n: Double?
}
