import CFaultyDisk
import Glibc
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubStore

/// A stream by its number.
func stream(_ number: Int64) -> StreamID { StreamID(rawValue: number) }

/// What somebody said; a thousand milliseconds pass from one to the next.
func said(
  _ sequence: UInt64, _ text: String, in stream: StreamID = stream(1), account: Int64? = nil,
  source: String = "ann!a@host", time: Int64? = nil
) -> StoredEntry {
  StoredEntry(
    key: MessageKey(stream, sequence), time: time ?? Int64(sequence) * 1000, source: source,
    account: account, text: Array(text.utf8))
}

/// Something that happened.
func happened(
  _ sequence: UInt64, _ kind: StoredEntry.Kind = .join, in stream: StreamID = stream(1)
) -> StoredEntry {
  StoredEntry(
    key: MessageKey(stream, sequence), time: Int64(sequence) * 1000, kind: kind,
    source: "bob!b@host", text: [])
}

extension StoredEntry {
  var words: String { String(decoding: text, as: UTF8.self) }
}

extension HistoryPage {
  var sequences: [UInt64] { entries.map(\.key.sequence) }
}

/// A history in a directory of its own, on a disk that fails when it is told to.
final class TestHistory: Sendable {
  let directory: TemporaryDirectory
  let path: String
  let store: HistoryStore
  // A C pointer that any thread may use.
  nonisolated(unsafe) let disk: OpaquePointer

  /// Guards what was reported.
  private let reports = Monitor<[HistoryWriter.Report]>([])

  /// The time of day, which only moves when it is told to.
  let clock: Monitor<Int64>

  /// - Parameter directory: one that holds a history already.
  init(
    in directory: TemporaryDirectory = TemporaryDirectory(), now: Int64 = 1_000_000_000,
    _ change: (inout HistoryWriter.Configuration) -> Void = { _ in }
  ) throws {
    self.directory = directory
    path = directory.path + "/history.db"
    let name = "disk-\(UInt64.random(in: 0...UInt64.max))"
    let disk = faulty_disk_make(name)!
    self.disk = disk
    let clock = Monitor(now)
    self.clock = clock
    var configuration = HistoryWriter.Configuration()
    configuration.system = name
    configuration.now = { clock.withLock { $0 } }
    configuration.retention = Retention(messages: nil, events: nil)
    change(&configuration)
    let reports = reports
    store = try HistoryStore(path, configuration) { report in
      reports.withLock { $0.append(report) }
      reports.wakeAll()
    }
  }

  var writer: HistoryWriter { store.writer }

  /// Adds and waits until it is stored.
  func keep(_ entries: StoredEntry...) throws { try keep(entries) }

  func keep(_ entries: [StoredEntry]) throws {
    writer.add(entries)
    try #require(writer.flush(upTo: .seconds(60)))
  }

  func page(
    _ selector: HistorySelector = .latest(), _ stream: StreamID = stream(1), limit: Int = 100,
    events: Bool = false
  ) throws -> HistoryPage {
    try store.page(selector, of: HistoryView(stream, includesEvents: events), limit: limit)
  }

  func texts(_ stream: StreamID = stream(1)) throws -> [String] {
    try page(.latest(), stream).entries.map(\.words)
  }

  func search(_ words: String, _ views: [HistoryView]? = nil) throws -> [String] {
    let query = try #require(SearchQuery(words))
    let search = HistorySearch(query, in: views ?? [HistoryView(stream(1))])
    return try store.search(search).entries.map(\.words)
  }

  /// Waits for a report.
  func report(_ isWanted: (HistoryWriter.Report) -> Bool) -> HistoryWriter.Report? {
    reports.wait(upTo: .seconds(60)) { $0.first(where: isWanted) }
  }

  var allReports: [HistoryWriter.Report] { reports.withLock { $0 } }

  /// A connection of the test's own, to look into the file.
  func look() throws -> Database { try Database(path, .readOnly) }

  /// Everything that is in the files of the history.
  func bytesOnDisk() -> [UInt8] {
    ["", "-wal"].flatMap { readFile(path + $0) }
  }
}

/// The bytes of a file; none where there is none.
func readFile(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&piece, 1, piece.count, file), count > 0 {
    bytes += piece[..<count]
  }
  return bytes
}

func writeFile(_ path: String, _ bytes: [UInt8]) {
  guard let file = fopen(path, "w") else { return }
  _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
  fclose(file)
}

extension [UInt8] {
  func holds(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    return indices.contains { self[$0] == wanted[0] && self[$0...].starts(with: wanted) }
  }
}
