/// Reads a room's log entry by entry, for something that is no connection: what remembers the room.
///
/// Like a cursor it reads what was published without a lock, and what it has not read stays in
/// memory for it. Unlike an outbox it reads every entry of its own room, also those that stand in
/// several rooms, and knows each one's number.
// @unchecked: `position` is touched by one thread at a time, which its owner sees to.
public final class LogTail: @unchecked Sendable {
  private let published: PublishedCount
  private var position: LogPosition

  /// Behind the last entry of `log`. Under the room's lock.
  public init(published: PublishedCount, log: Log) {
    self.published = published
    position = LogPosition(endOf: log)
  }

  /// The number of the next entry. The reading thread.
  public var next: UInt64 { position.next }

  /// Reads on to the last entry that was published by now, or to `last`. One thread at a time.
  ///
  /// - Parameters:
  ///   - last: the last number to read.
  ///   - body: is given an entry's number and its bytes, which are valid for the call; none where
  ///     the entry is nothing in this log's rendition.
  public func read(
    upTo last: UInt64 = .max, _ body: (UInt64, UnsafeRawBufferPointer) -> Void
  ) {
    let limit = min(published.value, last)
    while position.next <= limit { position.withNext(body) }
  }
}
