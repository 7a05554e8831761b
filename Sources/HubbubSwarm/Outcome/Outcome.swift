/// What a run showed: every figure of the report, as it stands in the JSON.
public struct Outcome: Sendable, Codable {
  /// The version of this format. It grows when a field comes, changes its meaning or goes away.
  public static let formatVersion = 6

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

  /// M4 and M5, room by room, and by node where several share it; none of a room in which fewer
  /// than two recipients get every message.
  public var positions: [PositionFigures] = []

  /// How those at each node were served, for information; empty where there is one server.
  public var nodes: [NodeFigures] = []

  /// M6.
  public var response: LatencyPercentiles?
  public var service: LatencyPercentiles?
  public var sendLag: SendLag?

  /// M7.
  public var order = OrderFigures()

  /// M10; nil in a run in which nobody left to come back.
  public var recovery: RecoveryFigures?

  /// M10 of those whose node died; nil where nobody would go on at another.
  public var failover: FailoverFigures?

  /// M11.
  public var identity = IdentityFigures()

  /// M8.
  public var starvation = StarvationFigures()

  /// M9; nil in a run without troublemakers.
  public var isolation: IsolationFigures?

  /// For each stalled reader how many seconds after it stopped its connection was full, so that the
  /// server had to keep what was for it; nil: it never was.
  public var stalledFullAfter: [Double?] = []

  /// Why nobody helped to fill them; nil where somebody did, or there was nobody to fill.
  public var fillerRefusal: String?

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

  /// Whether somebody ended the sending before its time.
  public var endedEarly = false

  /// Whether nothing moved any more before all was said.
  public var stoodStill = false

  public var verdicts: [Verdict] = []

  /// Whether no gate failed. That some could not be told is no failure.
  public var isGood: Bool { !verdicts.contains { $0.standing == .failed } }

  /// What the run came to in all.
  public var result = Result.notEnough

  /// Sets the verdicts, and what they come to.
  mutating func judge(by verdicts: [Verdict]) {
    self.verdicts = verdicts
    result = Result(verdicts)
  }

  /// What the run came to, in one line.
  var sentence: String {
    func names(_ standing: Verdict.Standing) -> String {
      verdicts.filter { $0.standing == standing }.map(\.name).joined(separator: ", ")
    }
    return switch result {
    case .held: "All gates hold."
    case .failed: "Failed: \(names(.failed))."
    case .notEnough: "Not enough to tell: \(names(.doubtful)). All other gates hold."
    }
  }

  /// The three outcomes.
  public enum Result: String, Sendable, Codable {
    /// Every gate was judged, and holds.
    case held

    /// At least one gate failed.
    case failed

    /// None failed, and at least one could not be judged.
    case notEnough

    init(_ verdicts: [Verdict]) { self.init(standings: verdicts.map(\.standing)) }

    init(standings: [Verdict.Standing]) {
      self =
        standings.contains(.failed) ? .failed : standings.contains(.doubtful) ? .notEnough : .held
    }

    /// What the program ends with.
    public var exitCode: Int32 {
      switch self {
      case .held: 0
      case .failed: 1
      case .notEnough: 3
      }
    }
  }
}
