/// Latency over time, as the references heard it.
struct Timeline {
  /// The most points of the picture.
  static let greatestPoints = 60

  let evidence: Evidence
  let table: MessageTable

  func points(of references: some Sequence<Reference>) -> [TimelinePoint] {
    let start = evidence.beginning
    let end = evidence.measured.upperBound
    let width = max((end - start) / Nanoseconds(Self.greatestPoints), 100_000_000)
    var slots = Array(repeating: [Double](), count: Int((end - start) / width) + 1)
    for reference in references {
      for (message, time) in zip(reference.order, reference.times) {
        let due = table.due[message]
        guard due >= start, due < end else { continue }
        slots[Int((due - start) / width)].append(Double(time - due) / 1_000)
      }
    }
    return slots.enumerated().compactMap { index, values in
      guard !values.isEmpty else { return nil }
      let sorted = values.sorted()
      return TimelinePoint(
        second: (Nanoseconds(index) * width).seconds, p50: sorted.quantile(0.5),
        p99: sorted.quantile(0.99), greatest: sorted[sorted.count - 1])
    }
  }
}
