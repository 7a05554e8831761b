extension HistoryFile {
  /// Deletes some of what accounts said that are to be erased.
  ///
  /// - Returns: whether there was anything to do.
  func erase(_ limit: Int) throws(StoreError) -> Bool {
    let erasure = try database.first("SELECT account, until, next FROM erasure LIMIT 1") {
      (account: $0.integer(0), until: $0.integer(1), next: $0.integer(2))
    }
    guard let erasure else { return false }
    return try database.transaction { () throws(StoreError) in
      let found = try keys(of: erasure.account, after: erasure.next, limit)
      for (key, time) in found where time <= erasure.until {
        guard let key = MessageKey(stored: key) else { continue }
        try delete(key...key)
      }
      if found.count == limit, let last = found.last?.key {
        try database.run(
          "UPDATE erasure SET next = ? WHERE account = ?", .integer(last),
          .integer(erasure.account))
        return true
      }
      // Events are few: a week's at the most.
      try database.run(
        "DELETE FROM happening WHERE account = ? AND time <= ?", .integer(erasure.account),
        .integer(erasure.until))
      try database.run("DELETE FROM erasure WHERE account = ?", .integer(erasure.account))
      try requestPurge()
      return true
    }
  }

  private func keys(
    of account: Int64, after key: Int64, _ limit: Int
  ) throws(StoreError) -> [(key: Int64, time: Int64)] {
    var found: [(key: Int64, time: Int64)] = []
    try database.rows(
      "SELECT id, time FROM message WHERE account = ? AND id > ? ORDER BY id LIMIT ?",
      [.integer(account), .integer(key), .integer(Int64(limit))]
    ) { row in
      found.append((row.integer(0), row.integer(1)))
      return true
    }
    return found
  }

  /// Deletes some of what streams hold that are to be cleared.
  ///
  /// - Returns: whether there was anything to do.
  func clear(_ limit: Int) throws(StoreError) -> Bool {
    let range = try database.first("SELECT id, last FROM clearing LIMIT 1") {
      (first: $0.integer(0), last: $0.integer(1))
    }
    guard let range else { return false }
    return try database.transaction { () throws(StoreError) in
      if range.last >= range.first, try deleteFirst(limit, of: range.first...range.last) {
        return true
      }
      try database.run(
        "DELETE FROM gap WHERE id BETWEEN ? AND ?", .integer(range.first), .integer(range.last))
      try database.run("DELETE FROM clearing WHERE id = ?", .integer(range.first))
      try requestPurge()
      return true
    }
  }

  /// Deletes the first messages and events of a range of one stream.
  ///
  /// - Returns: whether there was anything.
  func deleteFirst(_ limit: Int, of range: ClosedRange<Int64>) throws(StoreError) -> Bool {
    let messages = try deleteFirst(limit, of: range, events: false)
    return try deleteFirst(limit, of: range, events: true) || messages
  }

  /// The same of one kind.
  func deleteFirst(
    _ limit: Int, of range: ClosedRange<Int64>, events: Bool
  ) throws(StoreError) -> Bool {
    let table = events ? "happening" : "message"
    let last = try database.number(
      """
      SELECT max(id) FROM
      (SELECT id FROM \(table) WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?)
      """, .integer(range.lowerBound), .integer(range.upperBound), .integer(Int64(limit)))
    guard let last, let first = MessageKey(stored: range.lowerBound),
      let end = MessageKey(stored: last)
    else { return false }
    if events {
      try database.run(
        "DELETE FROM happening WHERE id BETWEEN ? AND ?", .integer(first.rawValue), .integer(last))
    } else {
      try delete(first...end)
    }
    return true
  }

  /// Merges some pages of the words' index, so that marks meet what they delete.
  ///
  /// - Parameter begins: whether all of the index is to be merged from now on.
  /// - Returns: whether there is more to merge.
  func mergeWords(_ pages: Int, begins: Bool) throws(StoreError) -> Bool {
    try database.transaction { () throws(StoreError) in
      let before = database.totalChanges
      // "If the merge command is run with a negative parameter, all b-trees are to be merged
      // together"; a difference of less than 2 means that it did nothing (SQLite, FTS5 6.8, 6.9).
      try database.run(
        "INSERT INTO word(word, rank) VALUES('merge', ?)",
        .integer(Int64(begins ? -pages : pages)))
      guard database.totalChanges - before < 2 else { return true }
      try database.run("DELETE FROM purge")
      return false
    }
  }

  /// Deletes people whom nothing refers to any more.
  ///
  /// - Parameter day: the last day, since 1970, on which they were seen.
  func forgetPeople(unseenSince day: Int64, _ limit: Int) throws(StoreError) -> Bool {
    let count = try database.run(
      """
      DELETE FROM person WHERE id IN
      (SELECT id FROM person WHERE used < ? ORDER BY used LIMIT ?)
      """, .integer(day), .integer(Int64(limit)))
    if count > 0 { forgetPeople() }
    return count > 0
  }
}
