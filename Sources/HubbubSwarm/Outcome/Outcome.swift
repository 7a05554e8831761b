/// What a run showed: every figure of the report, as it stands in the JSON.
public struct Outcome: Sendable, Codable {
  /// The version of this format. It grows when a field comes, changes its meaning or goes away.
  public static let formatVersion = 2

  public var format = Outcome.formatVersion
  public var conditions: Conditions
  public var totals = Totals()
  public var senders: [SenderFigures] = []
  public var recipients: [RecipientFigures] = []

  /// M2 over the senders, M3 over the recipients; nil where nothing was delivered.
  public var senderEvenness: Evenness?
  public var recipientEvenness: Evenness?

  /// M3: the greatest less the least of the recipients' median latencies, over the median of them.
  public var medianLatencySpread: Double?

  /// M4 and M5, room by room; nil where fewer than two recipients get every message.
  public var positions: [PositionFigures] = []

  /// M6.
  public var response: LatencyPercentiles?
  public var service: LatencyPercentiles?
  public var sendLag: SendLag?

  /// M7.
  public var order = OrderFigures()

  /// M8.
  public var starvation = StarvationFigures()

  /// M9; nil in a run without troublemakers.
  public var isolation: IsolationFigures?

  /// Nil where the server's process is not known.
  public var cost: CostFigures?
  public var swarmCost: SwarmCostFigures?
  public var idle: IdleFigures?

  /// Latency over time, and its whole distribution, for the pictures.
  public var timeline: [TimelinePoint] = []
  public var responseCurve: [CurvePoint] = []
  public var serviceCurve: [CurvePoint] = []

  /// What the server refused, and whose connection it ended.
  public var refusals: [String: RefusalFigures] = [:]
  public var endings: [EndingFigures] = []

  /// Whether somebody ended the wait for messages that were still under way.
  public var wasCutShort = false

  /// Whether nothing moved any more before all was said.
  public var stoodStill = false

  public var verdicts: [Verdict] = []

  /// Whether every gate held.
  public var isGood: Bool { !verdicts.contains { $0.standing == .failed } }
}
