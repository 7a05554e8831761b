import HubbubThreads
import TestSupport
import Testing

@testable import HubbubStore

@Suite struct SearchTests {
  private static func stage() throws -> TestHistory {
    let history = try TestHistory()
    try history.keep([
      said(1, "The quick brown fox"), said(2, "a QUICK answer", account: 7, source: "Bob!b@h"),
      said(3, "brown quick bread"), said(4, "Crème brûlée in Zürich"),
      said(5, "NOT the OR of AND"), said(6, "elsewhere quick", in: stream(2)),
    ])
    #expect(history.writer.settle())
    return history
  }

  @Test("words, phrases and beginnings are found, whatever their case and accents")
  func words() throws {
    let history = try Self.stage()
    let table: [(String, [String])] = [
      ("quick", ["The quick brown fox", "a QUICK answer", "brown quick bread"]),
      ("brown quick", ["The quick brown fox", "brown quick bread"]),
      ("\"brown quick\"", ["brown quick bread"]),
      ("\"brown quick", ["brown quick bread"]),
      ("qui*", ["The quick brown fox", "a QUICK answer", "brown quick bread"]),
      ("creme", ["Crème brûlée in Zürich"]), ("ZURI*", ["Crème brûlée in Zürich"]),
      ("NOT", ["NOT the OR of AND"]), ("OR and", ["NOT the OR of AND"]),
      ("quick fox -", ["The quick brown fox"]), ("quick,bread", ["brown quick bread"]),
      ("bread quick*", ["brown quick bread"]), ("nothing", []),
    ]
    for (words, expected) in table {
      #expect(try history.search(words) == expected, "\(words)")
    }
    history.store.close()
  }

  @Test("FTS5's own language is never understood")
  func foreignLanguage() throws {
    let history = try Self.stage()
    for words in [
      "text:quick", "quick NOT brown", "(quick", "quick)", "NEAR(quick brown)", "^quick",
      "{text}:quick",
      "quick + brown", "a\"b\"c*\"", "\"\"quick", "quick\0", "'; DROP TABLE message; --",
      "****quick",
    ] {
      guard let query = SearchQuery(words) else { continue }
      // It finds something or nothing; it never fails.
      _ = try history.store.search(HistorySearch(query, in: [HistoryView(stream(1))]))
    }
    for nothing in ["", " ", "\"", "\"\"", "*", "--", "!?", "\0"] {
      #expect(SearchQuery(nothing) == nil, "\(nothing.debugDescription)")
    }
    var random = SplitMix64(seed: seed())
    let letters = Array("aqN\"*():^-+{}' \\,~\0ä😀".unicodeScalars)
    for _ in 0..<2000 {
      let count = Int.random(in: 1...20, using: &random)
      var text = ""
      for _ in 0..<count { text.unicodeScalars.append(letters.randomElement(using: &random)!) }
      guard let query = SearchQuery(text) else { continue }
      do {
        _ = try history.store.search(HistorySearch(query, in: [HistoryView(stream(1))]))
      } catch {
        Issue.record("\(text.debugDescription): \(error)")
      }
    }
    history.store.close()
  }

  @Test("a search stays in its views, its times and with its author, and finds the newest")
  func bounds() throws {
    let history = try Self.stage()
    let query = SearchQuery("quick")
    func find(_ change: (inout HistorySearch) -> Void) throws -> [UInt64] {
      var search = HistorySearch(query, in: [HistoryView(stream(1)), HistoryView(stream(2))])
      change(&search)
      return try history.store.search(search).entries.map(\.key.sequence)
    }
    #expect(try find { _ in } == [1, 2, 3, 6])
    #expect(try find { $0.limit = 2 } == [3, 6])
    #expect(try find { $0.views = [HistoryView(stream(1), [2...2])] } == [2])
    #expect(try find { $0.views = [] } == [])
    #expect(try find { $0.after = 1000 } == [2, 3, 6])
    #expect(try find { $0.before = 3000 } == [1, 2])
    #expect(try find { ($0.after, $0.before) = (1000, 2000) } == [])
    #expect(try find { $0.author = .account(7) } == [2])
    #expect(try find { $0.author = .nickname("bOB") } == [2])
    #expect(try find { ($0.query, $0.author) = (nil, .nickname("bob")) } == [2])
    #expect(try find { ($0.query, $0.limit) = (nil, 3) } == [4, 5, 6])
    history.store.close()
  }

  @Test("a search whose time is over says so, and answers with what it has")
  func partial() throws {
    let history = try TestHistory()
    try history.keep((1...20_000).map { said($0, "word \($0)") })
    #expect(history.writer.settle())
    let reader = try HistoryReader(history.path)
    var search = HistorySearch(nil, in: [HistoryView(stream(1))])
    search.author = .nickname("nobody")
    #expect(try reader.search(search, upTo: .zero).isPartial)
    #expect(try !reader.search(search, upTo: .seconds(60)).isPartial)
    history.store.close()
  }

  @Test("an export has every field, and each line is one object in JSON")
  func export() throws {
    let entry = StoredEntry(
      key: MessageKey(stream(1), 1), time: 1_764_000_000_123, source: "a!b@c", account: 1,
      text: Array("say \"hi\" \\ \u{1}\n ä".utf8), tags: Array("+x=y".utf8))
    let expected =
      ##"{"time":"2025-11-24T16:00:00.123Z","target":"#r","msgid":"e-1","kind":"message","##
      + ##""source":"a!b@c","account":"ann","text":"say \"hi\" \\ \u0001\n ä","tags":"+x=y"}"##
    #expect(entry.json(target: "#r", id: "e-1", account: "ann") == expected)
  }
}
