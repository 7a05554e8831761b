/// A place in a room's log: a chunk, and the next entry in it. A value of the baton's holder.
struct LogPosition {
  private(set) var chunk: Chunk
  private var index: Int
  private var offset: Int

  /// The sequence number of the next entry.
  private(set) var next: UInt64

  /// The place behind the last entry of `log`. Under the room's lock.
  init(endOf log: Log) {
    chunk = log.tail
    index = log.tail.count
    offset = log.tail.usedBytes
    next = log.tail.firstSequence + UInt64(log.tail.count)
  }

  /// How many bytes of the log lie before it.
  var passedBytes: UInt64 { chunk.firstByte + UInt64(offset) }

  /// The stamp of the next entry, which must be published.
  var nextStamp: UInt64 {
    (next == chunk.endSequence ? chunk.next!.entry(0) : chunk.entry(index)).stamp
  }

  /// Puts entries into `batch` as long as it has room, leaving out what the reader must not get.
  ///
  /// - Parameters:
  ///   - stamp: the last stamp to go to, in this room.
  ///   - last: the last sequence number to go to.
  ///   - copies: whether other rooms' entries lie between: then a short run is copied.
  mutating func advance(
    to stamp: UInt64, last: UInt64, for reader: inout Reader, wantsEcho: Bool, copies: Bool,
    into batch: inout WriteBatch
  ) {
    var run = offset..<offset
    while next <= last, !batch.isFull {
      if next == chunk.endSequence { hop(&run, copies, into: &batch) }
      let entry = chunk.entry(index)
      if entry.stamp > stamp { break }
      let sends = reader.passes(entry, wantsEcho: wantsEcho)
      step(over: entry, sends: sends, &run, copies, into: &batch)
    }
    batch.append(chunk.span(run), copies: copies)
  }

  /// Takes the next entry, which must be published, whoever its author is.
  mutating func withNext(_ body: (UInt64, UnsafeRawBufferPointer) -> Void) {
    if next == chunk.endSequence { (chunk, index, offset) = (chunk.next!, 0, 0) }
    let end = Int(chunk.entry(index).end)
    body(next, chunk.span(offset..<end))
    (index, offset, next) = (index + 1, end, next + 1)
  }

  /// Moves to the next chunk; this one is read to its end.
  private mutating func hop(
    _ run: inout Range<Int>, _ copies: Bool, into batch: inout WriteBatch
  ) {
    batch.append(chunk.span(run), copies: copies)
    batch.keepAlive(chunk.storage)
    chunk = chunk.next!
    index = 0
    offset = 0
    run = 0..<0
  }

  private mutating func step(
    over entry: Chunk.Entry, sends: Bool, _ run: inout Range<Int>, _ copies: Bool,
    into batch: inout WriteBatch
  ) {
    let entryEnd = Int(entry.end)
    if sends {
      run = run.lowerBound..<entryEnd
    } else {
      batch.append(chunk.span(run), copies: copies)
      run = entryEnd..<entryEnd
    }
    index += 1
    offset = entryEnd
    next += 1
  }
}
