import TestSupport
import Testing

@testable import HubbubStore

@Suite struct StorageTests {
  @Test("what was stored is there after a restart")
  func restart() throws {
    let history = try TestHistory()
    try history.keep(said(1, "one"), said(2, "two"))
    #expect(history.store.close())
    let again = try TestHistory(in: history.directory)
    #expect(try again.texts() == ["one", "two"])
    again.store.close()
  }

  @Test("a stream goes on behind its last number, and after an unclean end a million further")
  func numbers() throws {
    let history = try TestHistory()
    #expect(try history.store.begin(stream(1), epoch: "a") == .init(sequence: 1, time: nil))
    try history.keep(said(1, "one"), said(2, "two", time: 77))
    history.store.close()
    let second = try TestHistory(in: history.directory)
    #expect(try second.store.begin(stream(1), epoch: "b") == .init(sequence: 3, time: 77))
    try second.keep(said(3, "three", time: 78))
    // A copy of the files as they are now is what a crash leaves.
    let crashed = TemporaryDirectory()
    for ending in ["", "-wal"] {
      writeFile(crashed.path + "/history.db" + ending, readFile(second.path + ending))
    }
    second.store.close()
    let third = try TestHistory(in: crashed)
    #expect(try third.store.begin(stream(1), epoch: "c") == .init(sequence: 1_000_004, time: 78))
    // In the same run it goes on where it is.
    third.writer.add(said(1_000_004, "four", time: 79))
    #expect(try third.store.begin(stream(1), epoch: "d").sequence == 1_000_005)
    #expect(try third.texts() == ["one", "two", "three", "four"])
    third.store.close()
  }

