/// M8.
public struct StarvationFigures: Sendable, Codable {
  /// How long one sender, and one recipient, waited beyond what everybody waited, in a sender's
  /// mean periods; and that period in milliseconds.
  public var senderWait: GateFigures?
  public var recipientWait: GateFigures?
  public var periodMilliseconds = 0.0

  /// When nothing was heard by anybody although messages of several were on their way; the first
  /// hundred of this many.
  public var stalls: [StallFigures] = []
  public var stallCount = 0
  public var longestRunSender: String?
  public var longestRunMessages = 0
  public var leastJainOver2n: Double?
  public var leastJainOver10n: Double?
}
