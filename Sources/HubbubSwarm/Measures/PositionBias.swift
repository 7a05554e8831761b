/// Whether the same people always hear first (M4).
///
/// For each message the recipients are ranked by the time of arrival; those that tie share the
/// places that they take up. Kendall's coefficient of concordance over all messages is 0 where
/// nobody is favoured (chance alone gives about 1/N) and 1 where the order is always the same.
/// A sender that does not hear itself has no place at its own messages.
public struct PositionBias: Sendable, Equatable, Codable {
  /// Kendall's W, corrected for ties.
  public let concordance: Double

  /// Each recipient's mean place, 1 to k.
  public let meanRanks: [Double]

  /// The share of the messages that each recipient heard first, against 1/k by chance.
  public let firstShares: [Double]

  /// The share that each heard last.
  public let lastShares: [Double]

  /// `places[r][p]` is how often recipient r was at place p, as a share of the messages. Where
  /// there are more than `greatestColumns` places, neighbours are put together.
  public let places: [[Double]]

  /// So that a thousand recipients still fit into a picture and a file.
  static let greatestColumns = 40

  /// How many messages were ranked.
  public let messages: Int

  /// - Returns: nil without a message, or with fewer than two recipients: then there is nothing to
  ///   rank.
  public init?(_ table: ArrivalTable) {
    guard table.recipients > 1, table.messages > 0 else { return nil }
    var tally = Tally(recipients: table.recipients)
    for message in 0..<table.messages { tally.rank(table.row(message)) }
    let count = Double(table.messages)
    messages = table.messages
    concordance = tally.concordance(messages: count)
    meanRanks = tally.rankSums.map { $0 / count }
    let shares = zip(tally.places, tally.heard).map { row, heard in
      row.map { $0 / Double(max(heard, 1)) }
    }
    firstShares = shares.map { $0[0] }
    lastShares = shares.map { $0[$0.count - 1] }
    places = shares.map(Self.columns)
  }

  /// Puts neighbouring places together until they fit.
  private static func columns(_ row: [Double]) -> [Double] {
    guard row.count > greatestColumns else { return row }
    var columns = Array(repeating: 0.0, count: greatestColumns)
    for (place, share) in row.enumerated() { columns[place * greatestColumns / row.count] += share }
    return columns
  }

  /// The sums over the messages ranked so far.
  private struct Tally {
    var rankSums: [Double]
    var places: [[Double]]

    /// How many messages each recipient was to hear.
    var heard: [Int]
    var tieCorrection = 0.0
    private var ranking: RowRanking

    init(recipients: Int) {
      rankSums = Array(repeating: 0, count: recipients)
      places = Array(repeating: Array(repeating: 0, count: recipients), count: recipients)
      heard = Array(repeating: 0, count: recipients)
      ranking = RowRanking(recipients: recipients)
    }

    mutating func rank(_ row: ArraySlice<Nanoseconds>) {
      ranking.rank(row)
      for recipient in rankSums.indices { rankSums[recipient] += ranking.ranks[recipient] }
      tieCorrection += ranking.ties
      // With one fewer to hear it, the last place is still the last one.
      let (last, present) = (rankSums.count - 1, max(ranking.order.count - 1, 1))
      for group in ranking.groups {
        for recipient in ranking.order[group] {
          heard[recipient] += 1
          for place in group {
            places[recipient][place * last / present] += 1 / Double(group.count)
          }
        }
      }
    }

    func concordance(messages: Double) -> Double {
      let recipients = Double(rankSums.count)
      let mean = messages * (recipients + 1) / 2
      let spread = rankSums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let whole =
        messages * messages * (recipients * recipients * recipients - recipients)
        - messages * tieCorrection
      return whole > 0 ? 12 * spread / whole : 0
    }
  }
}
