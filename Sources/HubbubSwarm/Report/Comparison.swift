/// Several runs side by side: those with the same label are repetitions of each other.
public struct Comparison: Sendable {
  /// One line of the comparison.
  struct Row: Sendable {
    let name: String
    let unit: Unit

    /// Whether people look for it first, so that the page draws it.
    var isDrawn = false
    let value: @Sendable (Outcome) -> Double?
  }

  enum Unit: String, Sendable, Encodable {
    case time
    case count
    case share
    case kibibytes
  }

  /// What one label's runs came to.
  struct Cell: Sendable, Equatable, Encodable {
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
    Row(name: "deliveries a second", unit: .count, isDrawn: true) { $0.totals.deliveriesPerSecond },
    Row(name: "response p50", unit: .time) { $0.response?.p50 },
    Row(name: "response p99", unit: .time, isDrawn: true) { $0.response?.p99 },
    Row(name: "response p99.9", unit: .time) { $0.response?.p999 },
    Row(name: "processor time a delivery", unit: .time, isDrawn: true) {
      $0.cost?.processorPerDelivery
    },
    Row(name: "memory of an idle client", unit: .kibibytes) { $0.idle?.memoryPerClient },
    Row(name: "idle clients in after", unit: .time) { $0.idle.map { $0.enrolmentSeconds * 1e6 } },
    Row(name: "lost", unit: .count) { Double($0.totals.completeness.lost) },
    Row(name: "doubled", unit: .count) { Double($0.totals.completeness.duplicates) },
    Row(name: "pairs in another order", unit: .count) { Double($0.order.disagreement.pairs) },
    Row(name: "senders, Jain", unit: .share) { $0.senderEvenness?.jain },
    Row(name: "senders, least share", unit: .share) { $0.senderEvenness?.leastShare },
    Row(name: "position bias W", unit: .share, isDrawn: true) {
      $0.positions.compactMap { $0.fairness?.concordance?.value }.max()
    },
    Row(name: "slowest recipient, × the median", unit: .share, isDrawn: true) {
      $0.positions.compactMap { $0.fairness?.latency?.value }.max()
    },
    Row(name: "last too often, × the fair share", unit: .share) {
      $0.positions.compactMap { $0.fairness?.last?.value }.max()
    },
    Row(name: "most uneven pair", unit: .share, isDrawn: true) {
      $0.positions.compactMap { $0.fairness?.pairs?.greatest }.max()
    },
    Row(name: "slowest sender, × the median", unit: .share) {
      $0.positions.compactMap { $0.fairness?.senderLatency?.value }.max()
    },
    Row(name: "fan-out spread p50", unit: .time, isDrawn: true) {
      $0.positions.map(\.spread.p50).max()
    },
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

  /// How many runs of this label ended so.
  func count(_ label: String, _ result: Outcome.Result) -> Int {
    groups[label]?.count { $0.result == result } ?? 0
  }

  /// What failed in the runs of this label, and in how many of them; the most frequent first.
  func failures(_ label: String) -> [(name: String, runs: Int)] {
    var counts: [String: Int] = [:]
    for outcome in groups[label] ?? [] {
      let failed = Set(outcome.verdicts.filter { $0.standing == .failed }.map(\.name))
      for name in failed { counts[name, default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// The verdict of a label in words: `3 held`, `2 failed (position bias), 1 not enough to tell`.
  func verdict(_ label: String) -> String {
    let failed = failures(label).map { failure in
      failure.runs == runs(label) ? failure.name : "\(failure.name) in \(failure.runs)"
    }
    let parts = [
      (count(label, .held), "held", ""),
      (
        count(label, .failed), "failed", failed.isEmpty ? "" : ": \(failed.joined(separator: ", "))"
      ),
      (count(label, .notEnough), "not enough to tell", ""),
    ]
    return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.2)" }.joined(separator: "; ")
  }

  /// The rows of which at least one label knows something, with a cell for each label.
  var filledRows: [(row: Row, cells: [Cell?])] {
    Self.rows.map { row in (row, labels.map { cell(row, $0) }) }
      .filter { $0.cells.contains { $0 != nil } }
  }

  static func text(_ cell: Cell?, _ unit: Unit) -> String {
    guard let cell else { return "–" }
    let median = text(cell.median, unit)
    let (least, greatest) = (text(cell.least, unit), text(cell.greatest, unit))
    return least == greatest ? median : "\(median) (\(least) – \(greatest))"
  }

  static func text(_ value: Double, _ unit: Unit) -> String {
    switch unit {
    case .time: value > 0 && value < 1 ? Words.number(value, 3) + " µs" : Words.time(value)
    case .count: Words.short(value)
    case .share: Words.number(value, 3)
    case .kibibytes: Words.number(value, 1) + " KiB"
    }
  }

  /// As text: a column for each label, medians with their ranges.
  public var lines: [String] {
    let table = [
      [""] + labels, ["runs"] + labels.map { "\(runs($0))" },
      ["verdict"] + labels.map { verdict($0) },
    ]
    return Self.aligned(table + figureRows)
  }

  /// The figures alone.
  var figureLines: [String] { Self.aligned(figureRows) }

  private var figureRows: [[String]] {
    filledRows.map { row, cells in [row.name] + cells.map { Self.text($0, row.unit) } }
  }

  private static func aligned(_ table: [[String]]) -> [String] {
    guard !table.isEmpty else { return [] }
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      let line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
