import CFaultyDisk
import CSQLite
import Glibc
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubStore

@Suite struct FaultTests {
  /// A history that tries again only when it is told to.
  private static func stage(
    _ change: (inout HistoryWriter.Configuration) -> Void = { _ in }
  ) throws -> TestHistory {
    try TestHistory {
      $0.retryDelay = .seconds(3600)
      change(&$0)
    }
  }

  private static func isFailure(_ report: HistoryWriter.Report) -> Bool {
    if case .failed = report { true } else { false }
  }

  @Test(
    "a disk that refuses is reported once, and what was said meanwhile is stored when it is back",
    arguments: [
      (faulty_disk_write, SQLITE_FULL, StoreError.Kind.full),
      (faulty_disk_write, SQLITE_IOERR | (3 << 8), .io),
      (faulty_disk_write, SQLITE_READONLY, .readOnly),
    ])
  func refusal(_ act: faulty_disk_act, _ code: Int32, _ kind: StoreError.Kind) throws {
    let history = try Self.stage()
    try history.keep(said(1, "before"))
    faulty_disk_fail(history.disk, act, code, 0)
    history.writer.add(said(2, "during"))
    #expect(!history.writer.flush(upTo: .seconds(60)))
    guard case .failing(let error) = history.writer.health else {
      Issue.record("The writer is well.")
      return
    }
    #expect(error.kind == kind)
    // It fails again: nothing more is said.
    for number in 3...5 {
      history.writer.add(said(UInt64(number), "during"))
      let count = faulty_disk_count(history.disk, act)
      history.writer.tryAgain()
      while faulty_disk_count(history.disk, act) == count { sched_yield() }
    }
    #expect(history.allReports.filter(Self.isFailure).count == 1)
    // What is stored can be read all the while.
    #expect(try history.texts() == ["before"])
    faulty_disk_fail(history.disk, act, SQLITE_OK, 0)
    history.writer.tryAgain()
    #expect(history.report { $0 == .recovered(lost: 0) } != nil)
    #expect(history.writer.flush(upTo: .seconds(60)))
    #expect(try history.page().sequences == [1, 2, 3, 4, 5])
    #expect(history.writer.health == .good)
    #expect(history.store.close())
  }

  @Test("a failed fsync loses nothing of what was handed over")
  func fsync() throws {
    let history = try Self.stage { $0.syncInterval = .zero }
    try history.keep(said(1, "one"))
    for round in 0..<20 {
      // The nth one fails.
      faulty_disk_fail(history.disk, faulty_disk_sync, SQLITE_IOERR | (4 << 8), Int32(round % 4))
      for number in 0..<10 {
        history.writer.add(said(UInt64(round * 10 + number + 2), "more"))
        history.writer.flush(upTo: .seconds(60))
      }
      faulty_disk_fail(history.disk, faulty_disk_sync, SQLITE_OK, 0)
      history.writer.tryAgain()
      while history.writer.health != .good || !history.writer.flush(upTo: .seconds(60)) {
        history.writer.tryAgain()
        sched_yield()
      }
    }
    #expect(try history.page(limit: 1000).sequences == Array(1...201))
    #expect(history.allReports.contains(where: Self.isFailure))
    history.store.close()
  }

  @Test("a disk that hangs keeps nobody, and what comes beyond the bound is a gap")
  func hanging() throws {
    let history = try Self.stage { $0.memoryBytes = 20_000 }
    try history.keep(said(1, "before"))
    history.writer.settle()
    faulty_disk_hang(history.disk, 1)
    // Nothing of this waits for the disk; if it did, the test would never end.
    for number in 2...1000 { history.writer.add(said(UInt64(number), "during")) }
    #expect(history.writer.waitingBytes <= 20_000)
    #expect(!history.writer.flush(upTo: .milliseconds(1)))
    faulty_disk_hang(history.disk, 0)
    #expect(history.writer.flush(upTo: .seconds(60)))
    try history.keep(said(1001, "after"))
    let page = try history.page(limit: 10_000)
    #expect(!page.gaps.isEmpty && page.gaps.allSatisfy { $0.reason == .disk })
    // Every number is there or in a gap, and the newest are there.
    let missing = page.gaps.map { $0.first.sequence...$0.last.sequence }
    for number in UInt64(1)...1001 {
      let isMissing = missing.contains { $0.contains(number) }
      #expect(page.sequences.contains(number) || isMissing, "\(number)")
    }
    #expect(page.sequences.contains(1) && page.sequences.contains(1000))
    #expect(page.entries.count < 1001)
    history.store.close()
  }

