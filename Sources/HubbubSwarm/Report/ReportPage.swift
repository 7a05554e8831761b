/// One run as a page that explains itself: the verdict first, then what it rests on.
public struct ReportPage: Sendable {
  /// The most of its figures that a page carries along.
  private static let mostJSONBytes = 150_000

  private let outcome: Outcome

  public init(_ outcome: Outcome) {
    self.outcome = outcome
  }

  /// The page. It needs nothing from elsewhere.
  public var html: String {
    Markup.page(
      title: "Fairness of \(outcome.conditions.label)",
      body: head + ServiceSections(outcome: outcome).html + verdicts
        + NodeSection(outcome: outcome).html + FailoverSection(outcome: outcome).html
        + FairnessSections(outcome: outcome).html + tiles
        + LatencySections(outcome: outcome).html + conditions + raw)
  }

  private var head: String {
    let style =
      switch outcome.result {
      case .held: "passed"
      case .failed: "failed"
      case .notEnough: "doubtful"
      }
    let label = Markup.words("conditions.label", outcome.conditions.label)
    return "<h1>Fairness of \(label)</h1><p class=\"result \(style)\">"
      + "\(Markup.escaped(outcome.sentence))</p>\n" + failures
  }

  /// What is wrong, in words, before anything else.
  private var failures: String {
    let failed = outcome.verdicts.enumerated().filter { $0.element.standing == .failed }
    guard !failed.isEmpty else { return "" }
    let items = failed.map {
      "<li>\(Markup.words("verdicts.\($0.offset).meaning", $0.element.meaning))</li>"
    }
    return "<ul class=\"failures\">\(items.joined())</ul>\n"
  }

  private var tiles: String {
    let totals = outcome.totals
    var tiles = [
      (
        Markup.figure(
          "totals.deliveriesPerSecond", totals.deliveriesPerSecond,
          Words.short(totals.deliveriesPerSecond)), "deliveries a second"
      ),
      (Markup.figure("totals.sent", totals.sent), "messages sent"),
      (Markup.figure("totals.completeness.distinct", totals.completeness.distinct), "arrived"),
    ]
    if let response = outcome.response {
      tiles.append((Markup.time("response.p50", response.p50), "median response time"))
      tiles.append((Markup.time("response.p99", response.p99), "99th percentile"))
    }
    if let cost = outcome.cost {
      tiles.append(
        (
          Markup.figure(
            "cost.processorPerDelivery", cost.processorPerDelivery,
            Words.time(cost.processorPerDelivery)), "processor time a delivery"
        ))
    }
    let text = tiles.map {
      "<div class=\"tile\"><b>\($0.0)</b><span class=\"scale\">\($0.1)</span></div>"
    }
    return "<div class=\"tiles\">\(text.joined())</div>\n"
  }

  /// What failed first, then what is doubtful, what holds, and what is for information.
  private var verdicts: String {
    let sections = [Verdict.Standing.failed, .doubtful, .passed, .noted].map { standing in
      outcome.verdicts.enumerated().filter { $0.element.standing == standing }
        .map { verdict($0, $1) }.joined()
    }
    return Markup.section(
      "Verdict", "Each measure with its value and its gate, as far as it has one.",
      "<div class=\"verdicts\">\(sections.joined())</div>")
  }

  private func verdict(_ index: Int, _ verdict: Verdict) -> String {
    let mark =
      switch verdict.standing {
      case .passed: "✓ holds"
      case .failed: "✗ fails"
      case .doubtful: "? doubtful"
      case .noted: "· noted"
      }
    let path = "verdicts.\(index)"
    let gate = verdict.gate == "–" ? "" : "gate: \(Markup.words("\(path).gate", verdict.gate))"
    return "<div class=\"verdict\"><span class=\"\(verdict.standing.rawValue)\">\(mark)</span>"
      + "<div><b>\(Markup.words("\(path).name", verdict.name))</b> "
      + "<small>\(Markup.words("\(path).measure", verdict.measure))</small>"
      + "<p class=\"note\">\(Markup.words("\(path).meaning", verdict.meaning))</p></div>"
      + "<div>\(Markup.words("\(path).value", verdict.value))<p "
      + "class=\"note\">\(gate)</p></div></div>\n"
  }

  private var conditions: String { ConditionsSection(outcome: outcome).html }

  private var raw: String {
    // An outcome of plain numbers and text can be written; were it not so, the page is still
    // readable.
    guard let bytes = (try? JSONReport(outcome))?.bytes else { return "" }
    guard bytes.count <= Self.mostJSONBytes else {
      return "<p class=\"note\">The figures are too many for this page; --json writes them.</p>"
    }
    return Markup.json(bytes)
  }
}
