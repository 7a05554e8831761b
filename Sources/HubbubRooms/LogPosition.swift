/// A place in a room's log: a chunk, and the next entry in it. A value of the baton's holder.
struct LogPosition {
  private(set) var chunk: Chunk
  private var index: Int
  private var offset: Int

  /// The sequence number of the next entry.
  private(set) var next: UInt64

  /// The place behind the last entry of `log`. Under the room's lock.
  init(endOf log: RoomLog) {
    chunk = log.tail
    index = log.tail.count
    offset = log.tail.usedBytes
    next = log.tail.firstSequence + UInt64(log.tail.count)
  }

  /// How many bytes of the log lie before it.
  var passedBytes: UInt64 { chunk.firstByte + UInt64(offset) }

  /// What stopped an advance.
  enum Stop: Equatable {
    /// It has passed everything up to the target.
    case reached

    /// The next entry is an event of several rooms, with this number.
    case crossing(UInt64)

    /// The next entry was appended after an event of several rooms with this number.
    case later(UInt64)

    /// The burst is full.
    case full
  }

  /// How far to go: to `target`, and from there on to `event`, or over what was appended before it, but not beyond
  /// `last`.
  struct Stretch {
    let target: UInt64
    let event: UInt64
    let last: UInt64
  }

  /// Puts the entries of `stretch` into `burst`, leaving out what its reader must not get.
  ///
  /// Stops before an event of several rooms whose number is above `lastCrossing`, unless it is `admitted`;
  /// leaves out those up to `lastCrossing`, which were sent from another room.
  mutating func advance(
    over stretch: Stretch, for reader: Reader, admitted: UInt64 = 0, into burst: inout Burst
  ) -> Stop {
    var run = offset..<offset
    while next <= stretch.target || goesOn(stretch) {
      if next == chunk.endSequence { hop(&run, into: &burst) }
      let entry = chunk.entry(index)
      if entry.crossing > reader.lastCrossing, entry.crossing != admitted {
        burst.append(chunk.span(run))
        return .crossing(entry.crossing)
      }
      if entry.epoch > reader.frontier, entry.crossing == 0 {
        burst.append(chunk.span(run))
        return .later(entry.epoch)
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

  /// The sequence number of an event of several rooms, if it lies ahead and not beyond `last`.
  ///
  /// Looks no further than to the first entry that was appended after it.
  func sequence(ofCrossing event: UInt64, upTo last: UInt64) -> UInt64? {
    var (chunk, index, sequence) = (chunk, index, next)
    while sequence <= last {
      if sequence == chunk.endSequence {
        chunk = chunk.next!
        index = 0
      }
      let entry = chunk.entry(index)
      if entry.crossing == event { return sequence }
      if entry.epoch >= event { return nil }
      index += 1
      sequence += 1
    }
    return nil
  }

  /// Whether the next entry lies behind the target, and is to be read all the same.
  private func goesOn(_ stretch: Stretch) -> Bool {
    guard stretch.event > 0, next <= stretch.last else { return false }
    let entry = next == chunk.endSequence ? chunk.next!.entry(0) : chunk.entry(index)
    return entry.epoch < stretch.event || entry.crossing == stretch.event
  }

  /// Moves to the next chunk; this one is read to its end.
  private mutating func hop(_ run: inout Range<Int>, into burst: inout Burst) {
    burst.append(chunk.span(run))
    burst.keepAlive(chunk.storage)
    chunk = chunk.next!
    index = 0
    offset = 0
    run = 0..<0
  }

  private mutating func step(
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
