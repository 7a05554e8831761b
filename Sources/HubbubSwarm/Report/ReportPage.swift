/// One run as a page that explains itself: the verdict first, then what it rests on.
public struct ReportPage: Sendable {
  private let outcome: Outcome

  public init(_ outcome: Outcome) {
    self.outcome = outcome
  }

  /// The page. It needs nothing from elsewhere.
  public var html: String {
    let title = "Fairness of \(outcome.conditions.label)"
    return Markup.page(
      title: title,
      body: head(title) + tiles + verdicts + LatencySections(outcome: outcome).html
        + FairnessSections(outcome: outcome).html + conditions + raw)
  }

  private func head(_ title: String) -> String {
    let failed = outcome.verdicts.filter { $0.standing == .failed }.map(\.name)
    let doubtful = outcome.verdicts.contains { $0.standing == .doubtful }
    let (style, sentence) =
      !failed.isEmpty
      ? ("failed", "Failed: \(failed.joined(separator: ", ")).")
      : doubtful
        ? ("doubtful", "All gates hold, but see what is marked as doubtful.")
        : ("passed", "All gates hold.")
    return "<h1>\(Markup.escaped(title))</h1><p class=\"result \(style)\">"
      + "\(Markup.escaped(sentence))</p>\n"
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
    let text = tiles.map { "<div class=\"tile\"><b>\($0.0)</b><span>\($0.1)</span></div>" }
    return "<div class=\"tiles\">\(text.joined())</div>\n"
  }

  private var verdicts: String {
    let words: [Verdict.Standing: String] = [
      .passed: "✓ holds", .failed: "✗ fails", .doubtful: "? doubtful", .noted: "for information",
    ]
    let rows = outcome.verdicts.map { verdict in
      [
        "<span class=\"\(verdict.standing.rawValue)\">\(words[verdict.standing] ?? "")</span>",
        "<b>\(Markup.escaped(verdict.name))</b><br><span class=\"note\">"
          + "\(Markup.escaped(verdict.meaning))</span>",
        Markup.escaped(verdict.value), Markup.escaped(verdict.gate),
      ]
    }
    return Markup.section(
      "Verdict", "Each measure with its value and its gate, as far as it has one.",
      Markup.table(["", "measure", "value", "gate"], rows))
  }

  private var conditions: String {
    let given = outcome.conditions
    var rows: [(String, String)] = [
      ("server", given.server), ("bots", "\(given.bots) in \(given.rooms) room(s)"),
      ("observers", "\(given.observersPerRoom) in each room"), ("idle clients", "\(given.idle)"),
      (
        "load",
        given.rate.map { "\(Words.number($0, 0)) messages a second, \(given.pattern.rawValue)" }
          ?? "as fast as it goes, \(given.window ?? 0) under way for each bot"
      ),
      ("text", "\(given.textBytes) bytes"), ("warm-up", "\(given.warmUpSeconds) s"),
      ("echo", given.hasEcho ? "senders hear themselves" : "senders do not hear themselves"),
      ("seed, run", "\(given.seed), \(given.run)"),
      (
        "machine",
        "\(given.cores) cores, load \(Words.number(given.loadAverageAtStart, 2)) at the "
          + "start, Linux \(given.kernel)"
      ),
    ]
    if given.stalled > 0 { rows.append(("stalled readers", "\(given.stalled)")) }
    if let factor = given.flooderFactor { rows.append(("flooder", "× \(factor)")) }
    if given.hasChurn { rows.append(("churn", "one bot comes, goes and renames itself")) }
    for ending in outcome.endings {
      rows.append(
        ("\(ending.nickname) ended", "after \(Words.number(ending.second, 1)) s: \(ending.reason)"))
    }
    for (name, refusal) in outcome.refusals.sorted(by: { $0.key < $1.key }) {
      rows.append(("refused: \(name)", "\(refusal.count) times: \(refusal.words)"))
    }
    return Markup.section(
      "Conditions", "Under which this was measured, so that it can be repeated.",
      Markup.table(["", ""], rows.map { [Markup.escaped($0.0), Markup.escaped($0.1)] }))
  }

  /// The JSON of the run, for those who want to go on with it.
  private var raw: String {
    // An outcome of plain numbers and text can be written; were it not so, the page is still readable.
    guard let bytes = try? JSONReport(outcome).bytes else { return "" }
    // So that nothing in it can be taken for the end of the script.
    let text = String(decoding: bytes, as: UTF8.self).split(
      separator: "<", omittingEmptySubsequences: false
    ).joined(separator: "\\u003c")
    return "<script type=\"application/json\" id=\"run\">\(text)</script>"
  }
}
