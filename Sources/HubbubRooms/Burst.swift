/// What is to leave a connection next: spans of bytes in their order, for one gathering write.
///
/// Once a byte is in a burst its place is settled: a write that takes only a part of it leaves the rest at
/// the front. A value of the baton's holder.
struct Burst {
  private var spans: [UnsafeRawBufferPointer] = []
  private var firstSpan = 0

  /// Chunks' storages and blocks that the spans lie in and that nothing else may keep alive.
  private var owners: [AnyObject] = []

  /// How many bytes are still to be written.
  private(set) var unsentBytes = 0

  /// So many spans leave in one system call, which takes 1024. Where rooms take turns, or a reader's own lines are
  /// left out, each line is a span, and a helper must send more of them a turn than a read publishes.
  private static let greatestCount = 512

  /// So much of the list of spans is kept for the next burst.
  private static let keptCount = 64

  /// So many bytes are worth one system call; more only makes others wait for the baton.
  private static let greatestBytes = 256 * 1024

  var isEmpty: Bool { unsentBytes == 0 }

  var isFull: Bool {
    spans.count >= Self.greatestCount || unsentBytes >= Self.greatestBytes
  }

  /// Appends bytes that stay where they are until they were consumed. Nothing where there are none.
  ///
  /// What lies behind the last span becomes a part of it: events of several rooms come one at a time, and would
  /// fill a burst with 64 lines, fewer than one read publishes.
  mutating func append(_ span: UnsafeRawBufferPointer) {
    guard let start = span.baseAddress, !span.isEmpty else { return }
    unsentBytes += span.count
    if let last = spans.last, last.baseAddress! + last.count == start {
      spans[spans.count - 1] = UnsafeRawBufferPointer(
        start: last.baseAddress, count: last.count + span.count)
    } else {
      spans.append(span)
    }
  }

  /// Appends the bytes of a block, and keeps it alive.
  mutating func append(_ block: Block) {
    append(block.bytes)
    owners.append(block)
  }

  /// Keeps `owner` alive until the burst is written.
  mutating func keepAlive(_ owner: AnyObject) { owners.append(owner) }

  /// The spans that are still to be written.
  func withUnsent<Result>(
    _ body: (UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Result
  ) -> Result {
    spans.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[firstSpan...])) }
  }

  /// Takes the first `count` bytes as written.
  mutating func consume(_ count: Int) {
    unsentBytes -= count
    precondition(unsentBytes >= 0, "More bytes were consumed than the burst held.")
    if unsentBytes == 0 {
      spans.removeAll(keepingCapacity: spans.count <= Self.keptCount)
      if !owners.isEmpty { owners.removeAll(keepingCapacity: true) }
      firstSpan = 0
      return
    }
    var rest = count
    while rest >= spans[firstSpan].count {
      rest -= spans[firstSpan].count
      firstSpan += 1
    }
    spans[firstSpan] = UnsafeRawBufferPointer(rebasing: spans[firstSpan][rest...])
  }
}
