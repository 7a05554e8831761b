/// Some messages of one room, and when each recipient heard them: for position bias and spread.
struct ArrivalSample {
  /// The most times that are kept.
  static let greatestCells = 2_000_000

  /// The most messages that are looked at.
  static let greatestMessages = 5_000

  /// The recipients that get every message, and so can be ranked.
  let ranked: [String]

  private let rowOf: [Int32]
  private var times: [Nanoseconds]
  private let rows: Int

  /// Draws messages of the measured time, evenly over the order of the reference.
  init(
    _ testimonies: [Testimony], reference: Reference, table: MessageTable,
    measured: Range<Nanoseconds>, using random: inout SeededRandom
  ) {
    ranked = testimonies.filter(Self.isRanked).map(\.assignment.nickname)
    let eligible = reference.order.filter { measured.contains(table.due[$0]) }
    let most = min(Self.greatestMessages, Self.greatestCells / max(ranked.count, 1))
    let step = max(1, (eligible.count + most - 1) / max(most, 1))
    var rowOf = [Int32](repeating: -1, count: table.count)
    var rows = 0
    for start in stride(from: 0, to: eligible.count, by: step) {
      let end = min(start + step, eligible.count)
      rowOf[eligible[Int.random(in: start..<end, using: &random)]] = Int32(rows)
      rows += 1
    }
    self.rowOf = rowOf
    self.rows = rows
    times = Array(repeating: -1, count: rows * ranked.count)
  }

  func column(of testimony: Testimony) -> Int? {
    Self.isRanked(testimony) ? ranked.firstIndex(of: testimony.assignment.nickname) : nil
  }

  @inline(__always)
  mutating func note(_ message: Int, _ column: Int, _ time: Nanoseconds) {
    let row = Int(rowOf[message])
    if row >= 0 { times[row * ranked.count + column] = time }
  }

  /// The messages that everyone who is ranked heard.
  var table: ArrivalTable? {
    guard !ranked.isEmpty else { return nil }
    var table = ArrivalTable(recipients: ranked.count)
    for row in 0..<rows {
      let cells = times[row * ranked.count..<(row + 1) * ranked.count]
      if !cells.contains(-1) { table.append(cells) }
    }
    return table
  }

  private static func isRanked(_ testimony: Testimony) -> Bool {
    testimony.assignment.isHealthy && testimony.ending == nil
      && (testimony.hasEcho || testimony.assignment.sender == nil)
  }
}
