import Synchronization

/// One reader's place in one room's log, from its own JOIN to its own PART or KICK.
// @unchecked: everything but the atomics belongs to whoever holds the reader's baton.
public final class Cursor: @unchecked Sendable {
  let published: PublishedCount
  public let log: Log
  private let sampler: FanOutSampler

  /// The last sequence number to read; `UInt64.max` while the member stays. Stored under the room's
  /// lock before any later entry is published, so whoever sees a later count sees this too.
  private let end = Atomic<UInt64>(.max)

  /// How many of the log's bytes this reader has passed. Relaxed: for the lag only.
  private let passedBytes: Atomic<UInt64>

  /// The last sequence number whose bytes the connection has taken. Relaxed: for those who look on.
  private let taken: Atomic<UInt64>

  /// The sequence number of the first entry that it may read.
  private let start: UInt64

  /// Whether its reader gets back what it says. A reader that changes its mind gets another cursor,
  /// so that what was said before is read as it was said.
  public let wantsEcho: Bool

  // The rest is the baton holder's.

  private var position: LogPosition

  /// Up to which sequence number it may read in this round.
  private var visible: UInt64

  /// Whether it stands in the list of those with something to send.
  var isUnread = false

  /// Whether it has passed entries that the connection has not taken yet.
  var hasAdvanced = false

  /// A cursor before the next entry of `log`. Under the room's lock.
  public init(
    published: PublishedCount, log: Log, sampler: FanOutSampler, wantsEcho: Bool
  ) {
    self.published = published
    self.log = log
    self.sampler = sampler
    self.wantsEcho = wantsEcho
    position = LogPosition(endOf: log)
    visible = position.next - 1
    start = position.next
    taken = Atomic(position.next - 1)
    passedBytes = Atomic(position.passedBytes)
  }

  /// The last sequence number that may be read now. Any thread.
  var limit: UInt64 { min(published.value, end.load(ordering: .relaxed)) }

  /// Lets it read up to and including the log's last entry. Under the room's lock; see
  /// `Outbox.close`.
  func finish() { end.store(published.value, ordering: .relaxed) }

  /// Whether its last entry is settled. Any thread.
  var isClosed: Bool { end.load(ordering: .relaxed) != .max }

  /// Whether it was closed before there was anything to read. Any thread.
  var isEmpty: Bool { end.load(ordering: .relaxed) < start }

  /// How many bytes of the log it keeps alive, from where it stands to the log's end. Any thread;
  /// may be a moment old.
  ///
  /// Also what was appended after its own end: a chunk holds on to those behind it, and who has
  /// left a busy room and reads nothing would keep all that is said there.
  var lagBytes: UInt64 {
    let (last, passed) = (log.appendedBytes, passedBytes.load(ordering: .relaxed))
    let bytes = last > passed ? last - passed : 0
    // An entry costs memory even where this reader sees none of its bytes.
    let (lastEntry, taken) = (log.lastSequence, taken.load(ordering: .relaxed))
    let entries = lastEntry > taken ? lastEntry - taken : 0
    return (isClosed ? Self.closedBytes : 0) + max(bytes, 64 * entries)
  }

  /// What a closed cursor counts for besides until it is read to its end: about what a chunk takes
  /// of a log that nobody else may read any more.
  private static let closedBytes: UInt64 = 4096

  /// The number of the last entry that the connection has taken. Exact once its outbox is retired.
  public var lastTaken: UInt64 { taken.load(ordering: .relaxed) }

  /// How many of `sequence` entries the connection has yet to take. Any thread; may be a moment
  /// old.
  public func lagMessages(of sequence: UInt64) -> UInt64 {
    let last = min(sequence, end.load(ordering: .relaxed))
    let taken = taken.load(ordering: .relaxed)
    return last > taken ? last - taken : 0
  }

  /// Notes that the connection has taken all that was read. The baton's holder.
  ///
  /// - Returns: how many entries that were since the last time.
  func didWrite(by reader: ReaderID) -> UInt64 {
    let before = taken.load(ordering: .relaxed)
    guard next > before + 1 else { return 0 }
    defer { taken.store(next - 1, ordering: .relaxed) }
    let watched = sampler.entry(above: before, below: next)
    if watched != 0 { sampler.note(watched, passedBy: reader) }
    return next - 1 - before
  }

  /// The sequence number of the next entry to read. The baton's holder.
  var next: UInt64 { position.next }

  /// Looks again how far it may read. The baton's holder, after it has read the clock.
  ///
  /// - Returns: whether there is something.
  func look() -> Bool {
    visible = limit
    return hasMore
  }

  /// Whether there is something that it may read in this round. The baton's holder.
  var hasMore: Bool { position.next <= visible }

  /// Whether it has read its last entry. The baton's holder.
  var isFinished: Bool { next > end.load(ordering: .relaxed) }

  /// The stamp of the next entry that it may read, where it `hasMore`. The baton's holder.
  var nextStamp: UInt64 { position.nextStamp }

  /// Puts the entries up to a stamp into `batch`. The baton's holder; see `LogPosition.advance`.
  func advance(
    to stamp: UInt64, for reader: inout Reader, copies: Bool, into batch: inout WriteBatch
  ) {
    position.advance(
      to: stamp, last: visible, for: &reader, wantsEcho: wantsEcho, copies: copies, into: &batch)
    passedBytes.store(position.passedBytes, ordering: .relaxed)
  }

  /// Keeps the bytes alive that spans in `batch` may lie in, when this cursor is about to go.
  func keepBytesAlive(in batch: inout WriteBatch) { batch.keepAlive(position.chunk.storage) }
}
