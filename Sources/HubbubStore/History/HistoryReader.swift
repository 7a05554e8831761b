/// Reads pages over one connection. One thread at a time.
final class HistoryReader {
  let database: Database

  /// Whatever a client may ask for, memory is not filled with it: a page has at most this many
  /// entries, and about this many bytes of each kind of them.
  private static let maxPage = 10_000
  private static let maxPageBytes = 1 << 20

  init(_ path: String, system: String? = nil) throws(StoreError) {
    database = try Database(path, .readOnly, system: system)
    // 4 MiB of pages each.
    try database.execute("PRAGMA cache_size = -4096")
    let version = try database.userVersion
    guard version > 0 else { throw StoreError(.unavailable, "history.db is not there yet") }
  }

  // MARK: Pages

  /// What a selector finds of a view, at the most `limit`; every one of them may be seen.
  func page(
    _ selector: HistorySelector, of view: HistoryView, limit: Int
  ) throws(StoreError) -> HistoryPage {
    // One transaction: the parts of the page show one state of the file.
    try database.run("BEGIN")
    do throws(StoreError) {
      let page = try found(selector, view, min(max(0, limit), Self.maxPage))
      try database.run("COMMIT")
      return page
    } catch {
      // What failed is told.
      if database.isInTransaction { _ = try? database.run("ROLLBACK") }
      throw error
    }
  }

  private func found(
    _ selector: HistorySelector, _ view: HistoryView, _ limit: Int
  ) throws(StoreError) -> HistoryPage {
    let all = HistoryFile.range(of: view.stream)
    switch selector {
    case .latest(let reference):
      let first = try reference.map { r throws(StoreError) in try key(after: r, view) }
      return try page(.down, first ?? all.lowerBound, all.upperBound, view, limit)
    case .before(let reference):
      let last = try key(from: reference, view) - 1
      return try page(.down, all.lowerBound, last, view, limit)
    case .after(let reference):
      return try page(.up, try key(after: reference, view), all.upperBound, view, limit)
    case .around(let reference):
      return try around(try key(from: reference, view), all, view, limit)
    case .between(let one, let other):
      let (first, last) = (try key(after: one, view), try key(from: other, view) - 1)
      if first <= last { return try page(.up, first, last, view, limit) }
      return try page(
        .down, try key(after: other, view), try key(from: one, view) - 1, view, limit)
    }
  }

  private enum Direction {
    case up, down
  }

  private func page(
    _ direction: Direction, _ first: Int64, _ last: Int64, _ view: HistoryView, _ limit: Int
  ) throws(StoreError) -> HistoryPage {
    var page = HistoryPage()
    guard first <= last else { return page }
    // One more than is wanted says whether there is more.
    let found = try find(direction, first...last, view, limit + 1)
    page.isEnd = !found.isCut && found.entries.count <= limit
    var entries = Array(found.entries.prefix(limit))
    if direction == .down { entries.reverse() }
    page.entries = entries
    // A page that ends before the range does says nothing of what is beyond.
    let low = direction == .up || page.isEnd ? first : entries.first?.key.rawValue ?? last
    let high = direction == .down || page.isEnd ? last : entries.last?.key.rawValue ?? first
    page.gaps = try gaps(low, high, view)
    return page
  }

  private func around(
    _ key: Int64, _ all: ClosedRange<Int64>, _ view: HistoryView, _ limit: Int
  ) throws(StoreError) -> HistoryPage {
    let before = try page(.down, all.lowerBound, key - 1, view, limit)
    let after = try page(.up, key, all.upperBound, view, limit)
    let wanted = limit / 2
    let fromBefore = min(before.entries.count, max(wanted, limit - after.entries.count))
    let fromAfter = min(after.entries.count, limit - fromBefore)
    var page = HistoryPage()
    page.entries = before.entries.suffix(fromBefore) + after.entries.prefix(fromAfter)
    page.isEnd =
      before.isEnd && after.isEnd && fromBefore == before.entries.count
      && fromAfter == after.entries.count
    guard let first = page.entries.first?.key.rawValue, let last = page.entries.last?.key.rawValue
    else { return page }
    page.gaps = try gaps(first, last, view)
    return page
  }

  /// What was found of a range, beginning at one of its ends.
  private struct Found {
    var entries: [StoredEntry] = []

    /// Whether there is more, for which there is no room.
    var isCut = false
  }

  /// The entries of a range that may be seen.
  private func find(
    _ direction: Direction, _ range: ClosedRange<Int64>, _ view: HistoryView, _ limit: Int
  ) throws(StoreError) -> Found {
    var found = Found()
    var bytes = 0
    let ranges = view.keys(within: range)
    for part in direction == .up ? ranges : ranges.reversed()
    where found.entries.count < limit && !found.isCut {
      let next = try findBoth(direction, part, view, limit - found.entries.count, bytes)
      bytes += next.entries.reduce(0) { $0 + $1.memoryBytes }
      found.entries += next.entries
      found.isCut = next.isCut
    }
    return found
  }

