import DequeModule

/// What a client said to people lately, by message id, so that it can take it back. A value of its session's.
struct SentMessages {
  private var entries: Deque<(id: [UInt8], target: String)> = []

  private static let greatestCount = 64

  mutating func note(_ id: [UInt8], to target: String) {
    if entries.count == Self.greatestCount { entries.removeFirst() }
    entries.append((id, target))
  }

  /// Forgets a message.
  ///
  /// - Returns: to whom it was said, as it was called then; nil where it is not known.
  mutating func take(_ id: String) -> String? {
    let index = entries.firstIndex { $0.id.elementsEqual(id.utf8) }
    return index.map { entries.remove(at: $0).target }
  }
}
