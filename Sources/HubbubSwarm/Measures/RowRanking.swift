/// The places of one message's recipients: 1 for the first to hear it, those that tie share theirs.
///
/// Whoever was not to hear it stands in the middle, which favours and disfavours nobody, and the
/// places of the others are spread over the same range.
struct RowRanking {
  /// From 1 to the number of recipients.
  private(set) var ranks: [Double]

  /// Σ(t³ − t) over the groups that tie.
  private(set) var ties = 0.0

  /// Who heard it, the first one first, and the groups that tie within that.
  private(set) var order: [Int] = []
  private(set) var groups: [Range<Int>] = []

  init(recipients: Int) {
    ranks = Array(repeating: 0, count: recipients)
    order.reserveCapacity(recipients)
  }

  mutating func rank(_ row: ArraySlice<Nanoseconds>) {
    let (first, count) = (row.startIndex, Double(row.count))
    order.removeAll(keepingCapacity: true)
    groups.removeAll(keepingCapacity: true)
    ties = 0
    for recipient in 0..<row.count {
      if row[first + recipient] == ArrivalTable.absent {
        ranks[recipient] = (count + 1) / 2
      } else {
        order.append(recipient)
      }
    }
    order.sort { row[first + $0] < row[first + $1] }
    let scale = (count + 1) / (Double(order.count) + 1)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, row[first + order[end]] == row[first + order[start]] { end += 1 }
      let middle = Double(start + 1 + end) / 2 * scale
      for recipient in order[start..<end] { ranks[recipient] = middle }
      let tied = Double(end - start)
      ties += tied * tied * tied - tied
      groups.append(start..<end)
      start = end
    }
  }
}
