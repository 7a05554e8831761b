/// How alike the people of one room were served.
public struct FairnessFigures: Sendable, Equatable, Codable {
  /// M3: each recipient in the order of the positions, the median of their medians in microseconds,
  /// and the gate.
  public var recipients: [ServedFigures] = []
  public var recipientMedian = 0.0
  public var latency: GateFigures?

  /// M4: how often somebody is first or last, over its fair share; and W.
  public var first: GateFigures?
  public var last: GateFigures?
  public var concordance: ConcordanceFigures?

  /// M4b.
  public var pairs: PairPrecedence?

  /// M6: each sender who said something, the median of their medians, and the gate.
  public var senders: [ServedFigures] = []
  public var senderMedian = 0.0
  public var senderLatency: GateFigures?

  /// The wait for one's own message, over that of the others for the same; nil without echo.
  public var echoMedian = 0.0
  public var echo: GateFigures?
}
