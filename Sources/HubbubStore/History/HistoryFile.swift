import IRCWire

/// The writer's connection to `history.db`, and what it remembers of the file.
///
/// The writer's thread alone. Each method is one transaction, or part of the one under way.
final class HistoryFile {
  let database: Database

  /// Numbers of sources that were written lately, with the day on which their use was noted.
  private var people: [String: (id: Int64, day: Int64)] = [:]

  /// The ranges of which the words are missing, by their streams: what `todo` holds.
  private var todo: [StreamID: ClosedRange<Int64>] = [:]

  /// This run's number.
  private let run: Int64

  /// Rows that were there already, or had no place; they are told, never thrown for.
  private(set) var refused = 0

  /// Whether it is a network's history: then a node that comes back hears some of it again.
  private var isOfNetwork = false

  private static let maxPeople = 10_000
  private static let day: Int64 = 86_400_000

  /// Opens the file, or makes it, and brings it to the newest version.
  init(_ path: String, now: Int64, system: String? = nil) throws(StoreError) {
    database = try Database(path, system: system)
    StoreFiles.makePrivate(path)
    // Before the first table: what is deleted is overwritten, wherever SQLite was built.
    try database.execute("PRAGMA secure_delete = ON")
    try database.execute("PRAGMA journal_mode = WAL")
    try database.execute("PRAGMA synchronous = NORMAL")
    // 16 MiB of pages: a retention pass and a merge of words find the tree's upper levels there.
    try database.execute("PRAGMA cache_size = -16384")
    // What a burst has made of the log is given back at the next checkpoint.
    try database.execute("PRAGMA journal_size_limit = 67108864")
    try Schema.history.migrate(database)
    let database = database
    run = try database.transaction { () throws(StoreError) in
      let number = (try database.number("SELECT max(id) FROM run") ?? 0) + 1
      try database.run("INSERT INTO run VALUES(?, ?, NULL)", .integer(number), .integer(now))
      return number
    }
    var known: [StreamID: ClosedRange<Int64>] = [:]
    try database.rows("SELECT id, last FROM todo") { row in
      if let key = MessageKey(stored: row.integer(0)), row.integer(1) >= key.rawValue {
        known[key.stream] = key.rawValue...row.integer(1)
      }
      return true
    }
    todo = known
    isOfNetwork = try database.first("SELECT 1 FROM network") { _ in true } ?? false
  }

