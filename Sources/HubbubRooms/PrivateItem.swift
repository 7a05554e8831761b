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
    private var cuts: [Cut]

    /// The place behind all that `cursors` may read now.
    init(behind cursors: [Cursor]) {
      cuts = cursors.map { Cut(cursor: $0.number, sequence: $0.limit) }
    }

    /// How far `cursor` is read before the item. A cursor that came later stays where it starts.
    func target(of cursor: Cursor) -> UInt64 {
      let cut = cuts.first { $0.cursor == cursor.number }?.sequence
      return min(cut ?? 0, cursor.visible)
    }
  }
}
