/// How long messages took, to three percent, in little memory: for each sender, and for each
/// stretch of time.
///
/// Thirty-two buckets for each doubling, from 1 µs to a bit over a minute.
struct CoarseLatency: Sendable {
  private static let fractionBits = 5
  private static let greatestMicroseconds = 1 << 26

  private var buckets: [UInt32] = []
  private(set) var count = 0

  /// The greatest of them, in microseconds, exactly.
  private(set) var greatest = 0.0

  mutating func record(_ span: Nanoseconds) {
    if buckets.isEmpty {
      buckets = Array(repeating: 0, count: Self.bucket(Self.greatestMicroseconds) + 1)
    }
    buckets[Self.bucket(Int(span) / 1_000)] += 1
    count += 1
    greatest = max(greatest, Double(span) / 1_000)
  }

  /// The middle of the bucket that holds the value which `share` of them do not exceed, in
  /// microseconds; 0 where nothing was recorded.
  func quantile(_ share: Double) -> Double {
    let wanted = max(Int((Double(count) * share).rounded(.up)), 1)
    var sum = 0
    for (index, bucket) in buckets.enumerated() {
      sum += Int(bucket)
      if sum >= wanted { return min(Self.middle(index), greatest) }
    }
    return 0
  }

  private static func bucket(_ microseconds: Int) -> Int {
    let value = min(max(microseconds, 0), greatestMicroseconds)
    // Below 32 µs each microsecond has a bucket of its own.
    guard value >= 1 << fractionBits else { return value }
    let shift = Int.bitWidth - 1 - value.leadingZeroBitCount - fractionBits
    return (shift << fractionBits) + (value >> shift)
  }

  private static func middle(_ bucket: Int) -> Double {
    guard bucket >= 2 << fractionBits else { return Double(bucket) + 0.5 }
    let shift = (bucket >> fractionBits) - 1
    let base = ((bucket & ((1 << fractionBits) - 1)) | (1 << fractionBits)) << shift
    return Double(base) + Double(1 << shift) / 2
  }
}
