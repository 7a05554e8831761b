import Testing

@testable import HubbubStore

@Suite struct PageTests {
  /// Ten messages, 1 to 10, with a join at 4.
  private static func stage() throws -> TestHistory {
    let history = try TestHistory()
    try history.keep(
      (1...10).map { $0 == 4 ? happened(4) : said($0, "text \($0)") }
        + [said(5, "elsewhere", in: stream(2))])
    return history
  }

  /// The messages of the stage.
  private static let all: [UInt64] = [1, 2, 3, 5, 6, 7, 8, 9, 10]

  private static let table: [(HistorySelector, Int, [UInt64], isEnd: Bool)] = [
    (.latest(), 3, [8, 9, 10], false),
    (.latest(), 100, all, true),
    (.latest(after: .sequence(8)), 100, [9, 10], true),
    (.latest(after: .sequence(5)), 2, [9, 10], false),
    (.latest(after: .time(8000)), 100, [9, 10], true),
    (.before(.sequence(4)), 2, [2, 3], false),
    (.before(.sequence(3)), 2, [1, 2], true),
    (.before(.time(3000)), 100, [1, 2], true),
    (.before(.time(0)), 100, [], true),
    (.after(.sequence(3)), 2, [5, 6], false),
    (.after(.sequence(10)), 2, [], true),
    (.after(.time(9999)), 2, [10], true),
    (.after(.time(.max)), 2, [], true),
    (.around(.sequence(6)), 4, [3, 5, 6, 7], false),
    (.around(.sequence(1)), 4, [1, 2, 3, 5], false),
    (.around(.sequence(10)), 4, [7, 8, 9, 10], false),
    (.around(.time(5500)), 3, [5, 6, 7], false),
    (.around(.sequence(6)), 100, all, true),
    (.between(.sequence(2), .sequence(7)), 100, [3, 5, 6], true),
    (.between(.sequence(7), .sequence(2)), 2, [5, 6], false),
    (.between(.sequence(2), .sequence(7)), 2, [3, 5], false),
    (.between(.time(2000), .time(7000)), 100, [3, 5, 6], true),
    (.between(.time(7000), .time(2000)), 1, [6], false),
    (.between(.sequence(5), .sequence(5)), 100, [], true),
    (.latest(), 0, [], false),
  ]

  @Test("every selector finds what it names, by number and by time, ascending")
  func selectors() throws {
    let history = try Self.stage()
    for (selector, limit, expected, isEnd) in Self.table {
      let page = try history.page(selector, limit: limit)
      #expect(page.sequences == expected, "\(selector)")
      #expect(page.isEnd == isEnd, "\(selector)")
    }
    history.store.close()
  }

  @Test("events stand between the messages where they are wanted")
  func events() throws {
    let history = try Self.stage()
    #expect(try history.page(.latest(), events: true).sequences == Array(1...10))
    #expect(try history.page(.before(.sequence(6)), limit: 2, events: true).sequences == [4, 5])
    #expect(try history.page(.after(.time(3000)), limit: 1, events: true).sequences == [4])
    history.store.close()
  }

