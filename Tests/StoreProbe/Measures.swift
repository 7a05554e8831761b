import Glibc
import HubbubStore

/// Fills a history and says how fast it was, how large it is, and what pages and searches take.
struct Measures {
  private let path: String
  private let rooms = 20

  /// 59 bytes: an ordinary line of chat.
  private static let words = [
    "the", "server", "keeps", "what", "was", "said", "in", "order", "and", "nobody", "waits",
    "for", "disk", "today", "again", "maybe", "lunch", "build", "green", "red",
  ]

  init(_ directory: String) { path = directory + "/history.db" }

  func run(count: Int) throws {
    var configuration = HistoryWriter.Configuration()
    configuration.retention = Retention(messages: nil, events: nil)
    configuration.memoryBytes = 256 << 20
    let store = try HistoryStore(path, configuration) { print("report: \($0)") }
    var random = LinearGenerator(state: 17)
    let (stored, processor) = fill(store, count, &random)
    let before = Self.processorSeconds
    let settled = time { _ = store.writer.settle(upTo: .seconds(3600)) }
    let words = Self.processorSeconds - before
    store.close()
    let bytes = size(path)
    print("messages                 \(count)")
    print("stored a second          \(Int(Double(count) / stored))")
    print("  processor a message    \(round(processor / Double(count) * 1e6, 2)) µs")
    print("words left over          \(round(settled, 2)) s")
    print("  processor a message    \(round(words / Double(count) * 1e6, 2)) µs")
    print("bytes a message          \(round(Double(bytes) / Double(count), 1))")
    let again = try HistoryStore(path, configuration) { print("report: \($0)") }
    try pages(again, count, &random)
    again.close()
  }

  private func fill(
    _ store: HistoryStore, _ count: Int, _ random: inout LinearGenerator
  ) -> (Double, Double) {
    // Made before, so that the time is the store's.
    var texts: [[UInt8]] = []
    for _ in 0..<10_000 { texts.append(Self.text(&random)) }
    let sources = (0..<50).map { "nick\($0)!u@host" }
    var left = count
    let began = ContinuousClock.now
    let processor = Self.processorSeconds
    var sequences = [UInt64](repeating: 1, count: rooms)
    while left > 0 {
      var entries: [StoredEntry] = []
      entries.reserveCapacity(500)
      for _ in 0..<min(left, 500) {
        let (room, person) = (Int(random.next()) % rooms, Int(random.next()) % 50)
        entries.append(
          StoredEntry(
            key: MessageKey(StreamID(rawValue: Int64(room + 1)), sequences[room]),
            time: 1_764_000_000_000 + Int64(sequences[room]) * 1000, source: sources[person],
            account: Int64(person), text: texts[Int(random.next()) % texts.count]))
        sequences[room] += 1
      }
      left -= entries.count
      store.writer.add(entries)
      // As flood control does: whoever writes waits while there is much to be stored.
      if store.writer.waitingBytes > 16 << 20 { store.writer.flush(upTo: .seconds(600)) }
    }
    store.writer.flush(upTo: .seconds(600))
    return (seconds(began.duration(to: .now)), Self.processorSeconds - processor)
  }

  private static func text(_ random: inout LinearGenerator) -> [UInt8] {
    var text = ""
    while text.utf8.count < 54 { text += words[Int(random.next()) % words.count] + " " }
    text += random.next() % 1000 == 0 ? "rare" : "fine"
    return Array(text.utf8.prefix(59))
  }

  /// What this process has used of the processors.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func pages(
    _ store: HistoryStore, _ count: Int, _ random: inout LinearGenerator
  ) throws {
    let last = UInt64(count / rooms)
    func view() -> HistoryView {
      HistoryView(StreamID(rawValue: Int64(random.next()) % Int64(rooms) + 1))
    }
    let first = time { _ = try? store.page(.latest(), of: view(), limit: 100) }
    print("first page of 100        \(micros([first], 0.5)) µs")
    func measure(_ name: String, _ times: Int = 1000, _ body: () throws -> Void) rethrows {
      var all: [Double] = []
      for _ in 0..<times {
        let began = ContinuousClock.now
        try body()
        all.append(seconds(began.duration(to: .now)))
      }
      let padded = name + String(repeating: " ", count: 25 - name.count)
      print("\(padded)\(micros(all, 0.5)) µs p50, \(micros(all, 0.99)) µs p99")
    }
    try measure("page of 100, latest") { _ = try store.page(.latest(), of: view(), limit: 100) }
    try measure("page of 100, before id") {
      let sequence = UInt64(random.next()) % last
      _ = try store.page(.before(.sequence(sequence)), of: view(), limit: 100)
    }
    try measure("page of 100, by time") {
      let time = 1_764_000_000_000 + Int64(random.next()) % Int64(last) * 1000
      _ = try store.page(.after(.time(time)), of: view(), limit: 100)
    }
    for word in ["rare", "server", "\"nobody waits\""] {
      let query = SearchQuery(word)
      try measure("search \(word)", 100) {
        _ = try store.search(HistorySearch(query, in: [view()], limit: 50))
      }
    }
  }

  // MARK: Figures

  private func time(_ body: () -> Void) -> Double {
    let began = ContinuousClock.now
    body()
    return seconds(began.duration(to: .now))
  }

  private func seconds(_ duration: Duration) -> Double {
    let parts = duration.components
    return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
  }

  private func micros(_ all: [Double], _ part: Double) -> Int {
    let sorted = all.sorted()
    return Int(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] * 1e6)
  }

  private func round(_ number: Double, _ digits: Int) -> String {
    let power = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    return "\((number * power).rounded() / power)"
  }

  private func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
