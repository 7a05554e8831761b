extension Database {
  /// The key behind the last row of a range that is older than `time`; the range's first where none
  /// is. By bisection: a stream's time never goes back, so it needs no index.
  ///
  /// - Parameters:
  ///   - range: keys of one stream.
  ///   - table: `message` or `happening`.
  func boundary(
    in range: ClosedRange<Int64>, of table: String, at time: Int64
  ) throws(StoreError) -> Int64 {
    var low = range.lowerBound
    // Not behind the last row, so that the search is as long as the stream and not as its numbers.
    let last = try number(
      "SELECT id FROM \(table) WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
      .integer(range.lowerBound), .integer(range.upperBound))
    guard let last else { return low }
    var high = last + 1
    // `low` is behind a row that is older, and no row from `high` on is.
    while low < high {
      let middle = low + (high - low) / 2
      let row = try first(
        "SELECT id, time FROM \(table) WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1",
        .integer(middle), .integer(high - 1)
      ) { (key: $0.integer(0), time: $0.integer(1)) }
      if let row, row.time < time { low = row.key + 1 } else { high = middle }
    }
    return low
  }
}
