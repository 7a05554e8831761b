import HubbubThreads

/// Lets threads do something one after the other, in the order in which they came: what takes long
/// and must not be done under a lock. Any thread.
final class OneAtATime: Sendable {
  /// Guards the numbers of those who came and of the one whose turn it is. Nothing else is locked
  /// under it.
  private let turns = Monitor(Turns())

  private struct Turns {
    var next = 0
    var current = 0
  }

  /// Waits for the turn and runs `body`.
  ///
  /// - Parameter limit: how many may be there, the one whose turn it is included.
  /// - Returns: nil, at once, when one more would be too many.
  func run<Result>(upTo limit: Int = .max, _ body: () -> Result) -> Result? {
    let mine = turns.withLock { turns -> Int? in
      guard turns.next - turns.current < limit else { return nil }
      defer { turns.next += 1 }
      return turns.next
    }
    guard let mine else { return nil }
    _ = turns.wait { $0.current == mine ? true : nil }
    defer {
      turns.withLock { $0.current += 1 }
      turns.wakeAll()
    }
    return body()
  }

  /// How many are there. For tests.
  var count: Int { turns.withLock { $0.next - $0.current } }
}
