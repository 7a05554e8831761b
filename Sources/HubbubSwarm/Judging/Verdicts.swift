/// The sentences of the verdict, from the figures: what is said of the server.
struct Verdicts {
  let outcome: Outcome
  let plan: Plan

  var all: [Verdict] {
    [
      completeness, identity, senders, recipients, recipientLatency, browsers, nodes, ends,
      concordance, pairs,
      spread, latency, lag, senderLatency, echo, order, serverTime, serverIDs, history, recovery,
      failover, senderWait, recipientWait, stalls, isolation, connections, standstill, bottleneck,
      throttling,
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
    if let lost = outcome.failover?.inFlight, lost > 0 { value += ", \(lost) sent and never heard" }
    let worst = incomplete
    let named = worst.words.isEmpty ? "." : ": \(worst.words)."
    var verdict = Verdict.gated(
      "M1", "completeness", value, gate: "none lost, none doubled",
      isKept: heard.isComplete && altered == 0 && heard.expected > 0,
      good: "Everyone heard every message exactly once.",
      bad: isOnlyCutShort
        ? "The run was ended while messages were under way: whether they were lost is not known."
        : "Not everyone heard every message exactly once" + named,
      otherwise: isOnlyCutShort ? .doubtful : .failed)
    if verdict.standing == .failed { verdict.who = worst.who }
    return verdict
  }

  /// Who missed something, heard it twice or changed; where most did, whose messages those were.
  private var incomplete: (who: [String], words: String) {
    func faults(_ recipient: RecipientFigures) -> Int {
      let heard = recipient.completeness
      return heard.lost + heard.duplicates + heard.strays + recipient.altered
    }
    let worst = outcome.recipients.filter { faults($0) > 0 }.sorted { faults($0) > faults($1) }
    let senders = outcome.senders.filter { $0.sent > 0 && $0.share < 1 }
      .sorted { $0.share < $1.share }
    let isOfSenders =
      outcome.conditions.rate != nil && worst.count * 2 > outcome.recipients.count
      && !senders.isEmpty && senders.count * 2 < outcome.senders.count
    if isOfSenders {
      let words = senders.prefix(3).map {
        "of what \($0.nickname) said \(Words.number((1 - $0.share) * 100, 1)) % reached nobody"
      }
      return (senders.prefix(5).map(\.nickname), words.joined(separator: "; "))
    }
    let words = worst.prefix(3).map { recipient in
      let heard = recipient.completeness
      var parts = ["\(heard.lost) lost", "\(heard.duplicates) doubled"]
      if heard.strays > 0 { parts.append("\(heard.strays) astray") }
      if recipient.altered > 0 { parts.append("\(recipient.altered) of the lost came changed") }
      return "\(recipient.nickname) \(parts.joined(separator: ", "))"
    }
    let rest = worst.count > 3 ? " and \(worst.count - 3) more" : ""
    return (worst.prefix(5).map(\.nickname), words.joined(separator: "; ") + rest)
  }

  private var senders: Verdict? {
    guard let even = outcome.senderEvenness else { return nil }
    let worst =
      outcome.senders.filter { $0.sent > 0 }.min { $0.share < $1.share }?.nickname ?? "?"
    let least = plan.gates[.senderShare]
    let isKept = even.jain >= 0.99 && even.leastShare >= least
    var verdict = Verdict.gated(
      "M2", "sender fairness", Self.text(even, least: least),
      gate: "Jain ≥ 0.99, least ≥ \(Words.exact(least))",
      isKept: isKept, good: "Every sender's messages got through alike.",
      bad: "Not every sender got through alike; \(worst) was worst off.",
      otherwise: outcome.wasCutShort ? .doubtful : .failed)
    verdict.figure = even.leastShare
    verdict.threshold = least
    if verdict.standing == .failed { verdict.who = [worst] }
    return verdict
  }

  private var recipients: Verdict? {
    guard let even = outcome.recipientEvenness else { return nil }
    let spread = outcome.medianLatencySpread.map { ", medians differ by \(Words.percent($0))" }
    return .noted(
      "M3", "recipient fairness", Self.text(even) + (spread ?? ""),
      "How alike the recipients were treated, in number and in waiting.")
  }

  private static func text(_ even: Evenness, least: Double? = nil) -> String {
    "Jain \(Words.deciding(even.jain, against: 0.99, digits: 3)), least "
      + Words.deciding(even.leastShare, against: least ?? 0.9, digits: 2)
      + ", most \(Words.number(even.greatestShare, 2))"
  }

  private var spread: Verdict? {
    // Over all of a room, whoever is where.
    let rooms = outcome.positions.filter { $0.node == nil }
    guard let worst = rooms.max(by: { $0.spread.p99 < $1.spread.p99 }) else { return nil }
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
    var verdict = Verdict.gated(
      "M7", "order", value, gate: "0",
      isKept: order.disagreement.pairs == 0 && order.senderOrderBreaks == 0,
      good: "Everyone was told the same story.",
      bad: (order.senderOrderBreaks > 0
        ? "Somebody's own messages arrived in another order than they were said"
        : "People in one room were told the story in different orders")
        + (disordered.isEmpty ? "." : "; worst off: \(disordered.joined(separator: ", "))."))
    verdict.who = disordered
    return verdict
  }

  /// Who heard the story most differently.
  private var disordered: [String] {
    func breaks(_ recipient: RecipientFigures) -> Int {
      recipient.disagreement.pairs + recipient.senderOrderBreaks
    }
    let worst = outcome.recipients.filter { breaks($0) > 0 }.sorted { breaks($0) > breaks($1) }
    return worst.prefix(3).map(\.nickname)
  }

  private var serverTime: Verdict? {
    guard outcome.order.serverTimes > 0 else { return nil }
    let breaks = outcome.order.serverTimeBreaks
    let culprit = outcome.order.serverTimeCulprit
    let distance = Words.time(Double(outcome.order.serverTimeFurthest) * 1_000)
    var verdict = Verdict.gated(
      "M7", "server time", "\(breaks) steps back", gate: "0", isKept: breaks == 0,
      good: "The times on the messages never run backwards.",
      bad: "The times on the messages run backwards, \(distance) at most; most often on those of "
        + "\(culprit ?? "nobody in particular").")
    if breaks > 0, let culprit { verdict.who = [culprit] }
    return verdict
  }

  private var serverIDs: Verdict? {
    guard outcome.order.serverIDs > 0 else { return nil }
    let breaks = outcome.order.serverIDBreaks
    let deceived = outcome.order.serverIDDeceived
    var verdict = Verdict.gated(
      "M7", "message ids", "\(breaks) that differ", gate: "0", isKept: breaks == 0,
      good: "Everyone is told the same id for a message.",
      bad: "People were told different ids for one message: \(deceived.joined(separator: ", ")).")
    verdict.who = deceived
    return verdict
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
}
