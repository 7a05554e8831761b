/// Stretches in which nothing was heard by anybody although something was on its way, and how long
/// one waited beyond them (M8).
///
/// When the whole server stands still, everybody waits. That singles out nobody, so it is told as
/// what it is, and taken out of what each one waited. Messages of two senders at least must have
/// been due: where one waits alone, the others had nothing to wait for.
struct Silence: Sendable {
  /// From where on all are said to have waited.
  static let notable: Nanoseconds = 100_000_000

  /// A message: when it was due, when the server could have it, and when the first of those who
  /// were asked heard it.
  ///
  /// Where the whole machine stands still nobody writes either; what was due is what would have
  /// been on its way.
  struct Passage: Sendable {
    var sender: Int
    var due: Nanoseconds
    var started: Nanoseconds
    var heard: Nanoseconds
  }

  /// The stretches, in the order of time, none of them overlapping.
  private(set) var stretches: [Range<Nanoseconds>] = []

  /// - Parameter passages: all messages of the room, in any order.
  init(_ passages: [Passage]) {
    let order = passages.sorted { $0.heard < $1.heard }
    var waiting = Waiting()
    // From when on messages of two senders were on their way, of those that were still to come.
    var both = Array(repeating: Nanoseconds.max, count: order.count)
    for index in order.indices.reversed() {
      waiting.add(order[index])
      both[index] = waiting.second.due
    }
    var last = Nanoseconds.min
    for (index, passage) in order.enumerated() {
      let start = max(last, both[index])
      if passage.heard > start { stretches.append(start..<passage.heard) }
      last = passage.heard
    }
  }

  /// The oldest message, and the oldest of another sender.
  private struct Waiting {
    var first = (sender: -1, due: Nanoseconds.max)
    var second = (sender: -1, due: Nanoseconds.max)

    mutating func add(_ passage: Passage) {
      let new = (sender: passage.sender, due: passage.due)
      if new.sender == first.sender || new.due < first.due {
        if new.sender != first.sender { second = first }
        if new.due < first.due { first = new }
      } else if new.due < second.due {
        second = new
      }
    }
  }

  /// The stretches in which everybody waited for long.
  var stalls: [Range<Nanoseconds>] {
    stretches.filter { $0.upperBound - $0.lowerBound >= Self.notable }
  }

  /// How much of a wait was not everybody's.
  func excess(of wait: Range<Nanoseconds>) -> Nanoseconds {
    var rest = wait.upperBound - wait.lowerBound
    for stretch in stretches[firstReaching(wait.lowerBound)...] {
      guard stretch.lowerBound < wait.upperBound else { break }
      // The usual gap between two messages is no standstill.
      guard stretch.upperBound - stretch.lowerBound >= Self.notable / 4 else { continue }
      rest -= min(stretch.upperBound, wait.upperBound) - max(stretch.lowerBound, wait.lowerBound)
    }
    return rest
  }

  private func firstReaching(_ time: Nanoseconds) -> Int {
    var (low, high) = (0, stretches.count)
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].upperBound <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The longest wait of one person beyond what everybody waited: from when something of it, or for
  /// it, was on its way and nothing came, until something did.
  ///
  /// - Parameter passages: those of the one person, in the order in which they were heard.
  func longestExcess(_ passages: some Sequence<Passage>) -> Starvation.Wait? {
    var longest: Starvation.Wait?
    var last = Nanoseconds.min
    for passage in passages {
      let start = max(last, passage.started)
      if passage.heard - start > longest?.length ?? -1 {
        let excess = excess(of: start..<max(passage.heard, start))
        if excess > longest?.length ?? -1 { longest = .init(length: excess, start: start) }
      }
      last = max(last, passage.heard)
    }
    return longest
  }
}
