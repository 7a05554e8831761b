import HubbubThreads

/// What chance would make of the senders' latencies: who said what is dealt out anew among messages
/// that are neighbours in time.
struct SenderLot {
  static let rounds = 999

  /// How many senders there are.
  private let senders: Int

  /// The sender of each message in the order of time, and how far the logarithm of its latency is
  /// above the mean of its block.
  private let said: [Int]
  private var scores: [Double] = []
  private let blocks: [Range<Int>]

  /// - Parameter messages: in the order of time: the sender of each, and the logarithm of how long
  ///   it took.
  init(_ messages: [(sender: Int, score: Double)]) {
    said = messages.map(\.sender)
    senders = (said.max() ?? -1) + 1
    blocks = BlockTable.ranges(messages.count)
    scores = messages.map(\.score)
    for block in blocks {
      let mean = scores[block].reduce(0, +) / Double(block.count)
      for message in block { scores[message] -= mean }
    }
  }

  /// How often chance brings any sender as far above the others as this one is.
  func chance(of sender: Int, using random: inout SplitMix64) -> Double {
    let value = means(said)[sender]
    var dealt = said
    var reached = 0
    for _ in 0..<Self.rounds {
      for block in blocks { dealt[block].shuffle(using: &random) }
      if means(dealt).max()! >= value - 1e-9 { reached += 1 }
    }
    return Double(1 + reached) / Double(1 + Self.rounds)
  }

  private func means(_ said: [Int]) -> [Double] {
    var sums = Array(repeating: 0.0, count: senders)
    var counts = Array(repeating: 0, count: senders)
    for (sender, score) in zip(said, scores) {
      sums[sender] += score
      counts[sender] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : -.infinity }
  }
}