  @Test("while the disk takes nothing, an erasure and a redaction are not forgotten")
  func keptOrders() throws {
    let history = try Self.stage { $0.memoryBytes = 20_000 }
    try history.keep(said(1, "taken back", time: 1), said(2, "erased", account: 7, time: 2))
    faulty_disk_fail(history.disk, faulty_disk_write, SQLITE_FULL, 0)
    history.writer.redact(MessageKey(stream(1), 1))
    history.writer.erase(account: 7)
    for number in 3...1000 { history.writer.add(said(UInt64(number), "during")) }
    #expect(!history.writer.flush(upTo: .seconds(60)))
    faulty_disk_fail(history.disk, faulty_disk_write, SQLITE_OK, 0)
    history.writer.tryAgain()
    let report = history.report { if case .recovered = $0 { true } else { false } }
    guard case .recovered(let lost) = report else {
      Issue.record("It does not recover.")
      return
    }
    #expect(lost > 0)
    #expect(history.writer.settle())
    #expect(try history.page(.before(.sequence(3))).entries.isEmpty)
    history.store.close()
  }

  @Test("a slow commit is reported, and shown while it lasts")
  func slow() throws {
    let history = try Self.stage { $0.slowCommit = .zero }
    faulty_disk_hang(history.disk, 1)
    history.writer.add(said(1, "one"))
    faulty_disk_await(history.disk)
    #expect(history.writer.health == .slow)
    faulty_disk_hang(history.disk, 0)
    #expect(history.report { if case .slow = $0 { true } else { false } } != nil)
    #expect(try history.texts() == ["one"])
    history.store.close()
  }

  @Test("a closing writer gives a disk that hangs up")
  func closing() throws {
    let history = try Self.stage()
    faulty_disk_hang(history.disk, 1)
    history.writer.add(said(1, "one"))
    #expect(!history.store.close(patience: .milliseconds(1)))
    faulty_disk_hang(history.disk, 0)
  }

  @Test("a corrupt file is moved away and a new one begun, and nothing that was waiting is lost")
  func corruption() throws {
    let history = try TestHistory()
    try history.keep((1...2000).map { said($0, "text \($0)") })
    history.store.close()
    // Every page but the first, of which not a byte makes sense any more.
    var bytes = readFile(history.path)
    for index in bytes.indices.dropFirst(4096) { bytes[index] ^= 0xA5 }
    writeFile(history.path, bytes)
    let again = try TestHistory(in: history.directory)
    again.writer.add(said(3000, "new"))
    while !again.writer.flush(upTo: .seconds(60)) {}
    guard
      case .replaced(let error, let target)? = again.report({
        if case .replaced = $0 { true } else { false }
      })
    else {
      Issue.record("The file was not replaced.")
      return
    }
    #expect(error.kind == .corrupt)
    #expect(target.contains("history.db.broken-"))
    #expect(readFile(target) == bytes)
    #expect(try again.texts() == ["new"])
    again.store.close()
  }

  @Test("a reader that finds the file corrupt has it replaced")
  func corruptionWhileReading() throws {
    let history = try TestHistory()
    try history.keep((1...5000).map { said($0, "text \($0)") })
    history.store.close()
    var bytes = readFile(history.path)
    // The messages; the schema and what the writer looks at when it starts stay whole.
    let again: TestHistory
    do {
      let database = try Database(history.path)
      var pages: [Int64] = []
      try database.rows("SELECT pageno FROM dbstat WHERE name = 'message'") { row in
        pages.append(row.integer(0))
        return true
      }
      for page in pages {
        for index in Int(page - 1) * 4096..<Int(page) * 4096 { bytes[index] ^= 0x5A }
      }
    }
    writeFile(history.path, bytes)
    again = try TestHistory(in: history.directory) { $0.retention = Retention(messages: nil) }
    // Either the page finds it, or a chore has before.
    _ = try? again.page(.before(.sequence(2000)))
    #expect(again.report { if case .replaced = $0 { true } else { false } } != nil)
    try again.keep(said(6000, "new"))
    #expect(try again.texts() == ["new"])
    again.store.close()
  }

