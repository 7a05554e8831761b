/// Something for one member alone: the answer to a command, a direct message.
struct PrivateItem {
  /// Names it until it is filled.
  let number: UInt64

  /// nil while its place is reserved and its bytes are still being written.
  var block: Block?

  /// Whether nothing at all is sent after it.
  let isLast: Bool

  /// Where it stands between the entries of the member's rooms.
  let place: Place

  /// How many bytes it counts for while it is queued.
  var cost: Int { (block?.cost ?? 0) + place.cost }

  /// An entry in one of the member's rooms.
  struct Cut {
    /// The cursor's number.
    let cursor: UInt64
    var sequence: UInt64
  }

  /// A place in the order of what one member reads: behind a certain entry in each of its rooms.
  ///
  /// What was published before the item was queued stands before it, and what was published later behind
  /// it, so that a JOIN is seen before the names that answer it, and an answer behind what it answers to.
  struct Place {
    /// Of the cursors that were open, in the order of their numbers, which is that in which they were attached.
    private let cuts: [Cut]

    /// The last cursor that there was.
    private let lastCursor: UInt64

    /// The place behind all that `cursors` may read now.
    ///
    /// - Parameter lastCursor: the highest number that a cursor has so far.
    init(behind cursors: [Cursor], lastCursor: UInt64) {
      // Each cursor is asked once: another thread may close it meanwhile, under its room's lock, and a `map` of
      // a lazy filter counts first and walks afterwards, past the end.
      cuts = cursors.compactMap {
        $0.isClosed ? nil : Cut(cursor: $0.number, sequence: $0.limit)
      }
      self.lastCursor = lastCursor
    }

    var cost: Int { cuts.count * MemoryLayout<Cut>.stride }

    /// How far `cursor` is read before the item: to its end if it was closed before, and not at all if it came
    /// later.
    func target(of cursor: Cursor) -> UInt64 {
      guard cursor.number <= lastCursor else { return 0 }
      return min(sequence(ofCursor: cursor.number) ?? .max, cursor.visible)
    }

    /// By halves: who is in a thousand rooms has a thousand cuts in each item, and asks for every one of them.
    private func sequence(ofCursor number: UInt64) -> UInt64? {
      var range = cuts.indices
      while let lowest = range.first {
        let middle = lowest + range.count / 2
        if cuts[middle].cursor == number { return cuts[middle].sequence }
        range = cuts[middle].cursor < number ? middle + 1..<range.upperBound : lowest..<middle
      }
      return nil
    }
  }
}
