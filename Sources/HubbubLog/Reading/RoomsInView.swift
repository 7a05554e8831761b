/// The cursors of one reader, and which of them may have news. A value of the baton's holder.
///
/// Whoever is in a few rooms looks at each of them. Whoever is in many looks only at those in whose
/// shard of the clock's `Activity` something was published since, so that rooms without news cost
/// next to nothing.
struct RoomsInView {
  /// The count of changes to the reader's cursors that this reflects.
  let changes: Int

  private var cursors: [Cursor]

  /// Those that were read to their end and are to be detached.
  private var finished: [Cursor] = []

  /// For many rooms: the cursors of each shard, and how much had been begun there when all of it
  /// was seen last.
  private var shards: [Shard] = []

  private struct Shard {
    var cursors: [Cursor] = []

    /// `unseen` where not all of it was seen.
    var seen = unseen
    static let unseen = UInt64.max
  }

  /// - Parameter few: up to this number of rooms, it looks at each.
  init(_ cursors: [Cursor] = [], changes: Int = 0, few: Int = .max) {
    self.cursors = cursors
    self.changes = changes
    guard cursors.count > few else { return }
    shards = Array(repeating: Shard(), count: Activity.shards)
    for cursor in cursors { shards[cursor.published.shard].cursors.append(cursor) }
  }

  var count: Int { cursors.count }

  /// Looks at every cursor that may have news. After the clock was read.
  mutating func look(_ clock: LogicalClock, for unread: inout UnreadRooms) {
    guard !shards.isEmpty else {
      for cursor in cursors { look(at: cursor, for: &unread) }
      return
    }
    for index in shards.indices where shards[index].seen != clock.activity.begun(in: index) {
      let (begun, isSettled) = clock.activity.state(of: index)
      for cursor in shards[index].cursors { look(at: cursor, for: &unread) }
      // What was under way may come to be seen without anything new being begun.
      shards[index].seen = isSettled ? begun : Shard.unseen
    }
  }

  private mutating func look(at cursor: Cursor, for unread: inout UnreadRooms) {
    if cursor.look() { unread.insert(cursor) } else { didRead(cursor) }
  }

  /// Notes that a cursor has nothing more to read at the moment; it may be at its end.
  mutating func didRead(_ cursor: Cursor) {
    if cursor.isFinished { finished.append(cursor) }
  }

  /// Takes out those that were read to their end. They keep the log behind them alive, so nobody
  /// may keep them.
  mutating func takeFinished() -> [Cursor] {
    guard !finished.isEmpty else { return [] }
    defer { finished = [] }
    let gone = Set(finished.map { ObjectIdentifier($0) })
    cursors.removeAll { gone.contains(ObjectIdentifier($0)) }
    for index in shards.indices {
      shards[index].cursors.removeAll { gone.contains(ObjectIdentifier($0)) }
    }
    return finished
  }
}
