import HubbubThreads

/// Some messages of one room, and when each recipient heard them: for position bias and spread.
struct ArrivalSample {
  /// The most times that are kept.
  static let greatestCells = 2_000_000

  /// The most messages that are looked at.
  static let greatestMessages = 5_000

  /// The recipients that get every message, but for their own where they do not hear themselves.
  let ranked: [String]

  /// The node of each of them.
  let nodes: [Int]

  /// For each sender its column, where it is ranked; and whether it hears itself.
  private var columnOfSender: [Int?]
  private var hearsItself: [Bool]

  private let messages: MessageTable
  private let rowOf: [Int32]
  private var sampled: [Int] = []
  private var times: [Nanoseconds]
  private var rows: Int { sampled.count }

  /// Draws messages of the measured time, evenly over the order of the reference.
  init(
    _ testimonies: [Testimony], reference: Reference, table: MessageTable,
    measured: Range<Nanoseconds>, using random: inout SplitMix64
  ) {
    let heard = testimonies.filter(Self.isRanked)
    ranked = heard.map(\.assignment.nickname)
    nodes = heard.map(\.assignment.node)
    messages = table
    columnOfSender = Array(repeating: nil, count: table.rooms.count)
    hearsItself = Array(repeating: false, count: table.rooms.count)
    for (column, testimony) in heard.enumerated() {
      guard let sender = testimony.assignment.sender else { continue }
      columnOfSender[sender] = column
      hearsItself[sender] = testimony.hasEcho
    }
    let eligible = reference.order.filter { measured.contains(table.due[$0]) }
    let most = min(Self.greatestMessages, Self.greatestCells / max(ranked.count, 1))
    let step = max(1, (eligible.count + most - 1) / max(most, 1))
    var rowOf = [Int32](repeating: -1, count: table.count)
    for start in stride(from: 0, to: eligible.count, by: step) {
      let end = min(start + step, eligible.count)
      let message = eligible[Int.random(in: start..<end, using: &random)]
      rowOf[message] = Int32(sampled.count)
      sampled.append(message)
    }
    self.rowOf = rowOf
    times = Array(repeating: ArrivalTable.absent, count: sampled.count * ranked.count)
  }

  func column(of testimony: Testimony) -> Int? {
    Self.isRanked(testimony) ? ranked.firstIndex(of: testimony.assignment.nickname) : nil
  }

  @inline(__always)
  mutating func note(_ message: Int, _ column: Int, _ time: Nanoseconds) {
    let row = Int(rowOf[message])
    if row >= 0 { times[row * ranked.count + column] = time }
  }

  /// The messages that everyone who is ranked and was to hear them heard.
  var table: ArrivalTable? {
    guard !ranked.isEmpty else { return nil }
    var table = ArrivalTable(recipients: ranked.count)
    for row in 0..<rows {
      let message = sampled[row]
      let sender = Int(messages.sender[message])
      let column = columnOfSender[sender]
      let cells = times[row * ranked.count..<(row + 1) * ranked.count]
      let missing = column != nil && !hearsItself[sender] ? 1 : 0
      guard cells.count(where: { $0 == ArrivalTable.absent }) == missing else { continue }
      table.append(
        cells, from: .init(sender: sender, column: column, start: messages.started[message]))
    }
    return table
  }

  private static func isRanked(_ testimony: Testimony) -> Bool {
    // Whoever heard nothing at all would leave no message that all heard; M1 tells of it.
    testimony.assignment.isHealthy && testimony.isUninterrupted
      && !testimony.arrivals.ids.isEmpty
  }
}
