/// How far apart the first and the last recipient hear the same message (M5).
public struct FanOutSpread: Sendable, Equatable, Codable {
  /// Microseconds.
  public let p50: Double
  public let p99: Double
  public let greatest: Double

  /// The median over the k − 1 steps from the first to the last, in microseconds.
  public let perRecipient: Double

  /// How many messages were looked at.
  public let messages: Int

  /// The whole distribution, for the picture.
  public let curve: [CurvePoint]

  /// - Returns: nil without a message, or with fewer than two recipients.
  public init?(_ table: ArrivalTable) {
    guard table.recipients > 1, table.messages > 0 else { return nil }
    var spans = (0..<table.messages).map { message in
      let row = table.row(message)
      // An absent one's time is less than any.
      let first = row.min { $0 != ArrivalTable.absent && ($1 == ArrivalTable.absent || $0 < $1) }!
      return Double(max(row.max()! - first, 0)) / 1_000
    }
    spans.sort()
    p50 = spans.quantile(0.5)
    p99 = spans.quantile(0.99)
    greatest = spans[spans.count - 1]
    perRecipient = p50 / Double(table.recipients - 1)
    messages = table.messages
    curve = CurvePoint.percentiles(of: spans.count).map { percentile in
      CurvePoint(percentile: percentile, value: spans.quantile(percentile / 100))
    }
  }
}

extension [Double] {
  /// The smallest element that at least `share` of the sorted elements do not exceed ("nearest
  /// rank").
  func quantile(_ share: Double) -> Double {
    let rank = Int((Double(count) * share).rounded(.up))
    return self[Swift.min(Swift.max(rank, 1), count) - 1]
  }

  /// The median of sorted elements; 0 where there are none.
  var middle: Double { isEmpty ? 0 : quantile(0.5) }
}
