/// Several runs of one plan as a page: the verdict of the whole first, then the figures with their
/// ranges.
public struct SeriesPage: Sendable {
  private let series: Series

  public init(_ series: Series) {
    self.series = series
  }

  /// The page. It needs nothing from elsewhere.
  public var html: String {
    let comparison = Comparison(series.runs)
    let label = series.runs[0].conditions.label
    let figures = Markup.section(
      "Figures", "Medians, with the range over the runs.", ComparisonPage(comparison).body)
    return Markup.page(
      title: "Fairness of \(label), \(Words.count(series.runs.count, "run"))",
      body: "<h1>Fairness of \(Markup.escaped(label))</h1>"
        + "<p class=\"result "
        + "\(Self.style(series.result))\">\(Markup.escaped(series.sentence))</p>\n"
        + verdicts + runs + figures)
  }

  private static func style(_ result: Outcome.Result) -> String {
    switch result {
    case .held: "passed"
    case .failed: "failed"
    case .notEnough: "doubtful"
    }
  }

  /// What failed first, then what is doubtful, then what holds.
  private var verdicts: String {
    let sorted = [Verdict.Standing.failed, .doubtful, .passed].flatMap { standing in
      series.verdicts.filter { $0.standing == standing }
    }
    return Markup.section(
      "Verdict", "Each gate over all runs, with the range of what it looks at.",
      "<div class=\"verdicts\">\(sorted.map(verdict).joined())</div>")
  }

  private func verdict(_ verdict: SeriesVerdict) -> String {
    let mark =
      switch verdict.standing {
      case .passed: "✓ holds"
      case .failed: "✗ fails"
      case .doubtful, .noted: "? doubtful"
      }
    return "<div class=\"verdict\"><span class=\"\(verdict.standing.rawValue)\">\(mark)</span>"
      + "<div><b>\(Markup.escaped(verdict.name))</b> <small>\(verdict.measure)</small>"
      + "<p class=\"note\">\(Markup.escaped(verdict.meaning))</p></div>"
      + "<div>\(Markup.escaped(verdict.words))"
      + "<p class=\"note\">gate: \(Markup.escaped(verdict.gate))</p></div></div>\n"
  }

  private var runs: String {
    let rows = series.runs.enumerated().map { index, run in
      [
        "\(index + 1)", "\(run.conditions.seed)",
        "<b class=\"\(Self.style(run.result))\">\(Markup.escaped(run.sentence))</b>",
      ]
    }
    return Markup.section(
      "Runs", "Each with the seed that repeats it.", Markup.table(["run", "seed", "verdict"], rows))
  }
}
