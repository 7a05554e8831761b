/// What is to leave a connection next: spans of bytes in their order, for one gathering write.
///
/// Once a byte is in a batch its place is settled: a write that takes only a part of it leaves the
/// rest at the front. A value of the baton's holder.
struct WriteBatch {
  private var spans: [UnsafeRawBufferPointer] = []
  private var firstSpan = 0

  /// Chunks' storages, blocks and copies that the spans lie in and that nothing else may keep
  /// alive.
  private var owners: [AnyObject] = []

  /// Where short runs are copied to; also one of the owners.
  private var copied: CopiedBytes?

  /// How many bytes are still to be written.
  private(set) var unsentBytes = 0

  /// Maximum spans per system call, which takes 1024. A helper must send at least as many lines a
  /// turn as one read publishes, also where each of them is a span of its own.
  private static let maximumSpans = 512

  /// How much of the list of spans is kept for the next batch.
  private static let keptSpans = 64

  /// Maximum bytes per write: more would only make others wait for the baton.
  private static let maximumBytes = 256 * 1024

  /// A run of at most this length costs less to copy than to hand to the kernel as a span of its
  /// own.
  private static let shortRunBytes = 1024

  var isEmpty: Bool { unsentBytes == 0 }

  var isFull: Bool {
    spans.count >= Self.maximumSpans || unsentBytes >= Self.maximumBytes
  }

  /// Appends bytes that stay where they are until they were consumed. Nothing where there are none.
  ///
  /// - Parameter copies: whether a short run is copied, to lie beside those before it.
  mutating func append(_ span: UnsafeRawBufferPointer, copies: Bool = false) {
    guard let start = span.baseAddress, !span.isEmpty else { return }
    unsentBytes += span.count
    if copies, span.count <= Self.shortRunBytes { return extend(by: copy(of: span)) }
    extend(by: UnsafeRawBufferPointer(start: start, count: span.count))
  }

  /// Appends the bytes of a block, and keeps it alive.
  mutating func append(_ block: Block) {
    guard !block.bytes.isEmpty else { return }
    append(block.bytes)
    owners.append(block)
  }

  /// Keeps `owner` alive until the batch is written.
  mutating func keepAlive(_ owner: AnyObject) { owners.append(owner) }

  /// The spans that are still to be written.
  func withUnsent<Result>(
    _ body: (UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Result
  ) -> Result {
    spans.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[firstSpan...])) }
  }

  /// Removes the first `count` bytes: they are written.
  mutating func consume(_ count: Int) {
    unsentBytes -= count
    precondition(unsentBytes >= 0, "More bytes were consumed than the batch held.")
    if unsentBytes == 0 {
      spans.removeAll(keepingCapacity: spans.count <= Self.keptSpans)
      if !owners.isEmpty { owners.removeAll(keepingCapacity: owners.count <= Self.keptSpans) }
      copied = nil
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

  /// A span that begins where the last one ends becomes a part of it.
  private mutating func extend(by span: UnsafeRawBufferPointer) {
    guard let last = spans.last, last.baseAddress! + last.count == span.baseAddress else {
      return spans.append(span)
    }
    spans[spans.count - 1] = UnsafeRawBufferPointer(
      start: last.baseAddress, count: last.count + span.count)
  }

  private mutating func copy(of span: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if let copied, let copy = copied.append(span) { return copy }
    let next = CopiedBytes()
    copied = next
    owners.append(next)
    return next.append(span)!
  }
}