  @Test("an id leads to its message, a deleted one to its place, a lost or foreign one nowhere")
  func ids() throws {
    let history = try TestHistory()
    _ = try history.store.begin(stream(1), epoch: "a")
    try history.keep(said(1, "one"), said(2, "two"))
    history.writer.redact(MessageKey(stream(1), 2))
    history.writer.beginEpoch(stream(1), first: 1_000_003, name: "b", lost: 3...1_000_002)
    try history.keep(said(1_000_003, "three"))
    func known(_ epoch: String, _ sequence: UInt64) throws -> UInt64? {
      try history.store.sequence(sequence, ofEpoch: epoch, in: stream(1))
    }
    #expect(try known("a", 1) == 1)
    #expect(try known("a", 2) == 2)
    #expect(try known("a", 3) == nil)
    #expect(try known("b", 1_000_003) == 1_000_003)
    #expect(try known("b", 1) == nil)
    #expect(try known("a", 1_000_003) == nil)
    #expect(try known("c", 1) == nil)
    #expect(try known("a", .max) == nil)
    #expect(
      try history.store.epochs(of: stream(1), 1...1_000_003) == [
        HistoryEpoch(first: 1, name: "a"), HistoryEpoch(first: 1_000_003, name: "b"),
      ])
    history.store.close()
  }

  @Test("all streams are listed of which anything is stored")
  func streams() throws {
    let history = try TestHistory()
    #expect(try history.store.streams() == [])
    try history.keep(
      said(1, "a", in: stream(3)), said(2, "b", in: stream(3)), happened(1, in: stream(1)),
      said(1, "c", in: stream(StreamID.max)), said(7, "d", in: stream(2)))
    #expect(
      try history.store.streams() == [1, 2, 3, StreamID.max].map(stream))
    #expect(try history.store.lastStored(stream(3)) == 2)
    #expect(try history.store.lastStored(stream(4)) == nil)
    history.store.close()
  }

  @Test("a number that is stored already changes nothing, is told, and keeps nobody out")
  func doubledNumber() throws {
    let history = try TestHistory()
    try history.keep(said(1, "one"))
    try history.keep(said(1, "other"), said(2, "two"))
    #expect(try history.texts() == ["one", "two"])
    #expect(history.report { $0 == .refused(1, nil) } != nil)
    history.store.close()
  }

  @Test("what was taken back is gone from table, index and file")
  func redaction() throws {
    let history = try TestHistory()
    try history.keep(
      (1...300).map { said($0, "usual words \($0)") } + [said(301, "my xyzzysecret")])
    #expect(history.writer.settle())
    #expect(try history.search("xyzzysecret") == ["my xyzzysecret"])
    #expect(history.bytesOnDisk().holds("xyzzysecret"))
    history.writer.redact(MessageKey(stream(1), 301))
    #expect(try history.page(.latest(), limit: 1).sequences == [300])
    #expect(history.writer.settle())
    #expect(try history.search("xyzzysecret") == [])
    #expect(!history.bytesOnDisk().holds("xyzzysecret"))
    #expect(try history.search("usual").count == 100)
    history.store.close()
  }

  @Test("a message that is taken back before its words are written leaves the index whole")
  func earlyRedaction() throws {
    let history = try TestHistory()
    history.writer.add(said(1, "alpha"))
    history.writer.redact(MessageKey(stream(1), 1))
    history.writer.add(said(2, "beta"))
    #expect(history.writer.settle())
    #expect(try history.search("alpha") == [])
    #expect(try history.search("beta") == ["beta"])
    try checkWords(history)
    history.store.close()
  }

  /// What FTS5 finds of its index: it says when the index and the table differ.
  private func checkWords(_ history: TestHistory) throws {
    let database = try Database(history.path)
    try database.run("INSERT INTO word(word, rank) VALUES('integrity-check', 1)")
  }

  @Test("an erased account has said nothing, and the others everything")
  func erasure() throws {
    let history = try TestHistory()
    try history.keep(
      (1...1500).map { said($0, "word\($0)", account: $0 % 2 == 0 ? 7 : 8) }
        + [said(1, "elsewhere", in: stream(2), account: 7, time: 5)])
    history.clock.withLock { $0 = 2_000_000_000 }
    history.writer.erase(account: 7)
    #expect(history.writer.settle())
    #expect(try history.store.said(by: 7) == [])
    #expect(try history.store.said(by: 8).count == 750)
    #expect(try history.texts(stream(2)) == [])
    #expect(try history.search("word2") == [])
    #expect(try history.search("word3") == ["word3"])
    try checkWords(history)
    history.store.close()
  }

  @Test("an erasure leaves what is said afterwards")
  func erasureInTime() throws {
    let history = try TestHistory(now: 5000)
    try history.keep(said(1, "before", account: 7, time: 4000))
    history.writer.erase(account: 7)
    try history.keep(said(2, "after", account: 7, time: 6000))
    #expect(history.writer.settle())
    #expect(try history.texts() == ["after"])
    history.store.close()
  }

  @Test("a stream that is cleared is empty, and goes on")
  func clearing() throws {
    let history = try TestHistory()
    try history.keep((1...1200).map { said($0, "old") } + [happened(1201)])
    history.writer.clear(stream(1))
    try history.keep(said(1202, "new"), said(1, "other", in: stream(2)))
    #expect(history.writer.settle())
    #expect(try history.page(.latest(), events: true).sequences == [1202])
    #expect(try history.texts(stream(2)) == ["other"])
    try checkWords(history)
    history.store.close()
  }

  @Test("what is too old goes, by stream, events before messages, and the people nobody names")
  func retention() throws {
    let day: Int64 = 86_400_000
    let history = try TestHistory(now: 100 * day)
    var entries: [StoredEntry] = []
    for number in 1...3 {
      for age in (1...40).reversed() {
        let sequence = UInt64(2 * (41 - age))
        var said = said(
          sequence, "age\(age)", in: stream(Int64(number)), source: "of\(age)!u@h",
          time: (100 - Int64(age)) * day)
        entries.append(said)
        said.key = MessageKey(stream(Int64(number)), sequence + 1)
        said.kind = .join
        entries.append(said)
      }
    }
    history.clock.withLock { $0 = 60 * day }
    try history.keep(entries)
    history.clock.withLock { $0 = 100 * day + 1 }
    history.writer.setRetention(
      Retention(
        messages: .seconds(30 * 86_400), events: .seconds(7 * 86_400),
        streams: [stream(2): .seconds(5 * 86_400)]))
    #expect(history.writer.settle())
    func ages(_ number: Int64, _ isWanted: (StoredEntry.Kind) -> Bool) throws -> Int {
      try history.page(.latest(), stream(number), limit: 1000, events: true).entries
        .filter { isWanted($0.kind) }.count
    }
    #expect(try ages(1) { $0 == .message } == 29)
    #expect(try ages(1) { $0 == .join } == 6)
    #expect(try ages(2) { $0 == .message } == 4)
    #expect(try ages(2) { $0 == .join } == 4)
    #expect(try ages(3) { $0 == .message } == 29)
    #expect(try history.search("age31") == [])
    #expect(try history.search("age29") == ["age29"])
    try checkWords(history)
    history.clock.withLock { $0 = 200 * day }
    history.writer.setRetention(Retention(messages: .seconds(31 * 86_400)))
    #expect(history.writer.settle())
    #expect(try history.texts() == [])
    #expect(try history.look().number("SELECT count(*) FROM person") == 0)
    // Somebody who comes back gets a number again.
    try history.keep(said(1000, "back", source: "of3!u@h", time: 200 * day))
    #expect(try history.page().entries.map(\.source) == ["of3!u@h"])
    history.store.close()
  }

  @Test("chores that were not done go on after a restart")
  func choresGoOn() throws {
    let history = try TestHistory()
    try history.keep(said(1, "gone", account: 7), said(2, "stays", account: 8))
    history.writer.settle()
    history.store.close()
    // As a run leaves it that was killed before its chores.
    let database = try Database(history.path)
    try database.run("INSERT INTO erasure VALUES(7, ?, 0)", .integer(.max))
    try database.run(
      "INSERT INTO message VALUES(?, 9000, 0, 1, NULL, 'late', NULL, NULL)",
      .integer(MessageKey(stream(1), 9).rawValue))
    try database.run(
      "INSERT INTO todo VALUES(?1, ?1)",
      .integer(MessageKey(stream(1), 9).rawValue))
    let again = try TestHistory(in: history.directory)
    #expect(again.writer.settle())
    #expect(try again.texts() == ["stays", "late"])
    #expect(try again.search("late") == ["late"])
    try checkWords(again)
    again.store.close()
  }

  @Test("a file of a newer program is refused in one sentence, and left as it is")
  func newerFile() throws {
    let history = try TestHistory()
    try history.keep(said(1, "one"))
    history.store.close()
    let database = try Database(history.path)
    try database.execute("PRAGMA user_version = 99")
    let error = #expect(throws: StoreError.self) { try TestHistory(in: history.directory) }
    #expect(error?.kind == .newerFile)
    #expect(error?.description.contains("was written by a newer Hubbub (version 99") == true)
    #expect(try database.number("SELECT count(*) FROM message") == 1)
  }

  @Test("a file of another program is refused, and left as it is")
  func foreignFile() throws {
    let directory = TemporaryDirectory()
    let database = try Database(directory.path + "/history.db")
    try database.execute("CREATE TABLE theirs(a)")
    let error = #expect(throws: StoreError.self) { try TestHistory(in: directory) }
    #expect(error?.kind == .foreignFile)
    #expect(try database.number("SELECT count(*) FROM sqlite_schema") == 1)
  }

  @Test("an older file is brought to the newest version after a copy was made")
  func migration() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/a.db"
    let database = try Database(path)
    try Schema(name: "a.db", versions: ["CREATE TABLE one(a)"]).migrate(database)
    try database.run("INSERT INTO one VALUES(1)")
    let newer = Schema(
      name: "a.db", versions: ["CREATE TABLE one(a)", "CREATE TABLE two(b)", "DROP TABLE one"])
    try newer.migrate(database)
    #expect(try database.userVersion == 3)
    #expect(try database.number("SELECT count(*) FROM two") == 0)
    let copy = try Database(path + ".version-1", .readOnly)
    #expect(try copy.userVersion == 1)
    #expect(try copy.number("SELECT a FROM one") == 1)
    // A migration that fails leaves the file as it was.
    let broken = Schema(
      name: "a.db", versions: newer.versions + ["CREATE TABLE three(c); NONSENSE"])
    #expect(throws: StoreError.self) { try broken.migrate(database) }
    #expect(try database.userVersion == 3)
    #expect(throws: StoreError.self) { try database.run("SELECT * FROM three") }
  }
}
