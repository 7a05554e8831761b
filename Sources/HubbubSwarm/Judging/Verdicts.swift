/// The sentences of the verdict, from the figures.
struct Verdicts {
  let outcome: Outcome
  let plan: Plan

  var all: [Verdict] {
    [
      completeness, senders, recipients, positions, spread, latency, lag, order, serverTime,
      serverIDs,
    ]
    .compactMap(\.self)
      + [starvation, isolation, connections, bottleneck, throttling].compactMap(\.self)
  }

  private var completeness: Verdict {
    let heard = outcome.totals.completeness
    let altered = outcome.totals.altered
    let isGood = heard.isComplete && altered == 0 && heard.expected > 0
    let isOnlyCutShort =
      outcome.wasCutShort && heard.duplicates == 0 && heard.strays == 0 && altered == 0
    var value =
      "\(heard.lost) lost, \(heard.duplicates) doubled of "
      + Words.grouped(Int64(heard.expected))
    if heard.strays > 0 { value += ", \(heard.strays) astray" }
    if altered > 0 { value += ", \(altered) altered" }
    let worst = outcome.recipients.filter { !$0.completeness.isComplete }.prefix(3)
      .map { "\($0.nickname): \($0.completeness.lost) lost, \($0.completeness.duplicates) doubled" }
    return Verdict(
      measure: "M1", name: "completeness", value: value, gate: "none lost, none doubled",
      standing: isGood ? .passed : isOnlyCutShort ? .doubtful : .failed,
      meaning: isOnlyCutShort
        ? "The run was ended while messages were under way: whether they were lost is not known."
        : worst.isEmpty
          ? "Everyone heard every message exactly once."
          : "Not everyone heard every message exactly once (\(worst.joined(separator: "; "))).")
  }

  private var senders: Verdict? {
    guard let even = outcome.senderEvenness else { return nil }
    let worst =
      outcome.senders.filter { $0.sent > 0 }.min { $0.share < $1.share }?.nickname ?? "?"
    return Verdict(
      measure: "M2", name: "sender fairness", value: Self.text(even),
      gate: "Jain ≥ 0.99, least ≥ 0.9",
      standing: even.isFair ? .passed : outcome.wasCutShort ? .doubtful : .failed,
      meaning: even.isFair
        ? "Every sender's messages got through alike."
        : "Not every sender got through alike; \(worst) was worst off.")
  }

  private var recipients: Verdict? {
    guard let even = outcome.recipientEvenness else { return nil }
    let spread = outcome.medianLatencySpread.map { ", medians differ by \(Words.percent($0))" }
    return Verdict(
      measure: "M3", name: "recipient fairness", value: Self.text(even) + (spread ?? ""),
      gate: "–", standing: .noted,
      meaning: "How alike the recipients were treated, in number and in waiting.")
  }

  private static func text(_ even: Evenness) -> String {
    "Jain \(Words.number(even.jain, 3)), least \(Words.number(even.leastShare, 2)), "
      + "most \(Words.number(even.greatestShare, 2))"
  }

  private var positions: Verdict? {
    guard let worst = outcome.positions.max(by: { $0.bias.concordance < $1.bias.concordance })
    else { return nil }
    var value =
      "W \(Words.number(worst.bias.concordance, 3)) over \(worst.recipients.count)\(outcome.conditions.hasEcho ? "" : " observers")"
    if let calibration = worst.calibration {
      value += ", by chance here \(Words.number(calibration.concordance, 3))"
    }
    return Verdict(
      measure: "M4", name: "position bias", value: value, gate: "–", standing: .noted,
      meaning: "0: everyone is first and last as often as the others; 1: always the same order.")
  }

  private var spread: Verdict? {
    guard let worst = outcome.positions.max(by: { $0.spread.p99 < $1.spread.p99 }) else {
      return nil
    }
    return Verdict(
      measure: "M5", name: "fan-out spread",
      value: "p50 \(Words.time(worst.spread.p50)), p99 \(Words.time(worst.spread.p99)), "
        + "max \(Words.time(worst.spread.greatest))",
      gate: "–", standing: .noted,
      meaning: "How long after the first the last one hears the same message.")
  }

  private var latency: Verdict? {
    guard let response = outcome.response else { return nil }
    return Verdict(
      measure: "M6", name: "latency", value: Words.percentiles(response), gate: "–",
      standing: .noted,
      meaning: "From when a message was due to when it was heard.")
  }

