import Glibc
import HubbubThreads

/// How much slower things were in one half of a run than in the other (M9), by slots of a quarter
/// of a second.
///
/// One hiccup of the machine spoils the 99th percentile of a whole half; of the slots it spoils
/// one. So the slots' percentiles are compared, in their middle, and chance says how often two
/// halves of one kind differ as much.
struct SlotRatio: Sendable {
  /// The fewest slots of a half.
  static let leastSlots = 6

  /// The middle of the later slots' values over the middle of the earlier ones'.
  let ratio: Double

  /// How often chance makes the later ones as much greater: the slots change halves by lot.
  let chance: Double

  /// - Returns: nil where there are too few slots.
  init?(before: [Double], with: [Double], using random: inout SplitMix64) {
    guard before.count >= Self.leastSlots, with.count >= Self.leastSlots else { return nil }
    ratio = with.sorted().quantile(0.5) / max(before.sorted().quantile(0.5), 1e-9)
    // Logarithms, so that one spoilt slot does not outweigh the others; and their mean, since where
    // the values are few and alike every lot with one more of the greater has the same median.
    var all = (before + with).map { log(max($0, 1e-3)) }
    func lead(_ all: [Double]) -> Double { all.dropFirst(before.count).reduce(0, +) }
    let found = lead(all)
    var reached = 0
    for _ in 0..<Self.rounds {
      all.shuffle(using: &random)
      if lead(all) >= found - 1e-9 { reached += 1 }
    }
    chance = Double(1 + reached) / Double(1 + Self.rounds)
  }

  private static let rounds = 999
}
