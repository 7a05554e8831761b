/// Deletes what is older than it may be, stream by stream.
struct RetentionPass {
  /// Where it is: the first key that was not looked at, messages before events.
  private var next: Int64 = 0
  private var isAtEvents = false
  private var isAtPeople = false

  /// Deletes some rows.
  ///
  /// - Returns: whether the pass goes on.
  mutating func step(
    _ file: HistoryFile, _ retention: Retention, now: Int64
  ) throws(StoreError) -> Bool {
    if isAtPeople { return try forgetPeople(file, retention, now) }
    let table = isAtEvents ? "happening" : "message"
    let found = try file.database.number(
      "SELECT id FROM \(table) WHERE id >= ? ORDER BY id LIMIT 1", .integer(next))
    guard let found, let key = MessageKey(stored: found) else {
      (next, isAtEvents, isAtPeople) = (0, true, isAtEvents)
      return true
    }
    let range = HistoryFile.range(of: key.stream)
    let oldest = retention.oldest(key.stream, events: isAtEvents, now: now)
    if let oldest, try delete(file, found...range.upperBound, before: oldest) { return true }
    next = range.upperBound + 1
    return true
  }

  private func delete(
    _ file: HistoryFile, _ range: ClosedRange<Int64>, before time: Int64
  ) throws(StoreError) -> Bool {
    let table = isAtEvents ? "happening" : "message"
    let bound = try file.database.boundary(in: range, of: table, at: time)
    guard bound > range.lowerBound else { return false }
    return try file.database.transaction { () throws(StoreError) in
      if !isAtEvents, let key = MessageKey(stored: range.lowerBound) {
        // What is missing from what is deleted is of no interest.
        try file.database.run(
          "DELETE FROM gap WHERE id BETWEEN ?1 AND ?2 AND last < ?2",
          .integer(MessageKey(key.stream, 0).rawValue), .integer(bound))
      }
      return try file.deleteFirst(
        HistoryChores.deletedAtOnce, of: range.lowerBound...(bound - 1), events: isAtEvents)
    }
  }

  private func forgetPeople(
    _ file: HistoryFile, _ retention: Retention, _ now: Int64
  ) throws(StoreError) -> Bool {
    guard let day = retention.oldestDay(now: now) else { return false }
    return try file.forgetPeople(unseenSince: day, HistoryChores.deletedAtOnce)
  }
}
