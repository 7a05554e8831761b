import DequeModule

/// Who said what lately in a room: enough to say whose a message is that is to be redacted.
///
/// A value, guarded by the room's lock.
struct RecentSpeech {
  private(set) var entries: Deque<(sequence: UInt64, author: MemberID)> = []

  /// This many messages back, a redaction still finds its author.
  private static let maxCount = 1000

  mutating func note(_ sequence: UInt64, by author: MemberID) {
    if entries.count == Self.maxCount { entries.removeFirst() }
    entries.append((sequence, author))
  }

  /// Who wrote the entry; nil for one that is unknown, or too long ago.
  func author(of sequence: UInt64) -> MemberID? {
    // The numbers only grow.
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].sequence < sequence { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].sequence == sequence ? entries[low].author : nil
  }

  /// Forgets it: what was redacted cannot be redacted again.
  mutating func remove(_ sequence: UInt64) { entries.removeAll { $0.sequence == sequence } }
}
