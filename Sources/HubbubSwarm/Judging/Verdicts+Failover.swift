extension Verdicts {
  // MARK: - Those whose node died: M10

  /// M10; nil in a run in which nobody would go on at another node.
  var failover: Verdict? {
    guard let failover = outcome.failover else { return nil }
    let name = "failover"
    guard !failover.moves.isEmpty || !failover.stranded.isEmpty else {
      return .noted(
        "M10", name, "not tested: no node died",
        "Whether those whose node dies go on at another one.", standing: .doubtful)
    }
    let faults = Self.faults(failover)
    var verdict = Verdict.gated(
      "M10", name, Self.value(failover), gate: "all back, none missing or doubled",
      isKept: faults.isEmpty && failover.historyFailure == nil,
      good: "Those whose node died went on at another one, and have what the others have. "
        + Self.losses(failover),
      bad: faults.isEmpty
        ? "Those whose node died could not ask for what they missed: "
          + "\(failover.historyFailure ?? "")".sentence
        : faults.joined(separator: "; ").sentence,
      otherwise: faults.isEmpty ? .doubtful : .failed)
    if verdict.standing == .failed {
      verdict.who = failover.stranded + failover.dropped.map(\.nickname)
    }
    return verdict
  }

  private static func value(_ failover: FailoverFigures) -> String {
    let moves = failover.moves
    let away = moves.map(\.awaySeconds).max() ?? 0
    let silence = moves.map(\.silenceSeconds).max() ?? 0
    let all = moves.count + failover.stranded.count
    let given =
      failover.historyFailure == nil
      ? "\(failover.recovered) of \(failover.missed) missed recovered, "
        + "\(failover.doubled) doubled, \(failover.disagreement.pairs) pairs in another order"
      : "what they missed not recovered"
    return "\(moves.count) of \(all) back within \(Words.time(away * 1e6)), \(given); silence "
      + "\(Words.time(silence * 1e6)), of the others "
      + "\(Words.time(failover.othersSilenceSeconds * 1e6)); \(failover.inFlight) lost in flight"
  }

  /// What nobody can be blamed for.
  private static func losses(_ failover: FailoverFigures) -> String {
    "Lost with the node: \(Words.count(failover.inFlight, "message")) of theirs that nobody had "
      + "heard; not said meanwhile: \(failover.unsaid)."
  }

  /// What is wrong, in words.
  private static func faults(_ failover: FailoverFigures) -> [String] {
    var faults: [String] = []
    if let first = failover.stranded.first {
      faults.append("no node let \(first) in again, and \(failover.stranded.count) so in all")
    }
    if let first = failover.dropped.first {
      faults.append(
        "\(first.nickname) lost its connection to \(first.from), which lived on for others, and "
          + "\(failover.dropped.count) did so in all")
    }
    if failover.historyFailure == nil, !failover.isWhole {
      faults.append(
        "those whose node died do not have what the others have: "
          + "\(failover.missed - failover.recovered) missing, \(failover.doubled) doubled, "
          + "\(failover.disagreement.pairs) pairs in another order")
    }
    return faults
  }
}
