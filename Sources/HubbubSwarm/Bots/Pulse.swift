import Synchronization

/// The latency of the last second as the live view shows it: coarse, cheap, and gone when it is
/// over.
///
/// Eight buckets for each doubling, from 1 µs on; one message of each read is counted.
struct Pulse {
  private var buckets = [UInt32](repeating: 0, count: 8 * 27)
  private var count: UInt32 = 0
  private var since: Nanoseconds = 0
  private var last: Nanoseconds = 0

  /// Notes a message that took `latency`, and shows the second's figures when it is over.
  mutating func note(_ latency: Nanoseconds, at now: Nanoseconds, on gauge: Gauge) {
    if last > 0, now - last > gauge.longestGap.load(ordering: .relaxed) {
      gauge.longestGap.store(now - last, ordering: .relaxed)
    }
    last = now
    buckets[Self.bucket(max(Int(latency) / 1_000, 1))] += 1
    count += 1
    if now - since > .perSecond {
      gauge.p50.store(quantile(0.5), ordering: .relaxed)
      gauge.p99.store(quantile(0.99), ordering: .relaxed)
      for index in buckets.indices { buckets[index] = 0 }
      count = 0
      since = now
    }
  }

  static func bucket(_ microseconds: Int) -> Int {
    let doublings = Int.bitWidth - 1 - microseconds.leadingZeroBitCount
    let eighth = doublings >= 3 ? (microseconds >> (doublings - 3)) & 7 : 0
    return min(doublings * 8 + eighth, 8 * 27 - 1)
  }

  /// The middle of a bucket, in microseconds.
  private static func value(_ bucket: Int) -> Int {
    let base = 1 << (bucket / 8)
    return base + base * (2 * (bucket % 8) + 1) / 16
  }

  private func quantile(_ share: Double) -> Int {
    let wanted = UInt32((Double(count) * share).rounded(.up))
    var sum: UInt32 = 0
    for (index, bucket) in buckets.enumerated() {
      sum += bucket
      if sum >= wanted { return Self.value(index) }
    }
    return 0
  }
}