  /// Messages, and events where they are wanted, in one order.
  ///
  /// - Parameter bytes: what the page has already.
  private func findBoth(
    _ direction: Direction, _ range: ClosedRange<Int64>, _ view: HistoryView, _ limit: Int,
    _ bytes: Int
  ) throws(StoreError) -> Found {
    let up = direction == .up
    let messages = try find(
      up ? HistoryQueries.messagesUp : HistoryQueries.messagesDown, range, limit, bytes)
    guard view.includesEvents else { return messages }
    let events = try find(
      up ? HistoryQueries.eventsUp : HistoryQueries.eventsDown, range, limit, bytes,
      .integer(view.eventMask))
    func comes(_ key: MessageKey, before other: MessageKey) -> Bool {
      up ? key < other : key > other
    }
    var both = (messages.entries + events.entries).sorted { comes($0.key, before: $1.key) }
    // Behind the last of what was cut, something of it is missing.
    for part in [messages, events] where part.isCut {
      guard let last = part.entries.last?.key else { continue }
      both.removeAll { comes(last, before: $0.key) }
    }
    return Found(entries: Array(both.prefix(limit)), isCut: messages.isCut || events.isCut)
  }

  private func find(
    _ query: String, _ range: ClosedRange<Int64>, _ limit: Int, _ bytes: Int, _ more: Value...
  ) throws(StoreError) -> Found {
    var found = Found()
    var bytes = bytes
    try database.rows(
      query,
      [.integer(range.lowerBound), .integer(range.upperBound), .integer(Int64(limit))] + more
    ) { row in
      // In a file with flipped bytes a row may say that it is another one: nobody reads that.
      guard let entry = StoredEntry(row), range.contains(entry.key.rawValue) else { return true }
      bytes += entry.memoryBytes
      found.isCut = bytes > Self.maxPageBytes && !found.entries.isEmpty
      if !found.isCut { found.entries.append(entry) }
      return !found.isCut
    }
    return found
  }

  // MARK: Places

  /// The first key at or behind a reference.
  private func key(
    from reference: HistorySelector.Reference, _ view: HistoryView
  ) throws(StoreError) -> Int64 {
    switch reference {
    case .sequence(let sequence): return Self.key(view.stream, sequence)
    case .time(let time): return try key(notBefore: time, view)
    }
  }

  /// The first key behind a reference.
  private func key(
    after reference: HistorySelector.Reference, _ view: HistoryView
  ) throws(StoreError) -> Int64 {
    switch reference {
    case .sequence(let sequence): return Self.key(view.stream, sequence) + 1
    case .time(.max): return HistoryFile.range(of: view.stream).upperBound + 1
    case .time(let time): return try key(notBefore: time + 1, view)
    }
  }

  private static func key(_ stream: StreamID, _ sequence: UInt64) -> Int64 {
    MessageKey(stream, min(sequence, MessageKey.maxSequence)).rawValue
  }

  /// Messages and events share one order and one time: what one table says holds for both.
  private func key(notBefore time: Int64, _ view: HistoryView) throws(StoreError) -> Int64 {
    let range = HistoryFile.range(of: view.stream)
    let messages = try database.boundary(in: range, of: "message", at: time)
    guard view.includesEvents else { return messages }
    return max(messages, try database.boundary(in: range, of: "happening", at: time))
  }

  private func gaps(
    _ first: Int64, _ last: Int64, _ view: HistoryView
  ) throws(StoreError) -> [StoredGap] {
    guard first <= last else { return [] }
    var found: [StoredGap] = []
    func read(_ query: String, _ first: Int64, _ last: Int64) throws(StoreError) {
      try database.rows(query, [.integer(first), .integer(last)]) { row in
        if let gap = StoredGap(row) { found.append(gap) }
        return true
      }
    }
    try read(
      HistoryQueries.gapBefore, MessageKey(view.stream, 0).rawValue, first - 1)
    found.removeAll { $0.last.rawValue < first }
    try read(HistoryQueries.gaps, first, last)
    // Nobody learns of what was said where they may not read.
    return found.filter { gap in
      !view.keys(within: gap.first.rawValue...gap.last.rawValue).isEmpty
    }
  }
}

extension StoredEntry {
  /// From a row of `HistoryQueries`; nil for one that this program does not understand.
  init?(_ row: Row) {
    guard let key = MessageKey(stored: row.integer(0)), let kind = Kind(rawValue: row.integer(2))
    else { return nil }
    self.init(
      key: key, time: row.integer(1), kind: kind, source: row.text(3),
      account: row.optionalInteger(4), text: row.bytes(5), tags: row.bytes(6),
      form: row.optionalBytes(7))
  }
}

extension StoredGap {
  init?(_ row: Row) {
    guard let first = MessageKey(stored: row.integer(0)),
      let last = MessageKey(stored: row.integer(1)), let reason = Reason(rawValue: row.integer(2))
    else { return nil }
    self.init(first: first, last: last, reason: reason)
  }
}
