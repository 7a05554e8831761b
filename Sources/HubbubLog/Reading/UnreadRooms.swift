/// The rooms in which a reader has something to read, by the stamp of the next entry. A value of
/// the baton's holder.
struct UnreadRooms {
  /// The lowest stamp last.
  private var list: [(stamp: UInt64, cursor: Cursor)] = []

  /// Adds a cursor that has more to read, behind those with the same stamp; it may be there
  /// already.
  ///
  /// A binary search: somebody may be in a thousand rooms.
  mutating func insert(_ cursor: Cursor) {
    if cursor.isUnread { return }
    cursor.isUnread = true
    let stamp = cursor.nextStamp
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      // Everything behind has the same stamp or a lower one, and is read first.
      if list[middle].stamp <= stamp { high = middle } else { low = middle + 1 }
    }
    list.insert((stamp, cursor), at: low)
  }

  /// Takes out the cursor with the lowest stamp, unless that is above `stamp`.
  ///
  /// - Returns: the cursor, and how far it may be read before another's turn comes. An entry of
  ///   several rooms is read in the first of them, so that many of them lie side by side.
  mutating func popFirst(upTo stamp: UInt64) -> (cursor: Cursor, others: UInt64)? {
    guard let first = list.last, first.stamp <= stamp else { return nil }
    list.removeLast()
    first.cursor.isUnread = false
    return (first.cursor, list.last.map { max(first.stamp, $0.stamp - 1) } ?? .max)
  }

  mutating func removeAll() {
    for (_, cursor) in list { cursor.isUnread = false }
    list.removeAll(keepingCapacity: true)
  }
}
