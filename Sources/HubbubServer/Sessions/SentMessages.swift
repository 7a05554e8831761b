import DequeModule
import IRCWire

/// What a client said to people lately, by message id, so that it can take it back. A value of its
/// session's.
struct SentMessages {
  private var entries: Deque<(id: [UInt8], target: String)> = []

  private static let maxCount = 64

  mutating func note(_ id: [UInt8], to target: String) {
    if entries.count == Self.maxCount { entries.removeFirst() }
    entries.append((id, target))
  }

  /// Forgets a message that was said to `target`.
  ///
  /// - Returns: whether it is known, and was said to that one.
  mutating func take(_ id: String, to target: String) -> Bool {
    let index = entries.firstIndex {
      $0.id.elementsEqual(id.utf8) && FoldedName($0.target) == FoldedName(target)
    }
    if let index { entries.remove(at: index) }
    return index != nil
  }
}
