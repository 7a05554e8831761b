/// The sentences of the verdict, from the figures: what is said of the server.
struct Verdicts {
  let outcome: Outcome
  let plan: Plan

  /// From where on it is said who is first and who is last.
  static let notableConcordance = 0.1

  var all: [Verdict] {
    [
      completeness, senders, recipients, positions, spread, latency, lag, order, serverTime,
      serverIDs, history, starvation, isolation, connections, standstill, bottleneck, throttling,
    ]
    .compactMap(\.self)
  }

  private var completeness: Verdict {
    let heard = outcome.totals.completeness
    let altered = outcome.totals.altered
    let isOnlyCutShort =
      outcome.wasCutShort && heard.duplicates == 0 && heard.strays == 0 && altered == 0
    var value =
      "\(heard.lost) lost, \(heard.duplicates) doubled of \(Words.grouped(Int64(heard.expected)))"
    if heard.strays > 0 { value += ", \(heard.strays) astray" }
    if altered > 0 { value += ", \(altered) altered" }
    let worst = outcome.recipients.filter { !$0.completeness.isComplete }.prefix(3)
      .map { "\($0.nickname): \($0.completeness.lost) lost, \($0.completeness.duplicates) doubled" }
    return .gated(
      "M1", "completeness", value, gate: "none lost, none doubled",
      isKept: heard.isComplete && altered == 0 && heard.expected > 0,
      good: "Everyone heard every message exactly once.",
      bad: isOnlyCutShort
        ? "The run was ended while messages were under way: whether they were lost is not known."
        : "Not everyone heard every message exactly once"
          + (worst.isEmpty ? "." : " (\(worst.joined(separator: "; ")))."),
      otherwise: isOnlyCutShort ? .doubtful : .failed)
  }

  private var senders: Verdict? {
    guard let even = outcome.senderEvenness else { return nil }
    let worst =
      outcome.senders.filter { $0.sent > 0 }.min { $0.share < $1.share }?.nickname ?? "?"
    return .gated(
      "M2", "sender fairness", Self.text(even), gate: "Jain ≥ 0.99, least ≥ 0.9",
      isKept: even.isFair, good: "Every sender's messages got through alike.",
      bad: "Not every sender got through alike; \(worst) was worst off.",
      otherwise: outcome.wasCutShort ? .doubtful : .failed)
  }

  private var recipients: Verdict? {
    guard let even = outcome.recipientEvenness else { return nil }
    let spread = outcome.medianLatencySpread.map { ", medians differ by \(Words.percent($0))" }
    return .noted(
      "M3", "recipient fairness", Self.text(even) + (spread ?? ""),
      "How alike the recipients were treated, in number and in waiting.")
  }

  private static func text(_ even: Evenness) -> String {
    "Jain \(Words.number(even.jain, 3)), least \(Words.number(even.leastShare, 2)), "
      + "most \(Words.number(even.greatestShare, 2))"
  }

  private var positions: Verdict? {
    guard let worst = outcome.positions.max(by: { $0.bias.concordance < $1.bias.concordance })
    else { return nil }
    var value = "W \(Words.number(worst.bias.concordance, 3)) over \(worst.recipients.count)"
    if !outcome.conditions.hasEcho { value += " observers" }
    if let calibration = worst.calibration {
      value += ", by chance here \(Words.number(calibration.concordance, 3))"
    }
    return .noted(
      "M4", "position bias", value + Self.ends(of: worst),
      "0: everyone is first and last as often as the others; 1: always the same order.")
  }

  /// Who stands at the ends of the line, where there is one: chance gives no names.
  private static func ends(of position: PositionFigures) -> String {
    let bias = position.bias
    guard bias.concordance >= Self.notableConcordance,
      let first = bias.meanRanks.indices.min(by: { bias.meanRanks[$0] < bias.meanRanks[$1] }),
      let last = bias.meanRanks.indices.max(by: { bias.meanRanks[$0] < bias.meanRanks[$1] })
    else { return "" }
    return ", \(position.recipients[first]) first and \(position.recipients[last]) last on average"
  }

  private var spread: Verdict? {
    guard let worst = outcome.positions.max(by: { $0.spread.p99 < $1.spread.p99 }) else {
      return nil
    }
    return .noted(
      "M5", "fan-out spread",
      "p50 \(Words.time(worst.spread.p50)), p99 \(Words.time(worst.spread.p99)), "
        + "max \(Words.time(worst.spread.greatest))",
      "How long after the first the last one hears the same message.")
  }

  private var latency: Verdict? {
    outcome.response.map {
      .noted(
        "M6", "latency", Words.percentiles($0), "From when a message was due to when it was heard.")
    }
  }

