import HubbubThreads

/// A figure of each recipient over each stretch of neighbouring messages, and what chance would
/// make of such figures.
///
/// Messages that are neighbours in time are alike: whoever waits for a processor waits for several.
/// So chance deals out not single messages but whole blocks. Within each block the columns change
/// places at random, since a fair server does not know one recipient from another; how far the
/// greatest of all columns then gets is what a column must beat to be suspected. That it is the
/// greatest of all accounts for the many that are compared.
struct BlockTable: Sendable {
  /// The fewest messages of a block, and the most blocks.
  static let (leastMessages, most) = (10, 64)

  let columns: Int

  /// Block after block.
  private(set) var values: [Double] = []

  init(columns: Int) { self.columns = columns }

  var blocks: Int { columns > 0 ? values.count / columns : 0 }

  /// Adds one block: a figure for each column.
  mutating func append(_ block: [Double]) {
    precondition(block.count == columns, "A block lacks a column.")
    values += block
  }

  /// The sums of the columns.
  var totals: [Double] {
    var sums = Array(repeating: 0.0, count: columns)
    for (index, value) in values.enumerated() { sums[index % columns] += value }
    return sums
  }

  /// What `statistic` of the sums comes to when chance deals out each block anew, in rising order.
  func byChance(
    rounds: Int, using random: inout SplitMix64, _ statistic: ([Double]) -> Double
  ) -> [Double] {
    var deck = values
    let found = (0..<rounds).map { _ in
      for block in 0..<blocks { deal(&deck, from: block * columns, &random) }
      var sums = Array(repeating: 0.0, count: columns)
      for (index, value) in deck.enumerated() { sums[index % columns] += value }
      return statistic(sums)
    }
    return found.sorted()
  }

  /// How often chance brings any column as far up as the column `index` is: (1 + such rounds) over
  /// (1 + all rounds).
  func chance(of index: Int, rounds: Int, using random: inout SplitMix64) -> Double {
    let value = totals[index]
    let greatest = byChance(rounds: rounds, using: &random) { $0.max() ?? 0 }
    return Double(1 + greatest.count { $0 >= value - 1e-9 }) / Double(1 + rounds)
  }

  /// How many rounds of chance are worth their time.
  var affordableRounds: Int { max(99, min(999, 20_000_000 / max(values.count, 1))) }

  private func deal(_ deck: inout [Double], from start: Int, _ random: inout SplitMix64) {
    for place in stride(from: columns - 1, to: 0, by: -1) {
      deck.swapAt(start + place, start + Int(random.next() % UInt64(place + 1)))
    }
  }

  /// The messages of each block, for this many messages.
  static func ranges(_ messages: Int) -> [Range<Int>] {
    let count = min(most, messages / leastMessages)
    guard count > 0 else { return [] }
    return (0..<count).map { messages * $0 / count..<messages * ($0 + 1) / count }
  }
}
