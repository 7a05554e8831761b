/// Those whose node died, and when they were back.
struct FailoverSection {
  let outcome: Outcome

  /// Empty where nobody lost its node.
  var html: String {
    guard let failover = outcome.failover, !failover.moves.isEmpty else { return "" }
    return Markup.section(
      "Whose node died",
      "For each one the time from when it lost its node until it was in its room again; from left "
        + "to right the time of the run. What was on its way from them and nobody heard is lost "
        + "with the node, and counted below.",
      bars(failover).html + Markup.table(["", ""], rows(failover)))
  }

  private func bars(_ failover: FailoverFigures) -> Bars {
    let end = outcome.timeline.last?.second ?? 0
    return Bars(
      bars: failover.moves.enumerated().map { index, move in
        let path = "failover.moves.\(index)"
        let away = Markup.figure(
          "\(path).awaySeconds", move.awaySeconds, Words.time(move.awaySeconds * 1e6))
        let silence = Markup.figure(
          "\(path).silenceSeconds", move.silenceSeconds, Words.time(move.silenceSeconds * 1e6))
        let to = Markup.words("\(path).to", move.to)
        return .init(
          name: Markup.words("\(path).nickname", move.nickname), value: move.awaySeconds,
          text: "\(away) to \(to), heard nothing for \(silence)", isBad: move.isDropped,
          start: max(move.second, 0))
      },
      end: max(end, failover.moves.map { $0.second + $0.awaySeconds }.max() ?? 0))
  }

  private func rows(_ failover: FailoverFigures) -> [[String]] {
    func row(_ name: String, _ field: String, _ value: Int) -> [String] {
      [name, Markup.figure("failover.\(field)", value)]
    }
    return [
      row("messages lost in flight", "inFlight", failover.inFlight),
      row("messages not said while away", "unsaid", failover.unsaid),
      row("messages missed while away", "missed", failover.missed),
      row("of these recovered from the history", "recovered", failover.recovered),
      row("doubled", "doubled", failover.doubled),
      row("pairs in another order", "disagreement.pairs", failover.disagreement.pairs),
      [
        "longest silence of those who stayed connected",
        Markup.figure(
          "failover.othersSilenceSeconds", failover.othersSilenceSeconds,
          Words.time(failover.othersSilenceSeconds * 1e6)),
      ],
    ]
  }
}
