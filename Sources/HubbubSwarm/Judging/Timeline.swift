/// Latency over time, over all healthy recipients.
struct Timeline: Sendable {
  /// The most points of the picture.
  static let greatestPoints: Nanoseconds = 60

  private let start: Nanoseconds
  private let width: Nanoseconds
  private var slots: [CoarseLatency]

  /// From the beginning of the schedule, so that the warm-up shows too.
  init(_ evidence: Evidence) {
    start = evidence.beginning
    let length = evidence.measured.upperBound - start
    width = max(length / Self.greatestPoints, 50_000_000)
    slots = Array(repeating: CoarseLatency(), count: Int(max(length, 0) / width) + 1)
  }

  mutating func note(due: Nanoseconds, arrived: Nanoseconds) {
    let slot = Int((due - start) / width)
    if slots.indices.contains(slot) { slots[slot].record(arrived - due) }
  }

  var points: [TimelinePoint] {
    slots.enumerated().compactMap { index, slot in
      guard slot.count > 0 else { return nil }
      return TimelinePoint(
        second: (Nanoseconds(index) * width).seconds, p50: slot.quantile(0.5),
        p99: slot.quantile(0.99), greatest: slot.greatest)
    }
  }
}
