/// How one gate stands while the run goes on.
public struct RunningVerdict: Sendable, Equatable {
  public let measure: String

  /// What was counted, in few words.
  public let text: String
  public let isKept: Bool

  /// What stands before it. A swarm that is late itself is no fault of the server's.
  var mark: String { isKept ? "✓" : measure == "swarm" ? "?" : "✗" }

  /// Every gate that can be told from running counters: M1, M2, M6 (the send lag), M7 and M9.
  /// Message ids and history are compared when the run is over.
  ///
  /// - Parameter neighbour: the healthy bots' p99 before and since somebody misbehaves, in
  ///   microseconds.
  static func all(_ bots: [BotProgress], neighbour: (before: Int, now: Int)?) -> [RunningVerdict] {
    [
      completeness(bots), senders(bots), order(bots), times(bots), sendLag(bots),
      isolation(neighbour),
    ].compactMap(\.self)
  }

  private static func completeness(_ bots: [BotProgress]) -> RunningVerdict {
    let missing = bots.reduce(0) { $0 + $1.missing }
    let doubled = bots.reduce(0) { $0 + $1.doubled }
    return .init(
      measure: "M1", text: "\(missing) missing, \(doubled) doubled",
      isKept: missing == 0 && doubled == 0)
  }

  private static func senders(_ bots: [BotProgress]) -> RunningVerdict? {
    let shares = bots.compactMap(\.deliveredShare)
    guard let even = Evenness(shares) else { return nil }
    return .init(
      measure: "M2",
      text: "senders Jain \(Words.number(even.jain, 3)), least \(Words.number(even.leastShare, 2))",
      isKept: even.isFair)
  }

  private static func order(_ bots: [BotProgress]) -> RunningVerdict {
    let steps = bots.reduce(0) { $0 + $1.stepsBack }
    return .init(measure: "M7", text: "\(steps) out of order", isKept: steps == 0)
  }

  private static func times(_ bots: [BotProgress]) -> RunningVerdict? {
    let steps = bots.reduce(0) { $0 + $1.timesBack }
    // Most servers give no times; one that does never shows a nought here for lack of them.
    return steps == 0
      ? nil : .init(measure: "M7", text: "\(steps) times backwards", isKept: false)
  }

  /// The p99 of the lag is at most a twentieth of the latency's where at most one message of a
  /// hundred was later than that.
  private static func sendLag(_ bots: [BotProgress]) -> RunningVerdict? {
    let sent = bots.reduce(0) { $0 + $1.judged }
    guard sent > 0 else { return nil }
    let share = Double(bots.reduce(0) { $0 + $1.late }) / Double(sent)
    return .init(
      measure: "swarm", text: "\(Words.number(share * 100, 1)) % sent late", isKept: share <= 0.01)
  }

  private static func isolation(_ neighbour: (before: Int, now: Int)?) -> RunningVerdict? {
    guard let neighbour, neighbour.before > 0 else { return nil }
    let ratio = Double(neighbour.now) / Double(neighbour.before)
    return .init(
      measure: "M9", text: "p99 × \(Words.number(ratio, 2)) beside the bad neighbour",
      isKept: ratio <= Isolation.greatestLatencyRatio)
  }
}