  private var order: Verdict {
    let order = outcome.order
    var value = "\(order.disagreement.pairs) pairs in another order"
    if order.senderOrderBreaks > 0 { value += ", \(order.senderOrderBreaks) steps back" }
    if order.disagreement.outOfPlace > 0 {
      value += " (\(order.disagreement.outOfPlace) of \(order.disagreement.messages) out of place)"
    }
    return .gated(
      "M7", "order", value, gate: "0",
      isKept: order.disagreement.pairs == 0 && order.senderOrderBreaks == 0,
      good: "Everyone was told the same story.",
      bad: (order.senderOrderBreaks > 0
        ? "Somebody's own messages arrived in another order than they were said"
        : "People in one room were told the story in different orders")
        + worstOrder + ".")
  }

  /// Who heard the story most differently.
  private var worstOrder: String {
    func breaks(_ recipient: RecipientFigures) -> Int {
      recipient.disagreement.pairs + recipient.senderOrderBreaks
    }
    guard let worst = outcome.recipients.max(by: { breaks($0) < breaks($1) }), breaks(worst) > 0
    else { return "" }
    return "; worst off: \(worst.nickname)"
  }

  private var serverTime: Verdict? {
    guard outcome.order.serverTimes > 0 else { return nil }
    let breaks = outcome.order.serverTimeBreaks
    return .gated(
      "M7", "server time", "\(breaks) steps back", gate: "0", isKept: breaks == 0,
      good: "The times on the messages never run backwards.",
      bad: "The times on the messages run backwards.")
  }

  private var serverIDs: Verdict? {
    guard outcome.order.serverIDs > 0 else { return nil }
    let breaks = outcome.order.serverIDBreaks
    return .gated(
      "M7", "message ids", "\(breaks) that differ", gate: "0", isKept: breaks == 0,
      good: "Each message has one id, and everyone is told the same.",
      bad: "People were told different ids for one message, or one id for two.")
  }

  private var history: Verdict {
    let name = "history"
    guard let history = outcome.order.history else {
      return .noted(
        "M7", name, plan.isPlain ? "not asked for" : "no history on this server",
        "Whether the history tells what was heard live, in the same order.")
    }
    if let failure = history.failure {
      return .noted(
        "M7", name, "not given: \(failure)",
        "The server offers its history, and did not give it.", standing: .doubtful)
    }
    let remembered = Words.grouped(Int64(history.remembered))
    return .gated(
      "M7", name,
      "\(history.disagreement.pairs) pairs in another order, \(history.missing) missing, "
        + "\(history.doubled) doubled of the last \(remembered) messages",
      gate: "0", isKept: history.isTrue && history.remembered > 0,
      good: "The history tells what was heard live, in the same order.",
      bad: history.remembered == 0
        ? "The server offers its history, and remembers nothing of this run."
        : "The history tells another story than was heard live.",
      otherwise: history.isTrue ? .doubtful : .failed)
  }

  private var starvation: Verdict? {
    guard let worst = outcome.senders.max(by: { $0.longestWaitPeriods < $1.longestWaitPeriods })
    else { return nil }
    var value =
      "\(worst.nickname) waited \(Words.time(worst.longestWaitMilliseconds * 1_000)) "
      + "(\(Words.number(worst.longestWaitPeriods, 1)) periods)"
    if let run = outcome.starvation.longestRunSender {
      value += ", \(outcome.starvation.longestRunMessages) in a row of \(run)"
    }
    return .noted(
      "M8", "starvation", value,
      "The longest that anyone's messages had to wait for one of them to be delivered.")
  }

  private var isolation: Verdict? {
    guard let isolation = outcome.isolation else { return nil }
    let ratios = isolation.ratios
    var value =
      "p99 × \(Words.number(ratios.latencyRatio, 2)), throughput × "
      + Words.number(ratios.throughputRatio, 2)
    let ended = isolation.stalledEndedAfter.compactMap(\.self)
    if !isolation.stalledEndedAfter.isEmpty {
      value += ", \(ended.count) of \(isolation.stalledEndedAfter.count) stalled ended"
      if let last = ended.max() { value += " within \(Words.number(last, 1)) s" }
    }
    if let cost = outcome.cost, cost.memoryBefore > 0 {
      let growth = Double(max(cost.memoryPeak - cost.memoryBefore, 0)) / 1_024
      value += ", memory grew by \(Words.number(growth, 1)) MiB at most"
    }
    return .gated(
      "M9", "isolation", value, gate: "≤ 1.5, ≥ 0.95", isKept: ratios.isIsolated,
      good: "A bad neighbour did not cost the others.", bad: "A bad neighbour cost the others.")
  }
}
