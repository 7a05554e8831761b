import HubbubThreads
import TestSupport
import Testing

@testable import HubbubStore

/// A plain list says what every selector must find.
@Suite struct ModelTests {
  /// What is stored, as a list.
  private struct Model {
    var entries: [StoredEntry] = []

    func seen(_ view: HistoryView) -> [StoredEntry] {
      entries.filter {
        view.contains($0.key) && (view.includesEvents || $0.kind.isSpeech)
      }.sorted { $0.key < $1.key }
    }

    func page(
      _ selector: HistorySelector, of view: HistoryView, limit: Int
    ) -> (entries: [StoredEntry], isEnd: Bool) {
      let all = seen(view)
      func isBefore(_ entry: StoredEntry, _ reference: HistorySelector.Reference) -> Bool {
        switch reference {
        case .sequence(let sequence): entry.key.sequence < sequence
        case .time(let time): entry.time < time
        }
      }
      func isAfter(_ entry: StoredEntry, _ reference: HistorySelector.Reference) -> Bool {
        switch reference {
        case .sequence(let sequence): entry.key.sequence > sequence
        case .time(let time): entry.time > time
        }
      }
      func newest(_ found: [StoredEntry]) -> ([StoredEntry], Bool) {
        (found.suffix(limit), found.count <= limit)
      }
      func oldest(_ found: [StoredEntry]) -> ([StoredEntry], Bool) {
        (Array(found.prefix(limit)), found.count <= limit)
      }
      switch selector {
      case .latest(nil): return newest(all)
      case .latest(let reference?): return newest(all.filter { isAfter($0, reference) })
      case .before(let reference): return newest(all.filter { isBefore($0, reference) })
      case .after(let reference): return oldest(all.filter { isAfter($0, reference) })
      case .around(let reference):
        let before = all.filter { isBefore($0, reference) }
        let after = all.filter { !isBefore($0, reference) }
        let count = min(before.count, max(limit / 2, limit - after.count))
        let found = before.suffix(count) + after.prefix(limit - count)
        return (Array(found), found.count == all.count)
      case .between(let one, let other):
        let up = all.filter { isAfter($0, one) && isBefore($0, other) }
        let down = all.filter { isAfter($0, other) && isBefore($0, one) }
        return up.isEmpty ? newest(down) : oldest(up)
      }
    }
  }

  @Test("random says, redactions, erasures, retention and restarts: every selector as a list says")
  func random() throws {
    var random = SplitMix64(seed: seed())
    let directory = TemporaryDirectory()
    var model = Model()
    var next: [Int64: UInt64] = [1: 1, 2: 1, 3: 1]
    var now: Int64 = 1_000_000
    var history = try TestHistory(in: directory, now: now)
    for _ in 0..<60 {
      let number = Int64.random(in: 1...3, using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<14:
        for _ in 0..<Int.random(in: 1...40, using: &random) {
          let entry = Self.entry(number, &next, &now, &random)
          model.entries.append(entry)
          history.writer.add(entry)
        }
      case 14, 15:
        guard let victim = model.entries.filter(\.kind.isSpeech).randomElement(using: &random)
        else { break }
        history.writer.redact(victim.key)
        model.entries.removeAll { $0.key == victim.key }
      case 16:
        let account = Int64.random(in: 1...3, using: &random)
        let time = now
        history.clock.withLock { $0 = time }
        history.writer.erase(account: account)
        try #require(history.writer.settle())
        model.entries.removeAll { $0.account == account && $0.time <= now }
        now += 1
      case 17:
        let keep = Int64.random(in: 100...3000, using: &random)
        let time = now
        history.clock.withLock { $0 = time }
        history.writer.setRetention(
          Retention(messages: .milliseconds(keep), events: .milliseconds(keep / 2)))
        try #require(history.writer.settle())
        model.entries.removeAll { $0.time < now - ($0.kind.isSpeech ? keep : keep / 2) }
        // Nothing more goes while the test looks.
        history.writer.setRetention(Retention(messages: nil, events: nil))
      case 18:
        history.writer.clear(stream(number))
        try #require(history.writer.settle())
        model.entries.removeAll { $0.key.stream == stream(number) }
      default:
        history.store.close()
        history = try TestHistory(in: directory, now: now)
      }
      try Self.compare(history, model, number, now, &random)
    }
    try #require(history.writer.settle())
    let database = try Database(history.path)
    try database.run("INSERT INTO word(word, rank) VALUES('integrity-check', 1)")
    #expect(try database.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    history.store.close()
  }

  private static func entry(
    _ number: Int64, _ next: inout [Int64: UInt64], _ now: inout Int64,
    _ random: inout SplitMix64
  ) -> StoredEntry {
    let sequence = next[number]!
    next[number] = sequence + UInt64.random(in: 1...3, using: &random)
    now += Int64.random(in: 0...9, using: &random)
    let kind = StoredEntry.Kind.allCases.randomElement(using: &random)!
    return StoredEntry(
      key: MessageKey(stream(number), sequence), time: now, kind: kind,
      source: "p\(Int.random(in: 1...5, using: &random))!u@h",
      account: Bool.random(using: &random) ? Int64.random(in: 1...3, using: &random) : nil,
      text: Array("w\(Int.random(in: 1...50, using: &random)) x".utf8))
  }

  private static func compare(
    _ history: TestHistory, _ model: Model, _ number: Int64, _ now: Int64,
    _ random: inout SplitMix64
  ) throws {
    let last = model.entries.last { $0.key.stream == stream(number) }?.key.sequence ?? 10
    func reference() -> HistorySelector.Reference {
      Bool.random(using: &random)
        ? .sequence(UInt64.random(in: 0...last + 2, using: &random))
        : .time(Int64.random(in: now - 2000...now + 10, using: &random))
    }
    for _ in 0..<8 {
      let cuts = (0..<6).map { _ in UInt64.random(in: 0...last + 2, using: &random) }.sorted()
      let ranges = [cuts[0]...cuts[1], cuts[2]...cuts[3], cuts[4]...cuts[5]]
      let view = HistoryView(
        stream(number), Bool.random(using: &random) ? [0...UInt64.max] : ranges,
        includesEvents: Bool.random(using: &random))
      let selectors: [HistorySelector] = [
        .latest(), .latest(after: reference()), .before(reference()), .after(reference()),
        .around(reference()), .between(reference(), reference()),
      ]
      let limit = Int.random(in: 0...60, using: &random)
      for selector in selectors {
        let page = try history.store.page(selector, of: view, limit: limit)
        let expected = model.page(selector, of: view, limit: limit)
        #expect(page.entries == expected.entries, "\(selector) of \(view), \(limit)")
        if limit > 0 { #expect(page.isEnd == expected.isEnd, "\(selector) of \(view), \(limit)") }
      }
    }
  }
}
