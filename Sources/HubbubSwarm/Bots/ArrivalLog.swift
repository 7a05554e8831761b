/// What one recipient heard, in order: four bytes a message, and a time for each read.
///
/// All messages that one read returned arrived when it returned.
struct ArrivalLog: Sendable {
  private(set) var ids: [UInt32] = []

  /// For each read that brought messages: how many had arrived after it, and when it was.
  private(set) var reads: [(end: Int, time: Nanoseconds)] = []

  init(reserving messages: Int = 0) {
    ids.reserveCapacity(messages)
  }

  @inline(__always)
  mutating func append(_ id: UInt32) { ids.append(id) }

  mutating func endRead(at time: Nanoseconds) { reads.append((ids.count, time)) }

  /// Calls `body` with each message and its time of arrival, in order.
  @inline(__always)
  func visit(_ body: (_ id: UInt32, _ time: Nanoseconds) -> Void) {
    var start = 0
    for read in reads {
      for index in start..<read.end { body(ids[index], read.time) }
      start = read.end
    }
  }

  /// How many messages arrived within `window`.
  func count(within window: Range<Nanoseconds>) -> Int {
    var (start, count) = (0, 0)
    for read in reads {
      if window.contains(read.time) { count += read.end - start }
      start = read.end
    }
    return count
  }
}
