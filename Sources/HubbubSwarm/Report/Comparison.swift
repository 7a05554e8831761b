/// Several runs side by side: those with the same label are repetitions of each other.
public struct Comparison: Sendable {
  /// One line of the comparison.
  struct Row: Sendable {
    let name: String
    let unit: Unit
    let value: @Sendable (Outcome) -> Double?
  }

  enum Unit: Sendable {
    case time
    case count
    case share
    case kibibytes
  }

  /// What one label's runs came to.
  struct Cell: Sendable, Equatable {
    let median: Double
    let least: Double
    let greatest: Double
  }

  let labels: [String]
  private let groups: [String: [Outcome]]

  public init(_ outcomes: [Outcome]) {
    var labels: [String] = []
    for outcome in outcomes where !labels.contains(outcome.conditions.label) {
      labels.append(outcome.conditions.label)
    }
    self.labels = labels
    groups = Dictionary(grouping: outcomes, by: \.conditions.label)
  }

  static let rows = [
    Row(name: "deliveries a second", unit: .count) { $0.totals.deliveriesPerSecond },
    Row(name: "response p50", unit: .time) { $0.response?.p50 },
    Row(name: "response p99", unit: .time) { $0.response?.p99 },
    Row(name: "response p99.9", unit: .time) { $0.response?.p999 },
    Row(name: "processor time a delivery", unit: .time) { $0.cost?.processorPerDelivery },
    Row(name: "memory of an idle client", unit: .kibibytes) { $0.idle?.memoryPerClient },
    Row(name: "idle clients in after", unit: .time) { $0.idle.map { $0.enrolmentSeconds * 1e6 } },
    Row(name: "lost", unit: .count) { Double($0.totals.completeness.lost) },
    Row(name: "doubled", unit: .count) { Double($0.totals.completeness.duplicates) },
    Row(name: "pairs in another order", unit: .count) { Double($0.order.disagreement.pairs) },
    Row(name: "senders, Jain", unit: .share) { $0.senderEvenness?.jain },
    Row(name: "senders, least share", unit: .share) { $0.senderEvenness?.leastShare },
    Row(name: "position bias W", unit: .share) { $0.positions.map(\.bias.concordance).max() },
    Row(name: "fan-out spread p50", unit: .time) { $0.positions.map(\.spread.p50).max() },
    Row(name: "fan-out spread p99", unit: .time) { $0.positions.map(\.spread.p99).max() },
    Row(name: "longest wait of a sender", unit: .time) {
      $0.senders.map { $0.longestWaitMilliseconds * 1_000 }.max()
    },
    Row(name: "p99 beside a bad neighbour, ×", unit: .share) { $0.isolation?.ratios.latencyRatio },
    Row(name: "send lag p99", unit: .time) { $0.sendLag?.p99 },
  ]

  func cell(_ row: Row, _ label: String) -> Cell? {
    let values = (groups[label] ?? []).compactMap(row.value).sorted()
    guard let least = values.first, let greatest = values.last else { return nil }
    let middle = values.count / 2
    let median = values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    return Cell(median: median, least: least, greatest: greatest)
  }

  func runs(_ label: String) -> Int { groups[label]?.count ?? 0 }

  func passed(_ label: String) -> Int { groups[label]?.count(where: \.isGood) ?? 0 }

  static func text(_ cell: Cell?, _ unit: Unit) -> String {
    guard let cell else { return "–" }
    let median = text(cell.median, unit)
    let (least, greatest) = (text(cell.least, unit), text(cell.greatest, unit))
    return least == greatest ? median : "\(median) (\(least) – \(greatest))"
  }

  private static func text(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .time: value < 1 ? Words.number(value, 3) + " µs" : Words.time(value)
    case .count: Words.short(value)
    case .share: Words.number(value, 3)
    case .kibibytes: Words.number(value, 1) + " KiB"
    }
  }

  /// As text: a column for each label, medians with their ranges.
  public var lines: [String] {
    var table = [[""] + labels, ["runs, of which passed"] + labels.map(Self.tally(self))]
    for row in Self.rows {
      let cells = labels.map { cell(row, $0) }
      guard cells.contains(where: { $0 != nil }) else { continue }
      table.append([row.name] + cells.map { Self.text($0, row.unit) })
    }
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ")
    }
  }

  private static func tally(_ comparison: Comparison) -> (String) -> String {
    { "\(comparison.runs($0)), \(comparison.passed($0))" }
  }

  /// As one page: the table, and bars for what people look for first.
  public var html: String {
    var rows = [["runs, of which passed"] + labels.map(Self.tally(self))]
    for row in Self.rows {
      let cells = labels.map { cell(row, $0) }
      guard cells.contains(where: { $0 != nil }) else { continue }
      rows.append([row.name] + cells.map { Self.text($0, row.unit) })
    }
    let table = Markup.table([""] + labels, rows.map { $0.map(Markup.escaped) })
    let pictures = [0, 2, 4, 12].map { bars(Self.rows[$0]) }.joined()
    return Markup.page(
      title: "Runs side by side",
      body:
        "<h1>Runs side by side</h1><p class=\"why\">Medians, with the range over repetitions. Runs "
        + "with the same label are repetitions of each other.</p>\(table)\(pictures)")
  }

  private func bars(_ row: Row) -> String {
    let found = labels.compactMap { label in cell(row, label).map { (label, $0) } }
    guard found.contains(where: { $0.1.median > 0 }) else { return "" }
    let bars = Bars(
      bars: found.map { label, cell in
        .init(name: label, value: cell.median, text: Self.text(cell, row.unit))
      })
    return "<section><h2>\(Markup.escaped(row.name))</h2>\(bars.html)</section>"
  }
}
