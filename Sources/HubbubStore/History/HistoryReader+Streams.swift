extension HistoryReader {
  /// Where a stream goes on after what is stored of it.
  struct End: Equatable {
    /// The last number that is stored or was set aside; nil: none is.
    var last: UInt64?

    /// The time of the last message or event, in milliseconds since 1970; nil: none is stored.
    var time: Int64?

    /// Whether the run that wrote last ended without a goodbye: it may have given more numbers.
    var isUnclean = false
  }

  /// The end of a stream.
  func end(of stream: StreamID) throws(StoreError) -> End {
    var end = End()
    let range = HistoryFile.range(of: stream)
    let bounds: [Value] = [.integer(range.lowerBound), .integer(range.upperBound), .integer(1)]
    // Events of any kind, also of one that this program does not know.
    for (query, values) in [
      (HistoryQueries.messagesDown, bounds), (HistoryQueries.eventsDown, bounds + [.integer(-1)]),
    ] {
      let row = try database.first(query, values) { ($0.integer(0), $0.integer(1)) }
      guard let (key, time) = row, let key = MessageKey(stored: key) else { continue }
      end.last = max(end.last ?? 0, key.sequence)
      end.time = max(end.time ?? .min, time)
    }
    let gap = try database.first(
      HistoryQueries.gapBefore, .integer(range.lowerBound), .integer(range.upperBound)
    ) { StoredGap($0) }
    if let gap = gap ?? nil { end.last = max(end.last ?? 0, gap.last.sequence) }
    // Who may read what has a number before which all was given, whatever is left of it.
    let level = try database.first(
      "SELECT max(first) FROM level WHERE stream = ?", .integer(stream.rawValue)
    ) { $0.optionalInteger(0) }
    if let first = level ?? nil, first > 1 { end.last = max(end.last ?? 0, UInt64(first) - 1) }
    let epoch = try database.first(
      HistoryQueries.epoch, .integer(stream.rawValue), .integer(.max)
    ) { (first: $0.integer(1), run: $0.integer(2)) }
    guard let epoch else { return end }
    // An epoch in which nothing is stored any more has given its first number all the same.
    if epoch.first > 0 { end.last = max(end.last ?? 0, UInt64(epoch.first) - 1) }
    let ended = try database.first(
      "SELECT ended FROM run WHERE id = ?", .integer(epoch.run)
    ) { $0.optionalInteger(0) }
    end.isUnclean = (ended ?? nil) == nil
    return end
  }

  /// All streams of which anything is stored, ascending.
  func streams() throws(StoreError) -> [StreamID] {
    var found: Set<StreamID> = []
    for table in ["message", "happening"] {
      var next: Int64 = 0
      // From stream to stream: one look for each, however much is in it.
      while let id = try database.number(
        "SELECT id FROM \(table) WHERE id >= ? ORDER BY id LIMIT 1", .integer(next)),
        let key = MessageKey(stored: id), key.rawValue >= next
      {
        found.insert(key.stream)
        next = HistoryFile.range(of: key.stream).upperBound + 1
      }
    }
    return found.sorted()
  }

  /// The number that a message id stands for; nil where no message of it was ever stored, which is
  /// not the same as one that was deleted since.
  func sequence(
    _ sequence: UInt64, ofEpoch name: String, in stream: StreamID
  ) throws(StoreError) -> UInt64? {
    guard sequence <= MessageKey.maxSequence else { return nil }
    let found = try database.first(
      HistoryQueries.epoch, .integer(stream.rawValue), .integer(Int64(sequence))
    ) { $0.text(0) }
    guard let found, found.utf8.elementsEqual(name.utf8) else { return nil }
    let key = MessageKey(stream, sequence)
    let gap = try database.first(
      HistoryQueries.gapBefore, .integer(MessageKey(stream, 0).rawValue), .integer(key.rawValue)
    ) { StoredGap($0) }
    // What a crash took was never stored under this number, and nobody knows what it was.
    if let gap = gap ?? nil, gap.reason == .crash, key <= gap.last { return nil }
    return sequence
  }

  /// The name under which the id of a stored number was given.
  func epoch(of key: MessageKey) throws(StoreError) -> String? {
    try database.first(
      HistoryQueries.epoch, .integer(key.stream.rawValue), .integer(Int64(key.sequence))
    ) { $0.text(0) }
  }

  /// The epochs of a page's range, ascending: from which number on which name holds.
  func epochs(
    of stream: StreamID, _ range: ClosedRange<UInt64>
  ) throws(StoreError) -> [HistoryEpoch] {
    var found: [HistoryEpoch] = []
    let last = Int64(min(range.upperBound, MessageKey.maxSequence))
    try database.rows(
      "SELECT first, name FROM epoch WHERE stream = ? AND first <= ? ORDER BY first DESC",
      [.integer(stream.rawValue), .integer(last)]
    ) { row in
      found.append(HistoryEpoch(first: UInt64(row.integer(0)), name: row.text(1)))
      return row.integer(0) > Int64(range.lowerBound)
    }
    return found.reversed()
  }

  /// The newest message of each view; those of which it lies between the times, the newest first.
  func targets(
    _ views: [HistoryView], after first: Int64, before last: Int64, limit: Int
  ) throws(StoreError) -> [HistoryTarget] {
    var found: [HistoryTarget] = []
    for view in views {
      let all = HistoryFile.range(of: view.stream)
      for range in view.keys(within: all).reversed() {
        let row = try database.first(
          HistoryQueries.messagesDown, .integer(range.lowerBound), .integer(range.upperBound),
          .integer(1)
        ) { StoredEntry($0) }
        guard let entry = row ?? nil else { continue }
        if entry.time > first, entry.time < last {
          found.append(HistoryTarget(stream: view.stream, time: entry.time))
        }
        break
      }
    }
    found.sort { ($1.time, $0.stream) < ($0.time, $1.stream) }
    return Array(found.prefix(max(0, limit)))
  }
}