  private var lag: Verdict? {
    guard let lag = outcome.sendLag else { return nil }
    return Verdict(
      measure: "swarm", name: "send lag",
      value: "p99 \(Words.time(lag.p99)) of a latency of \(Words.time(lag.latencyP99))",
      gate: "≤ 5 %", standing: lag.isValid ? .passed : .doubtful,
      meaning: lag.isValid
        ? "The swarm kept its schedule: the latency is the server's."
        : "The swarm sent late, so part of the latency is its own. Fewer bots, a lower rate or more "
          + "cores give sounder figures.")
  }

  private var order: Verdict {
    let order = outcome.order
    let isGood = order.disagreement.pairs == 0 && order.senderOrderBreaks == 0
    var value = "\(order.disagreement.pairs) pairs in another order"
    if order.senderOrderBreaks > 0 { value += ", \(order.senderOrderBreaks) steps back" }
    if order.disagreement.outOfPlace > 0 {
      value += " (\(order.disagreement.outOfPlace) of \(order.disagreement.messages) out of place)"
    }
    return Verdict(
      measure: "M7", name: "order", value: value, gate: "0",
      standing: isGood ? .passed : .failed,
      meaning: isGood
        ? "Everyone was told the same story."
        : order.senderOrderBreaks > 0
          ? "Somebody's own messages arrived in another order than they were said."
          : "People in one room were told the story in different orders.")
  }

  private var serverTime: Verdict? {
    guard outcome.order.serverTimes > 0 else { return nil }
    let breaks = outcome.order.serverTimeBreaks
    return Verdict(
      measure: "M7", name: "server time", value: "\(breaks) steps back", gate: "0",
      standing: breaks == 0 ? .passed : .failed,
      meaning: breaks == 0
        ? "The times on the messages never run backwards."
        : "The times on the messages run backwards.")
  }

  private var serverIDs: Verdict? {
    guard outcome.order.serverIDs > 0 else { return nil }
    let breaks = outcome.order.serverIDBreaks
    return Verdict(
      measure: "M7", name: "message ids", value: "\(breaks) that differ", gate: "0",
      standing: breaks == 0 ? .passed : .failed,
      meaning: breaks == 0
        ? "Each message has one id, and everyone is told the same."
        : "People were told different ids for one message, or one id for two.")
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
    return Verdict(
      measure: "M8", name: "starvation", value: value, gate: "–", standing: .noted,
      meaning: "The longest that anyone's messages had to wait for one of them to be delivered.")
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
    return Verdict(
      measure: "M9", name: "isolation", value: value, gate: "≤ 1.5, ≥ 0.95",
      standing: ratios.isIsolated ? .passed : .failed,
      meaning: ratios.isIsolated
        ? "A bad neighbour did not cost the others."
        : "A bad neighbour cost the others.")
  }

  private var connections: Verdict? {
    let expected = Set((0..<plan.stalled).map { "stall-\($0)" } + ["flood-0"])
    let lost = outcome.endings.filter { !expected.contains($0.nickname) }
    guard let first = lost.first else { return nil }
    let hint = Hints.hint(for: first.reason).map { " \($0)" } ?? ""
    return Verdict(
      measure: "swarm", name: "connections", value: "\(lost.count) ended early", gate: "0",
      standing: .failed, meaning: "\(first.nickname): \(first.reason)\(hint)")
  }

  private var bottleneck: Verdict? {
    guard case .saturate = plan.load, let cost = outcome.swarmCost else { return nil }
    let server = cost.serverShare.map { ", the server \(Words.percent($0))" } ?? ""
    return Verdict(
      measure: "swarm", name: "bottleneck",
      value: "the bots took \(Words.percent(cost.machineShare)) of the machine\(server)",
      gate: "–", standing: cost.isBottleneck ? .doubtful : .noted,
      meaning: cost.isBottleneck
        ? "The bots, and not the server, were the slow ones: the server may be faster than this."
        : "The server had its part of the machine.")
  }

  /// A server that slows senders down drops nothing and refuses nothing: messages only wait ever longer.
  private var throttling: Verdict? {
    let medians = outcome.timeline.map(\.p50)
    let quarter = medians.count / 4
    guard quarter > 0 else { return nil }
    let first = Array(medians.prefix(quarter)).sorted().quantile(0.5)
    let last = Array(medians.suffix(quarter)).sorted().quantile(0.5)
    guard last > 3 * first, last > 100_000 else { return nil }
    return Verdict(
      measure: "swarm", name: "throttling",
      value: "waits grew from \(Words.time(first)) to \(Words.time(last))", gate: "–",
      standing: .doubtful,
      meaning:
        "Messages waited ever longer: the server slows fast senders down, or this is more than it "
        + "can carry. Try a lower --rate. \(Hints.hint(for: "flood") ?? "")")
  }
}
