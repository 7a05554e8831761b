/// The screen at the end of a run.
public struct Summary: Sendable {
  private let outcome: Outcome
  private let isColoured: Bool

  public init(_ outcome: Outcome, isColoured: Bool = false) {
    self.outcome = outcome
    self.isColoured = isColoured
  }

  /// Its lines, without endings.
  public var lines: [String] {
    var lines = [header, ""] + totals
    if outcome.endedEarly {
      let seconds = Words.number(outcome.totals.measuredSeconds, 1)
      lines.append("cut short  ended by hand after \(seconds) s of what was asked for")
    }
    lines += latency + nodes + cost + [""]
    lines += outcome.verdicts.flatMap { verdict($0) }
    return lines + refusals + ["", ending]
  }

  private var header: String {
    let given = outcome.conditions
    let load =
      given.rate.map { "\(Words.short($0)) messages/s, \(given.pattern.rawValue)" }
      ?? "as fast as it goes, window \(given.window ?? 0)"
    let rooms = given.rooms == 1 ? "one room" : "\(given.rooms) rooms"
    return "\(given.server): \(Words.count(given.bots, "bot")) in \(rooms), \(load), "
      + "\(given.textBytes) bytes, echo \(given.hasEcho ? "on" : "off"), seed \(given.seed), "
      + Words.count(given.cores, "core") + trouble
  }

  /// Who misbehaves or moves about in this run.
  private var trouble: String {
    let given = outcome.conditions
    var parts: [String] = []
    if given.stalled > 0 { parts.append(Words.count(given.stalled, "stalled reader")) }
    if let factor = given.flooderFactor { parts.append("a flooder × \(Words.exact(factor))") }
    if given.hasChurn { parts.append("churn") }
    return parts.isEmpty ? "" : ", with \(parts.joined(separator: ", "))"
  }

  private var totals: [String] {
    let totals = outcome.totals
    return [
      "arrived    \(Words.number(Double(totals.completeness.distinct), 0)) of "
        + "\(Words.number(Double(totals.completeness.expected), 0)) deliveries of "
        + "\(Words.number(Double(totals.sent), 0)) messages",
      "speed      \(Words.number(totals.deliveriesPerSecond, 0)) deliveries/s, "
        + "\(Words.number(totals.messagesPerSecond, 0)) messages/s over "
        + "\(Words.number(totals.measuredSeconds, 1)) s",
    ]
  }

  private var latency: [String] {
    [("response", outcome.response), ("service", outcome.service)].compactMap { name, figures in
      figures.map { pad(name, 11) + Words.percentiles($0) }
    }
  }

  /// A line for each of several nodes.
  private var nodes: [String] {
    zip(outcome.conditions.nodes, outcome.nodes).map { given, node in
      let latency = node.response.map {
        "p50 \(Words.time($0.p50)), p99 \(Words.time($0.p99)), "
      }
      return "node       \(given.address): \(Words.count(given.bots, "bot")), "
        + "\(Words.count(given.observers, "observer")); \(latency ?? "")"
        + "first in \(Words.percent(node.firstShare)), last in \(Words.percent(node.lastShare)), "
        + "by lot \(Words.percent(node.fairShare))"
    }
  }

  private var cost: [String] {
    var lines: [String] = []
    if let cost = outcome.cost {
      lines.append(
        "server     \(Words.time(cost.processorPerDelivery)) of processor time a delivery, "
          + "memory \(Words.memory(cost.memoryAfter)) (at most \(Words.memory(cost.memoryPeak)))")
    }
    if let idle = outcome.idle {
      let memory = idle.memoryPerClient.map { ", \(Words.number($0, 1)) KiB each" } ?? ""
      lines.append(
        "idle       \(idle.clients) clients in their rooms after "
          + "\(Words.number(idle.enrolmentSeconds, 2)) s\(memory), \(idle.lost) lost")
    }
    return lines
  }

  private func verdict(_ verdict: Verdict) -> [String] {
    let mark =
      switch verdict.standing {
      case .passed: paint("✓", 32)
      case .failed: paint("✗", 31)
      case .doubtful: paint("?", 33)
      case .noted: "·"
      }
    let first =
      "\(mark) \(pad(verdict.measure, 6))\(pad(verdict.name, 19))\(verdict.value)"
      + (verdict.gate == "–" ? "" : "  [\(verdict.gate)]")
    let isTrouble = verdict.standing == .failed || verdict.standing == .doubtful
    return isTrouble ? [first, "         \(verdict.meaning)"] : [first]
  }

  private var refusals: [String] {
    guard !outcome.refusals.isEmpty else { return [] }
    return outcome.refusals.sorted { $0.key < $1.key }.flatMap { name, figures in
      let line = "refused    \(name) \(figures.count) times: \(figures.words)"
      return [line] + (Hints.hint(for: figures.words).map { ["           \($0)"] } ?? [])
    }
  }

  private var ending: String {
    let colour =
      switch outcome.result {
      case .held: 32
      case .failed: 31
      case .notEnough: 33
      }
    return paint(outcome.sentence, colour)
  }

  private func paint(_ text: String, _ colour: Int) -> String {
    isColoured ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 1))
  }
}