  @Test(
    "a page of much text is shorter, and nothing is left out between two", arguments: [true, false])
  func bytes(events: Bool) throws {
    let history = try TestHistory()
    let text = String(repeating: "x", count: 30_000)
    // Events are short, and so the messages are cut long before them.
    try history.keep((1...120).map { $0 % 3 == 0 ? happened($0) : said($0, text) })
    let all = (1...120).map { UInt64($0) }.filter { events || $0 % 3 != 0 }
    var pages: [[UInt64]] = []
    var selector = HistorySelector.latest()
    while true {
      let page = try history.page(selector, limit: 1000, events: events)
      #expect(page.entries.reduce(0) { $0 + $1.memoryBytes } <= (1 << 20) + 8192)
      pages.insert(page.sequences, at: 0)
      guard !page.isEnd, let first = page.sequences.first, pages.count < 20 else { break }
      selector = .before(.sequence(first))
    }
    #expect(pages.count > 2 && pages.flatMap { $0 } == all)
    let forwards = try history.page(.after(.sequence(1)), limit: 1000, events: events)
    #expect(
      !forwards.isEnd
        && forwards.sequences == Array(all.dropFirst().prefix(forwards.sequences.count)))
    history.store.close()
  }

  @Test("a page has what was stored, field by field")
  func fields() throws {
    let history = try TestHistory()
    let entry = StoredEntry(
      key: MessageKey(stream(7), 3), time: 1234, kind: .notice, source: "ä!b@c", account: 17,
      text: Array("a\0ü".utf8), tags: Array("+draft/react=:)".utf8), form: [0, 1])
    let event = StoredEntry(
      key: MessageKey(stream(7), 4), time: 1235, kind: .tagMessage, source: "", text: [],
      tags: Array("+x".utf8))
    try history.keep(entry, event)
    #expect(try history.page(.latest(), stream(7), events: true).entries == [entry, event])
    history.store.close()
  }

  @Test("the limit counts what may be seen, and nothing else is read")
  func visibility() throws {
    let history = try Self.stage()
    let view = HistoryView(stream(1), [1...2, 6...7, 9...9])
    func sequences(_ selector: HistorySelector, _ limit: Int) throws -> [UInt64] {
      try history.store.page(selector, of: view, limit: limit).sequences
    }
    #expect(try sequences(.latest(), 4) == [2, 6, 7, 9])
    #expect(try sequences(.before(.sequence(9)), 3) == [2, 6, 7])
    #expect(try sequences(.after(.sequence(1)), 3) == [2, 6, 7])
    #expect(try sequences(.around(.sequence(5)), 2) == [2, 6])
    #expect(try sequences(.between(.sequence(0), .sequence(100)), 100) == [1, 2, 6, 7, 9])
    #expect(
      try history.store.page(.latest(), of: HistoryView(stream(1), []), limit: 5).entries.isEmpty)
    history.store.close()
  }

  @Test("ranges that overlap show nothing twice")
  func overlappingRanges() throws {
    let history = try Self.stage()
    let view = HistoryView(stream(1), [5...8, 1...3, 2...6, 10...UInt64.max])
    #expect(
      try history.store.page(.latest(), of: view, limit: 100).sequences == [
        1, 2, 3, 5, 6, 7, 8, 10,
      ])
    history.store.close()
  }

  @Test("targets are those whose newest message lies between, the newest first")
  func targets() throws {
    let history = try TestHistory()
    try history.keep(
      said(1, "a", in: stream(1), time: 10), said(2, "b", in: stream(1), time: 50),
      said(1, "c", in: stream(2), time: 40), said(1, "d", in: stream(3), time: 60))
    let views = [1, 2, 3, 4].map { HistoryView(stream($0)) }
    let found = try history.store.targets(views, after: 35, before: 60, limit: 10)
    #expect(
      found == [
        HistoryTarget(stream: stream(1), time: 50), HistoryTarget(stream: stream(2), time: 40),
      ])
    // Of the first stream only what is old may be seen.
    let narrow = [HistoryView(stream(1), [1...1]), HistoryView(stream(2))]
    #expect(
      try history.store.targets(narrow, after: 0, before: 100, limit: 10).map(\.stream.rawValue)
        == [2, 1])
    history.store.close()
  }

  @Test("no query of a page scans a table or sorts")
  func plans() throws {
    let history = try Self.stage()
    let database = try history.look()
    for query in HistoryQueries.all {
      var steps: [String] = []
      // A matching expression is compiled with its parameter.
      let values: [Value] = query == HistoryQueries.words ? [.text("a")] : []
      try database.rows("EXPLAIN QUERY PLAN " + query, values) { row in
        steps.append(row.text(3))
        return true
      }
      #expect(!steps.isEmpty, "\(query)")
      for step in steps {
        let isSearch = step.hasPrefix("SEARCH") || step.contains("VIRTUAL TABLE INDEX")
        #expect(isSearch, "\(query): \(step)")
      }
    }
    history.store.close()
  }
}
