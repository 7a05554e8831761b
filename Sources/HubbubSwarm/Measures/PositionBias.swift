/// Whether the same people always hear first (M4).
///
/// For each message the recipients are ranked by the time of arrival; those that tie share the
/// places that they take up. Kendall's coefficient of concordance over all messages is 0 where
/// nobody is favoured (chance alone gives about 1/N) and 1 where the order is always the same.
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
    let shares = tally.places.map { row in row.map { $0 / count } }
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
    var tieCorrection = 0.0
    private var order: [Int]

    init(recipients: Int) {
      rankSums = Array(repeating: 0, count: recipients)
      places = Array(repeating: Array(repeating: 0, count: recipients), count: recipients)
      order = Array(0..<recipients)
    }

    mutating func rank(_ row: ArraySlice<Nanoseconds>) {
      let first = row.startIndex
      order.sort { row[first + $0] < row[first + $1] }
      var start = 0
      while start < order.count {
        var end = start + 1
        while end < order.count, row[first + order[end]] == row[first + order[start]] { end += 1 }
        share(start..<end)
        start = end
      }
    }

    /// Gives everyone in `order[range]`, who tie, an equal part of these places.
    private mutating func share(_ range: Range<Int>) {
      let ties = Double(range.count)
      let middle = Double(range.lowerBound + 1 + range.upperBound) / 2
      for recipient in order[range] {
        rankSums[recipient] += middle
        for place in range { places[recipient][place] += 1 / ties }
      }
      tieCorrection += ties * ties * ties - ties
    }

    func concordance(messages: Double) -> Double {
      let recipients = Double(order.count)
      let mean = messages * (recipients + 1) / 2
      let spread = rankSums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let whole =
        messages * messages * (recipients * recipients * recipients - recipients)
        - messages * tieCorrection
      return whole > 0 ? 12 * spread / whole : 0
    }
  }
}
