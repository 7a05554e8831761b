/// The screen at the end of several runs of one plan.
public struct SeriesSummary: Sendable {
  private let series: Series
  private let isColoured: Bool

  public init(_ series: Series, isColoured: Bool = false) {
    self.series = series
    self.isColoured = isColoured
  }

  /// One run of it as a line: how it ended, and with which seed it can be repeated.
  public static func line(_ run: Outcome, number: Int, of count: Int) -> String {
    "run \(number) of \(count), seed \(run.conditions.seed): \(run.sentence)"
  }

  /// Its lines, without endings.
  public var lines: [String] {
    ["medians, with their ranges over the runs:"]
      + Comparison(series.runs).figureLines + [""]
      + series.verdicts.flatMap(verdict) + ["", paint(series.sentence, series.result)]
  }

  private func verdict(_ verdict: SeriesVerdict) -> [String] {
    let mark =
      switch verdict.standing {
      case .passed: paint("✓", .held)
      case .failed: paint("✗", .failed)
      case .doubtful, .noted: paint("?", .notEnough)
      }
    let first =
      "\(mark) \(pad(verdict.measure, 6))\(pad(verdict.name, 19))\(verdict.words)"
      + "  [\(verdict.gate)]"
    return verdict.standing == .passed ? [first] : [first, "         \(verdict.meaning)"]
  }

  private func paint(_ text: String, _ result: Outcome.Result) -> String {
    guard isColoured else { return text }
    let colour =
      switch result {
      case .held: 32
      case .failed: 31
      case .notEnough: 33
      }
    return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 1))
  }
}

extension SeriesVerdict {
  /// `2 held, 1 failed (bot-7); 1.2 (1.1 – 5.3)`
  var words: String {
    let counts = [(passed, "held"), (failed, "failed"), (doubtful, "not enough to tell")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    let names = who.prefix(3).map { "\($0.nickname) in \($0.runs)" }.joined(separator: ", ")
    let named = names.isEmpty ? "" : " (\(names))"
    guard let median, let least, let greatest else { return counts + named }
    return counts + named + "; "
      + Comparison.text(.init(median: median, least: least, greatest: greatest), .share)
  }
}
