/// Who was served how: what the page begins with.
struct ServiceSections {
  /// The most rooms that are drawn.
  private static let drawnRooms = 4

  let outcome: Outcome

  var html: String {
    outcome.positions.enumerated().prefix(Self.drawnRooms).map { index, position in
      recipients(index, position) + pairs(index, position) + places(index, position)
        + senders(index, position)
    }.joined()
  }

  private func recipients(_ room: Int, _ position: PositionFigures) -> String {
    guard let fairness = position.fairness, fairness.recipientMedian > 0 else { return "" }
    let path = "positions.\(room).fairness"
    let accused = Set(fairness.latency?.accused.map(\.nickname) ?? [])
    let plot = DotPlot(
      rows: Self.rows(fairness.recipients, accused), path: "\(path).recipients",
      usual: (fairness.recipientMedian, "\(path).recipientMedian"),
      gate: fairness.latency?.threshold)
    return Markup.section(
      "Who hears how soon in \(position.place)",
      "Each recipient, the slowest first: how long messages took to it, from when the server could "
        + "have them. On a fair server all dots are on one line.",
      plot.html)
  }

  /// The slowest first; whoever has nothing to show is left out.
  private static func rows(_ served: [ServedFigures], _ accused: Set<String>) -> [DotPlot.Row] {
    served.enumerated().filter { $0.element.messages > 0 }
      .sorted { ($1.element.p50, $0.offset) < ($0.element.p50, $1.offset) }
      .map {
        .init(index: $0.offset, figures: $0.element, isBad: accused.contains($0.element.nickname))
      }
  }

  private func pairs(_ room: Int, _ position: PositionFigures) -> String {
    guard let pairs = position.fairness?.pairs else { return "" }
    let path = "positions.\(room).fairness.pairs"
    let matrix = PairMatrix(
      pairs: pairs, path: path, names: "positions.\(room).recipients",
      recipients: position.recipients)
    let greatest = Markup.figure("\(path).greatest", pairs.greatest, Words.percent(pairs.greatest))
    let median = Markup.figure("\(path).median", pairs.median, Words.percent(pairs.median))
    return Markup.section(
      "Who hears before whom in \(position.place)",
      "Of each two: how often the one in the row hears a message before the one in the column. On "
        + "a "
        + "fair server each is first half of the time, and the map is empty.",
      "<p>The most uneven pair: \(greatest); the pair in the middle: \(median). "
        + "\(Markup.figure("\(path).beyondGate", pairs.beyondGate)) of "
        + "\(Markup.figure("\(path).pairs", pairs.pairs)) pairs are beyond the gate, "
        + "\(Markup.figure("\(path).beyondChance", pairs.beyondChance)) beyond chance.</p>"
        + matrix.svg)
  }

  private func places(_ index: Int, _ position: PositionFigures) -> String {
    let path = "positions.\(index)"
    var maps = map("This server", position.bias, "\(path).bias", position, "\(path).recipients")
    if let calibration = position.calibration {
      maps += map(
        "A broadcaster by lot, on this machine", calibration, "\(path).calibration", position,
        "\(path).recipients")
    }
    var note =
      position.calibration == nil
      ? "<p class=\"note\">Run with --calibrate to see what this machine’s scheduling does by "
        + "itself.</p>"
      : ""
    if let range = position.calibrationRange {
      note =
        "<p class=\"note\">By lot, W was between "
        + Markup.figure("\(path).calibrationRange.least", range.least, Words.number(range.least, 3))
        + " and "
        + Markup.figure(
          "\(path).calibrationRange.greatest", range.greatest, Words.number(range.greatest, 3))
        + " in several runs.</p>"
    }
    let count = Markup.figure("\(path).bias.messages", position.bias.messages)
    return Markup.section(
      "Who hears first in \(position.place)",
      "A row for each recipient, those who hear earlier above; a column for each place. An even "
        + "map "
        + "favours nobody.",
      "<div class=\"pair\">\(maps)</div><p class=\"note\">Over \(count) messages.</p>\(note)")
  }

  private func map(
    _ title: String, _ bias: PositionBias, _ path: String, _ position: PositionFigures,
    _ names: String
  ) -> String {
    let concordance = Markup.figure(
      "\(path).concordance", bias.concordance, Words.number(bias.concordance, 3))
    let isAlike = position.recipients.count == bias.places.count
    let map = HeatMap(
      bias: bias, path: path, recipients: isAlike ? position.recipients : [], names: names)
    return "<div><h3>\(title): W = \(concordance)</h3>\(map.svg)</div>"
  }

  private func senders(_ room: Int, _ position: PositionFigures) -> String {
    guard let fairness = position.fairness, fairness.senderMedian > 0 else { return "" }
    let path = "positions.\(room).fairness"
    let accused = Set(fairness.senderLatency?.accused.map(\.nickname) ?? [])
    let plot = DotPlot(
      rows: Self.rows(fairness.senders, accused), path: "\(path).senders",
      usual: (fairness.senderMedian, "\(path).senderMedian"),
      gate: fairness.senderLatency?.threshold)
    return Markup.section(
      "Whose messages take how long in \(position.place)",
      "Each sender who said something, the slowest first: how long its messages took to the "
        + "recipient in the middle.",
      plot.html)
  }
}
