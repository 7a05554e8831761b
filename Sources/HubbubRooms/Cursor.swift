import IRCWire
import Synchronization

/// One member's place in one room's log, from its own JOIN to its own PART or KICK.
// @unchecked: everything but the atomics belongs to whoever holds the member's baton.
final class Cursor: @unchecked Sendable {
  private let published: PublishedCount
  private let log: RoomLog
  private let sampler: FanOutSampler

  /// The last sequence number to read; `UInt64.max` while the member stays. Stored under the room's lock
  /// before any later entry is published, so whoever sees a later count sees this too.
  private let end = Atomic<UInt64>(.max)

  /// How many of the log's bytes this reader has passed. Relaxed: for the lag only.
  private let passedBytes: Atomic<UInt64>

  /// The last sequence number whose bytes the connection has taken. Relaxed: for those who look on.
  private let taken: Atomic<UInt64>

  /// The sequence number of the first entry that it may read.
  private let start: UInt64

  /// Whether its reader gets back what it says: `echo-message`, as of its entries. Who negotiates another thing
  /// gets another cursor, so that what was said before is read as it was said.
  let wantsEcho: Bool

  /// The rest is the baton holder's: where it stands,
  private var position: LogPosition

  /// the cursor of the same room that has to be read to its end before, if there is one,
  private var predecessor: Cursor?

  /// and up to which sequence number it may read in this round.
  private(set) var visible: UInt64

  /// A cursor before the next entry of `log`. Under the room's lock.
  init(published: PublishedCount, log: RoomLog, sampler: FanOutSampler, wantsEcho: Bool) {
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

  /// Lets it read up to and including the log's last entry. Under the room's lock.
  func finish() { end.store(published.value, ordering: .relaxed) }

  /// Whether its last entry is settled. Any thread.
  var isClosed: Bool { end.load(ordering: .relaxed) != .max }

  /// Whether it was closed before there was anything to read. Any thread.
  var isEmpty: Bool { end.load(ordering: .relaxed) < start }

  var rendition: Rendition { log.rendition }

  /// Whether it reads as what was negotiated.
  func isFor(_ capabilities: Capability) -> Bool {
    rendition == Rendition(of: capabilities) && wantsEcho == capabilities.contains(.echoMessage)
  }

  /// How many bytes of the log it keeps alive, from where it stands to the log's end. Any thread; may be a moment
  /// old.
  ///
  /// Also what was appended after its own end: a chunk holds on to those behind it, and who has left a busy room
  /// and reads nothing would keep all that is said there.
  var lagBytes: UInt64 {
    let (last, passed) = (log.appendedBytes, passedBytes.load(ordering: .relaxed))
    let bytes = last > passed ? last - passed : 0
    // An entry costs memory even where this reader sees none of its bytes.
    let (lastEntry, taken) = (log.lastSequence, taken.load(ordering: .relaxed))
    let entries = lastEntry > taken ? lastEntry - taken : 0
    return (isClosed ? Self.closedBytes : 0) + max(bytes, 64 * entries)
  }

  /// What a closed cursor counts for besides until it is read to its end: about what a chunk takes of a log that
  /// nobody else may read any more.
  private static let closedBytes: UInt64 = 4096

  /// Distinguishes the cursors of one member. Written once, as the cursor is attached.
  private(set) var number: UInt64 = 0

  /// Takes its place behind the member's other cursors. Under the member's queue lock, once, before the
  /// baton's holder knows it.
  func attach(as number: UInt64, behind others: [Cursor]) {
    self.number = number
    predecessor = others.last { $0.published === published }
  }

  /// Whether the same room's cursor before this one was read to its end: one who parts and joins again, or
  /// changes its capabilities, still reads one order. The baton's holder.
  var mayRead: Bool {
    guard let predecessor else { return true }
    guard predecessor.isFinished else { return false }
    self.predecessor = nil
    return true
  }

  /// How many of `sequence` entries the connection has yet to take. Any thread; may be a moment old.
  func lagMessages(of sequence: UInt64) -> UInt64 {
    let last = min(sequence, end.load(ordering: .relaxed))
    let taken = taken.load(ordering: .relaxed)
    return last > taken ? last - taken : 0
  }

  /// Notes that the connection has taken all that was read. The baton's holder.
  func noteTaken(by reader: MemberID) {
    let before = taken.load(ordering: .relaxed)
    guard next > before + 1 else { return }
    taken.store(next - 1, ordering: .relaxed)
    let watched = sampler.entry(above: before, below: next)
    if watched != 0 { sampler.note(watched, passedBy: reader) }
  }

  /// The sequence number of the next entry to read. The baton's holder.
  var next: UInt64 { position.next }

  /// Looks again how far it may read. The baton's holder, under the member's queue lock.
  func look() { visible = limit }

  /// Whether there is something that it may read in this round. The baton's holder.
  var hasMore: Bool { position.next <= visible }

  /// Whether it has read its last entry. The baton's holder.
  var isFinished: Bool { next > end.load(ordering: .relaxed) }

  /// Puts the entries up to `target`, or up to an event of several rooms that may be read, into `burst`, leaving out what its reader must not get. The baton's holder; see `LogPosition.advance`.
  func advance(
    to target: UInt64, orTo event: UInt64 = 0, for reader: Reader, admitted: UInt64 = 0,
    into burst: inout Burst
  ) -> LogPosition.Stop {
    defer { passedBytes.store(position.passedBytes, ordering: .relaxed) }
    var reader = reader
    reader.wantsEcho = wantsEcho
    let stretch = LogPosition.Stretch(target: target, event: event, last: visible)
    return position.advance(over: stretch, for: reader, admitted: admitted, into: &burst)
  }

  /// The sequence number of an event of several rooms, if it lies ahead and may be read. The baton's holder.
  func sequence(ofCrossing event: UInt64) -> UInt64? {
    position.sequence(ofCrossing: event, upTo: visible)
  }

  /// Keeps the bytes alive that spans in `burst` may lie in, when this cursor is about to go.
  func keepBytesAlive(in burst: inout Burst) { burst.keepAlive(position.chunk.storage) }
}
