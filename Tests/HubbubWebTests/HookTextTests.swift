import Testing

@testable import HubbubWeb

/// What hooks say, by what they are sent.
@Suite("hook texts") struct HookTextTests {
  private static func lines(
    _ body: String, type: String? = "application/json", event: String? = nil
  ) throws -> [String] {
    try HookText.lines(Array(body.utf8), type: type, event: event)
  }

  @Test("a text is said line by line, without what could not stand in one")
  func text() throws {
    #expect(
      try Self.lines(" one\ttwo\r\n\n\u{1}three\u{7F}\n", type: "text/plain") == [
        "one two", "three",
      ])
    #expect(try Self.lines("{\"text\": \"a\\nb\"}") == ["a", "b"])
    #expect(try Self.lines("x", type: nil) == ["x"])
    #expect(try Self.lines("", type: nil) == [])
  }

  @Test("more than ten lines are told of and left out")
  func many() throws {
    let body = (1...14).map { "\($0)" }.joined(separator: "\n")
    let lines = try Self.lines(body, type: nil)
    #expect(lines.count == 11 && lines.last == "(and 4 more)")
  }

  @Test("Alertmanager's alerts are a line each")
  func alerts() throws {
    let body = """
      {"version": "4", "status": "firing", "alerts": [
        {"status": "firing", "labels": {"alertname": "DiskFull", "severity": "critical",
         "instance": "db1:9100"}, "annotations": {"summary": "92 % of /var is used"}},
        {"status": "resolved", "labels": {"alertname": "Late"}, "annotations": {}}]}
      """
    #expect(
      try Self.lines(body) == [
        "[firing] DiskFull · severity=critical instance=db1:9100 · 92 % of /var is used",
        "[resolved] Late",
      ])
  }

  @Test("GitHub's pushes, issues and pull requests are told with their links")
  func gitHub() throws {
    let push = """
      {"ref": "refs/heads/topic/tea", "compare": "https://g.example/c", "pusher": {"name": "ann"},
       "repository": {"full_name": "tea/pot"}, "commits": [
        {"id": "0123456789abcdef", "message": "wire: lines\\n\\nMore.", "author": {"name": "Ann"}}]}
      """
    #expect(
      try Self.lines(push, event: "push") == [
        "tea/pot: ann pushed 1 commits to topic/tea https://g.example/c",
        "0123456 wire: lines (Ann)",
      ])
    let issue = """
      {"action": "opened", "issue": {"number": 7, "title": "It leaks", "html_url": "https://g/7"},
       "repository": {"full_name": "tea/pot"}, "sender": {"login": "bob"}}
      """
    #expect(
      try Self.lines(issue, event: "issues") == [
        "tea/pot: bob opened issue #7 It leaks https://g/7"
      ])
    #expect(try Self.lines("{}", event: "star") == ["GitHub: somebody star"])
  }

  @Test(
    "of what is no text nothing is said, and why is told", arguments: ["{", "[]", "{\"a\": 1}"])
  func nothing(body: String) {
    #expect(throws: HTTPRefusal.self) { try Self.lines(body) }
  }

  @Test("bytes that are no UTF-8 are refused")
  func bytes() {
    #expect(throws: HTTPRefusal.self) { try HookText.lines([0xFF], type: nil, event: nil) }
  }

  @Test("lists within lists beyond any use are refused before they take a thread's stack")
  func nesting() throws {
    func body(_ depth: Int) -> String {
      let lists = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      return "{\"text\": \"[[{{ \\\" [\", \"more\": \(lists)}"
    }
    let line = try HookText.lines(
      Array(body(31).utf8), type: "application/json", event: nil)
    #expect(line == ["[[{{ \" ["])
    for depth in [32, 500, 30_000] {
      #expect(throws: HTTPRefusal.self) {
        try HookText.lines(Array(body(depth).utf8), type: "application/json", event: nil)
      }
    }
  }
}
