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

  /// The log's bytes when `end` was set. Relaxed: for the lag only.
  private let endByte = Atomic<UInt64>(.max)

  /// How many of the log's bytes this reader has passed. Relaxed: for the lag only.
  private let passedBytes: Atomic<UInt64>

  /// The last sequence number whose bytes the connection has taken. Relaxed: for those who look on.
  private let taken: Atomic<UInt64>

  /// The rest is the baton holder's: the chunk, and the next entry in it by index, by its first byte and
  /// by its sequence number.
  private var chunk: Chunk
  private var index: Int
  private var offset: Int
  private(set) var next: UInt64

  /// Up to which sequence number it may read in this round.
  private(set) var visible: UInt64

  /// A cursor before the next entry of `log`. Under the room's lock.
  init(published: PublishedCount, log: RoomLog, sampler: FanOutSampler) {
    self.published = published
    self.log = log
    self.sampler = sampler
    chunk = log.tail
    index = log.tail.count
    offset = log.tail.usedBytes
    next = log.tail.firstSequence + UInt64(log.tail.count)
    visible = next - 1
    taken = Atomic(next - 1)
    passedBytes = Atomic(log.tail.firstByte + UInt64(log.tail.usedBytes))
  }

  /// The last sequence number that may be read now. Any thread.
  var limit: UInt64 { min(published.value, end.load(ordering: .relaxed)) }

  /// Lets it read up to and including the log's last entry. Under the room's lock.
  func finish() {
    endByte.store(log.appendedBytes, ordering: .relaxed)
    end.store(published.value, ordering: .relaxed)
  }

  var rendition: Rendition { log.rendition }

  /// How many bytes it has yet to pass. Any thread; may be a moment old.
  var lagBytes: UInt64 {
    let last = min(log.appendedBytes, endByte.load(ordering: .relaxed))
    let passed = passedBytes.load(ordering: .relaxed)
    return last > passed ? last - passed : 0
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

  /// Looks again how far it may read. The baton's holder, under the member's queue lock.
  func look() { visible = limit }

  /// Whether it has read its last entry. The baton's holder.
  var isFinished: Bool { next > end.load(ordering: .relaxed) }

  /// What stopped an advance.
  enum Stop: Equatable {
    /// It has passed everything up to the target.
    case reached

    /// The next entry is an event of several rooms, with this number.
    case crossing(UInt64)

    /// The burst is full.
    case full
  }

  /// Puts the entries up to `target` into `burst`, leaving out what its reader must not get.
  ///
  /// Stops before an event of several rooms whose number is above `lastCrossing`, unless it is `admitted`;
  /// leaves out those up to `lastCrossing`, which were sent from another room. The baton's holder.
  func advance(
    to target: UInt64, for reader: Reader, admitted: UInt64 = 0, into burst: inout Burst
  ) -> Stop {
    defer { passedBytes.store(chunk.firstByte + UInt64(offset), ordering: .relaxed) }
    var run = offset..<offset
    while next <= target {
      if next == chunk.endSequence { hop(&run, into: &burst) }
      let entry = chunk.entry(index)
      if entry.crossing > reader.lastCrossing, entry.crossing != admitted {
        burst.append(chunk.span(run))
        return .crossing(entry.crossing)
      }
      if burst.isFull {
        burst.append(chunk.span(run))
        return .full
      }
      step(over: entry, sending: reader.wants(entry, admitted: admitted), &run, into: &burst)
    }
    burst.append(chunk.span(run))
    return .reached
  }

  /// Keeps the chunk alive that spans in `burst` may lie in, when this cursor is about to go.
  func keepChunkAlive(in burst: inout Burst) { burst.keepAlive(chunk) }

  /// Moves to the next chunk; this one is read to its end.
  private func hop(_ run: inout Range<Int>, into burst: inout Burst) {
    burst.append(chunk.span(run))
    burst.keepAlive(chunk)
    chunk = chunk.next!
    index = 0
    offset = 0
    run = 0..<0
  }

  private func step(
    over entry: Chunk.Entry, sending: Bool, _ run: inout Range<Int>, into burst: inout Burst
  ) {
    let entryEnd = Int(entry.end)
    if sending {
      run = run.lowerBound..<entryEnd
    } else {
      burst.append(chunk.span(run))
      run = entryEnd..<entryEnd
    }
    index += 1
    offset = entryEnd
    next += 1
  }
}