  @Test("bytes that were flipped anywhere crash nothing, and show nobody else's text")
  func flippedBytes() throws {
    let history = try TestHistory()
    try history.keep((1...300).map { said($0, "mine \($0)") })
    try history.keep((1...300).map { said($0, "theirs \($0)", in: stream(2)) })
    history.writer.settle()
    history.store.close()
    let whole = readFile(history.path)
    var random = SplitMix64(seed: seed())
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...20, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let directory = TemporaryDirectory()
      writeFile(directory.path + "/history.db", bytes)
      // Refused or replaced is as good as opened.
      guard let broken = try? TestHistory(in: directory) else { continue }
      for selector in [HistorySelector.latest(), .before(.time(100_000)), .after(.sequence(7))] {
        guard let page = try? broken.page(selector, limit: 500) else { continue }
        #expect(page.entries.allSatisfy { $0.key.stream == stream(1) })
      }
      _ = try? broken.search("mine")
      broken.writer.add(said(1000, "new"))
      broken.writer.flush(upTo: .seconds(10))
      broken.store.close()
    }
  }

  @Test(
    "a real file system of 8 MiB is filled, and what was stored before is there",
    .enabled(if: SmallDisk.canBeMade, "Needs root, to mount a file system."))
  func fullDisk() throws {
    let disk = try #require(SmallDisk())
    let path = disk.path + "/history.db"
    let failed = Reported()
    var configuration = HistoryWriter.Configuration()
    configuration.retryDelay = .seconds(3600)
    configuration.retention = Retention(messages: nil, events: nil)
    let store = try HistoryStore(path, configuration) { failed.add($0) }
    let text = String(repeating: "x", count: 400)
    var sequence: UInt64 = 0
    var stored: UInt64 = 0
    while store.writer.health == .good, sequence < 200_000 {
      store.writer.add((1...1000).map { said(sequence + $0, text) })
      sequence += 1000
      if store.writer.flush(upTo: .seconds(60)) { stored = sequence }
    }
    #expect(failed.wait { if case .failed(let error) = $0 { error.kind == .full } else { false } })
    #expect(stored > 0)
    let view = HistoryView(stream(1))
    #expect(
      try store.page(.latest(), of: view, limit: 1).entries.last?.key.sequence ?? 0 >= stored)
    // Room again: it goes on by itself, at the next try.
    disk.grow()
    store.writer.tryAgain()
    #expect(failed.wait { if case .recovered = $0 { true } else { false } })
    #expect(store.writer.flush(upTo: .seconds(60)))
    #expect(
      try store.page(.latest(), of: view, limit: 1).entries.last?.key.sequence == sequence)
    store.close()
  }

  @Test(
    "on a file system that cannot be written to it says so once, and goes on when it can",
    .enabled(if: SmallDisk.canBeMade, "Needs root, to mount a file system."))
  func readOnlyDisk() throws {
    let disk = try #require(SmallDisk())
    disk.setReadOnly(true)
    let reports = Reported()
    var configuration = HistoryWriter.Configuration()
    configuration.retryDelay = .seconds(3600)
    configuration.retention = Retention(messages: nil, events: nil)
    let store = try HistoryStore(disk.path + "/history.db", configuration) { reports.add($0) }
    store.writer.add(said(1, "one"))
    #expect(!store.writer.flush(upTo: .seconds(60)))
    #expect(throws: StoreError.self) {
      try store.page(.latest(), of: HistoryView(stream(1)), limit: 1)
    }
    disk.setReadOnly(false)
    store.writer.tryAgain()
    #expect(reports.wait { if case .recovered = $0 { true } else { false } })
    #expect(store.writer.flush(upTo: .seconds(60)))
    let page = try store.page(.latest(), of: HistoryView(stream(1)), limit: 9)
    #expect(page.sequences == [1])
    #expect(reports.count == 2)
    store.close()
  }
}