  /// Says that this run ended as it should, and leaves one whole file.
  func close(now: Int64) throws(StoreError) {
    try database.execute("PRAGMA synchronous = FULL")
    try database.run("UPDATE run SET ended = ? WHERE id = ?", .integer(now), .integer(run))
    try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Makes what was written safe from a power loss.
  func sync() throws(StoreError) {
    try database.execute("PRAGMA synchronous = FULL")
    // A commit of nothing would not reach the disk.
    try database.run("UPDATE run SET ended = NULL WHERE id = ?", .integer(run))
  }

  // MARK: Batches

  /// Writes a batch: all of it, or nothing.
  ///
  /// - Parameter isSynced: whether it survives a power loss once it is written.
  func write(
    _ items: [StoreItem], gaps: [StoredGap], isSynced: Bool, now: Int64
  ) throws(StoreError) {
    try database.execute("PRAGMA synchronous = \(isSynced ? "FULL" : "NORMAL")")
    let (people, todo, refused) = (people, todo, refused)
    do {
      try database.transaction { () throws(StoreError) in
        for gap in gaps { try write(gap) }
        var words: [StreamID: ClosedRange<Int64>] = [:]
        for item in items { try write(item, &words, now) }
        try extendTodo(words)
      }
    } catch {
      // What was rolled back is not remembered either.
      (self.people, self.todo, self.refused) = (people, todo, refused)
      throw error
    }
  }

  private func write(
    _ item: StoreItem, _ words: inout [StreamID: ClosedRange<Int64>], _ now: Int64
  ) throws(StoreError) {
    switch item {
    case .entry(let entry):
      try write(entry, now)
      guard entry.kind.isSpeech else { return }
      let (stream, key) = (entry.key.stream, entry.key.rawValue)
      let range = words[stream] ?? key...key
      words[stream] = min(range.lowerBound, key)...max(range.upperBound, key)
    case .redaction(let key): try redact(key, &words)
    case .withdrawal(let stream, let epoch, let sequence):
      let known = try database.first(
        HistoryQueries.epoch, .integer(stream.rawValue), .integer(Int64(sequence))
      ) { $0.text(0) }
      if known == epoch { try redact(MessageKey(stream, sequence), &words) }
    case .epoch(let stream, let first, let name, let lost):
      try database.run(
        "INSERT OR REPLACE INTO epoch VALUES(?, ?, ?, ?)", .integer(stream.rawValue),
        .integer(Int64(first)), .text(name), .integer(run))
      guard let lost else { return }
      try write(
        StoredGap(
          first: MessageKey(stream, lost.lowerBound), last: MessageKey(stream, lost.upperBound),
          reason: .crash))
    case .erasure(let account, let until):
      try database.run(
        "INSERT OR REPLACE INTO erasure VALUES(?, ?, 0)", .integer(account), .integer(until))
    case .clearing(let stream): try noteClearing(of: stream)
    case .room(let stream, let name, let origin): try write(stream, name: name, origin)
    case .gap(let gap): try write(gap)
    case .network(let network):
      isOfNetwork = network != nil
      try database.run("DELETE FROM network")
      guard let network else { return }
      try database.run(
        "INSERT INTO network VALUES(1, ?, ?)", .text(network.name), .optional(network.revision))
    case .level(let stream, let first, nil):
      try database.run(
        "DELETE FROM level WHERE stream = ? AND first = ?", .integer(stream.rawValue),
        .integer(Int64(first)))
    case .level(let stream, let first, let isRestricted?):
      try database.run(
        "INSERT OR REPLACE INTO level VALUES(?, ?, ?)", .integer(stream.rawValue),
        .integer(Int64(first)), .integer(isRestricted ? 1 : 0))
    case .forgetting(let stream):
      for table in ["room", "level", "epoch"] {
        try database.run("DELETE FROM \(table) WHERE stream = ?", .integer(stream.rawValue))
      }
      try noteClearing(of: stream)
    }
  }

  private func noteClearing(of stream: StreamID) throws(StoreError) {
    let range = Self.range(of: stream)
    guard let last = try lastKey(in: range) else { return }
    try database.run(
      "INSERT OR REPLACE INTO clearing VALUES(?, ?)", .integer(range.lowerBound), .integer(last))
  }

  /// Takes a message back whose words may be written in the same batch.
  private func redact(
    _ key: MessageKey, _ words: inout [StreamID: ClosedRange<Int64>]
  ) throws(StoreError) {
    // What comes before it in this batch must have its place in `todo` by then.
    try extendTodo(words)
    words = [:]
    if try delete(key...key) > 0 { try requestPurge() }
  }

  private func write(
    _ stream: StreamID, name: String, _ origin: String?
  ) throws(StoreError) {
    try database.run(
      "INSERT OR REPLACE INTO room VALUES(?, ?, ?, ?)", .integer(stream.rawValue),
      .text(FoldedName(name).text), .text(name), .optional(origin))
    try database.run(
      "UPDATE numbering SET next = max(next, ?)", .integer(stream.rawValue + 1))
  }

  private func write(_ entry: StoredEntry, _ now: Int64) throws(StoreError) {
    let person = try number(of: entry.source, now)
    // Bound as they come: STRICT tables look at each type, and text is UTF-8 by then.
    var values: [Value] = [
      .integer(entry.key.rawValue), .integer(entry.time), .integer(entry.kind.rawValue),
      .integer(person), .optional(entry.account), .utf8(entry.text),
      entry.tags.isEmpty ? .null : .utf8(entry.tags),
    ]
    // A number that is there already would be our fault; it must not keep the others out.
    let count: Int
    if entry.kind.isSpeech {
      values.append(.optional(entry.form))
      count = try database.run("INSERT OR IGNORE INTO message VALUES(?,?,?,?,?,?,?,?)", values)
    } else {
      count = try database.run("INSERT OR IGNORE INTO happening VALUES(?,?,?,?,?,?,?)", values)
    }
    if count == 0, !isOfNetwork { refused += 1 }
  }

  private func write(_ gap: StoredGap) throws(StoreError) {
    try database.run(
      "INSERT OR REPLACE INTO gap VALUES(?, ?, ?)", .integer(gap.first.rawValue),
      .integer(gap.last.rawValue), .integer(gap.reason.rawValue))
  }

  /// The number of a source, which it may get only now.
  private func number(of source: String, _ now: Int64) throws(StoreError) -> Int64 {
    let today = now / Self.day
    let known = people[source]
    if let known, known.day == today { return known.id }
    // The day of its last use tells when nothing refers to it any more.
    let id = try database.number(
      """
      INSERT INTO person(source, used) VALUES(?1, ?2)
      ON CONFLICT(source) DO UPDATE SET used = max(used, ?2) RETURNING id
      """, .text(source), .integer(today))
    guard let id else { throw StoreError(.other, "history.db gave a source no number") }
    if people.count >= Self.maxPeople { people = [:] }
    people[source] = (id, today)
    return id
  }

  // MARK: Ranges

  /// All keys of a stream.
  static func range(of stream: StreamID) -> ClosedRange<Int64> {
    MessageKey(stream, 0).rawValue...MessageKey(stream, MessageKey.maxSequence).rawValue
  }

  /// The last key of a range that is taken.
  func lastKey(in range: ClosedRange<Int64>) throws(StoreError) -> Int64? {
    var last: Int64?
    for table in ["message", "happening"] {
      let found = try database.number(
        "SELECT id FROM \(table) WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
        .integer(range.lowerBound), .integer(range.upperBound))
      if let found { last = max(last ?? found, found) }
    }
    return last
  }

  /// Deletes messages with their words, in the transaction under way.
  ///
  /// - Returns: how many.
  @discardableResult
  func delete(_ keys: ClosedRange<MessageKey>) throws(StoreError) -> Int {
    let (first, last) = (keys.lowerBound.rawValue, keys.upperBound.rawValue)
    // Words that were never written must not be deleted: the index would count wrong for good.
    let missing = todo[keys.lowerBound.stream]
    try database.run(
      """
      INSERT INTO word(word, rowid, text) SELECT 'delete', id, text FROM message
      WHERE id BETWEEN ?1 AND ?2 AND id NOT BETWEEN ?3 AND ?4
      """, .integer(first), .integer(last), .integer(missing?.lowerBound ?? 0),
      .integer(missing?.upperBound ?? -1))
    return try database.run(
      "DELETE FROM message WHERE id BETWEEN ? AND ?", .integer(first), .integer(last))
  }

  // MARK: Words

  /// Whether there are messages whose words are missing.
  var hasWordsToWrite: Bool { !todo.isEmpty }

  private func extendTodo(_ words: [StreamID: ClosedRange<Int64>]) throws(StoreError) {
    for (stream, range) in words {
      let known = todo[stream]
      let first = min(known?.lowerBound ?? range.lowerBound, range.lowerBound)
      let last = max(known?.upperBound ?? range.upperBound, range.upperBound)
      try replaceTodo(of: stream, known, by: first...last)
    }
  }

  private func replaceTodo(
    of stream: StreamID, _ known: ClosedRange<Int64>?, by range: ClosedRange<Int64>?
  ) throws(StoreError) {
    if let known, known.lowerBound != range?.lowerBound {
      try database.run("DELETE FROM todo WHERE id = ?", .integer(known.lowerBound))
    }
    if let range {
      try database.run(
        "INSERT OR REPLACE INTO todo VALUES(?, ?)", .integer(range.lowerBound),
        .integer(range.upperBound))
    }
    todo[stream] = range
  }

  /// Writes the words of some messages that lack them.
  func writeWords(_ limit: Int) throws(StoreError) {
    let before = todo
    do {
      try database.transaction { () throws(StoreError) in
        var left = limit
        // In the order of the keys: otherwise the index flushes what it gathers at each step back.
        for (stream, range) in before.sorted(by: { $0.key < $1.key }) where left > 0 {
          left -= try writeWords(of: stream, range, left)
        }
      }
    } catch {
      todo = before
      throw error
    }
  }

  private func writeWords(
    of stream: StreamID, _ range: ClosedRange<Int64>, _ limit: Int
  ) throws(StoreError) -> Int {
    let bound = try database.number(
      "SELECT id FROM message WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1 OFFSET ?",
      .integer(range.lowerBound), .integer(range.upperBound), .integer(Int64(limit)))
    let last = bound.map { $0 - 1 } ?? range.upperBound
    let count = try database.run(
      """
      INSERT INTO word(rowid, text) SELECT id, text FROM message
      WHERE id BETWEEN ? AND ? ORDER BY id
      """, .integer(range.lowerBound), .integer(last))
    try replaceTodo(of: stream, range, by: bound.map { $0...range.upperBound })
    return max(count, 1)
  }

  /// Forgets who is forgotten in the file.
  func forgetPeople() { people = [:] }

  // MARK: Traces

  /// Notes that words of what was deleted must leave the index itself.
  ///
  /// A deletion is a mark in the index until a merge meets both: the words stay in the file.
  func requestPurge() throws(StoreError) {
    try database.run("INSERT OR IGNORE INTO purge VALUES(1)")
  }
}
