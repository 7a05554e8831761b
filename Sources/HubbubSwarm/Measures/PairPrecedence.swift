import Glibc

/// Who hears before whom (M4b): for each pair of recipients how often the one hears first.
///
/// Fair by place is not yet fair by pair. Where the start goes round over a fixed circle, everybody
/// is first equally often, and yet each hears before the next one nearly always.
public struct PairPrecedence: Sendable, Equatable, Codable {
  /// The fewest messages from which a pair is judged.
  static let leastMessages = 1_000

  /// The most recipients of the matrix, and how many of more: the picture and the file stay small.
  static let (mostShown, ofMore) = (40, 24)

  /// The most comparisons of two times that are made.
  private static let mostComparisons = 400_000_000

  /// The pair that is furthest from one half: the column of the one who hears first, of the other
  /// one, and how often.
  public let first: Int
  public let second: Int
  public let greatest: Double

  /// The middle of all pairs, each told by the one who hears first more often.
  public let median: Double

  public let pairs: Int

  /// Pairs further from one half than chance explains, the many comparisons accounted for; and
  /// those that are as surely beyond the gate. A pair that is seen beyond it by less than its own
  /// error is not: of hundreds some always are.
  public let beyondChance: Int
  public let beyondGate: Int

  /// How many messages were compared.
  public let messages: Int

  /// The columns of the matrix, and in each row how often that one hears before the others.
  public let shown: [Int]
  public let matrix: [[Double]]

  /// - Parameter gate: how often one of a pair may hear first.
  /// - Returns: nil without a message, or with fewer than two recipients.
  public init?(_ table: ArrivalTable, gate: Double) {
    let count = table.recipients
    guard count > 1, table.messages > 0 else { return nil }
    let most = max(Self.leastMessages, Self.mostComparisons / (count * count))
    let blocks = BlockTable.ranges(min(table.messages, most))
    guard !blocks.isEmpty else { return nil }
    var tally = Tally(recipients: count)
    for block in blocks { tally.add(table, block) }
    messages = blocks.last!.upperBound
    pairs = count * (count - 1) / 2
    let limit = Self.limit(pairs: pairs)
    var (worst, beyondChance, beyondGate) = (Pair(first: 0, second: 1, share: 0.5), 0, 0)
    var shares: [Double] = []
    shares.reserveCapacity(pairs)
    for one in 0..<count {
      for other in one + 1..<count {
        let share = tally.share(one, other)
        let pair =
          share >= 0.5
          ? Pair(first: one, second: other, share: share)
          : Pair(first: other, second: one, share: 1 - share)
        shares.append(pair.share)
        let isSure = tally.certainty(one, other) > limit
        if isSure { beyondChance += 1 }
        if isSure, tally.certainty(one, other, beyond: gate) > limit { beyondGate += 1 }
        if pair.share > worst.share { worst = pair }
      }
    }
    (first, second, greatest) = (worst.first, worst.second, worst.share)
    (self.beyondChance, self.beyondGate) = (beyondChance, beyondGate)
    shares.sort()
    median = shares.quantile(0.5)
    let shown = Self.shown(count, always: [worst.first, worst.second])
    self.shown = shown
    matrix = shown.map { row in shown.map { row == $0 ? 0.5 : tally.share(row, $0) } }
  }

  private struct Pair {
    var first: Int
    var second: Int
    var share: Double
  }

  /// Evenly spread over all, the worst pair among them.
  private static func shown(_ count: Int, always: [Int]) -> [Int] {
    guard count > mostShown else { return Array(0..<count) }
    var chosen = Set(always)
    var next = 0
    while chosen.count < ofMore {
      chosen.insert(next * count / ofMore)
      next += 1
    }
    return chosen.sorted()
  }

  /// From how many standard errors on one of this many pairs is beyond chance, at one percent for
  /// all together: the normal quantile, from Abramowitz and Stegun 26.2.23.
  private static func limit(pairs: Int) -> Double {
    let tail = Suspect.doubt / 2 / Double(pairs)
    let root = (-2 * log(tail)).squareRoot()
    return root - (2.515517 + 0.802853 * root + 0.010328 * root * root)
      / (1 + 1.432788 * root + 0.189269 * root * root + 0.001308 * root * root * root)
  }

  /// For each pair what was seen, block by block.
  private struct Tally {
    let recipients: Int

    /// By row and column: messages that the row heard before the column, less those the other way
    /// round; of all blocks, and their squares. Only above the diagonal.
    private var lead: [Int32]
    private var squares: [Double]
    private var heard: [Int32]
    private var blocks = 0

    init(recipients: Int) {
      self.recipients = recipients
      let cells = recipients * recipients
      lead = Array(repeating: 0, count: cells)
      squares = Array(repeating: 0, count: cells)
      heard = Array(repeating: 0, count: cells)
    }

    mutating func add(_ table: ArrivalTable, _ block: Range<Int>) {
      var now = Array(repeating: Int32(0), count: recipients * recipients)
      for message in block {
        let row = Array(table.row(message))
        for one in 0..<recipients where row[one] != ArrivalTable.absent {
          add(row, one, &now)
        }
      }
      blocks += 1
      for cell in now.indices {
        lead[cell] += now[cell]
        squares[cell] += Double(now[cell]) * Double(now[cell])
      }
    }

    @inline(__always)
    private mutating func add(_ row: [Nanoseconds], _ one: Int, _ now: inout [Int32]) {
      let mine = row[one]
      let base = one * recipients
      for other in one + 1..<recipients {
        let theirs = row[other]
        let counts: Int32 = theirs == ArrivalTable.absent ? 0 : 1
        heard[base + other] += counts
        now[base + other] += counts * ((mine < theirs ? 1 : 0) - (mine > theirs ? 1 : 0))
      }
    }

    /// How often `one` heard before `other`; those that tie count half.
    func share(_ one: Int, _ other: Int) -> Double {
      let cell = min(one, other) * recipients + max(one, other)
      guard heard[cell] > 0 else { return 0.5 }
      let share = 0.5 + Double(lead[cell]) / Double(heard[cell]) / 2
      return one < other ? share : 1 - share
    }

    /// How many standard errors the lead of a pair is from none. Blocks, and not messages, are
    /// counted.
    func certainty(_ one: Int, _ other: Int) -> Double {
      let cell = one * recipients + other
      return squares[cell] > 0 ? abs(Double(lead[cell])) / squares[cell].squareRoot() : 0
    }

    /// How many standard errors a pair is beyond `gate`; below 0 where it is not. The error is that
    /// of the blocks about their own mean; where each shows the same there is none.
    func certainty(_ one: Int, _ other: Int, beyond gate: Double) -> Double {
      let cell = one * recipients + other
      let lead = abs(Double(lead[cell]))
      let excess = lead - (2 * gate - 1) * Double(heard[cell])
      guard excess > 0, blocks > 1 else { return 0 }
      let scatter = max(squares[cell] - lead * lead / Double(blocks), 0)
      let variance = scatter * Double(blocks) / Double(blocks - 1)
      return variance > 1e-9 ? excess / variance.squareRoot() : .infinity
    }
  }
}
