import FoundationEssentials
import Testing

@testable import HubbubWeb

@Suite("Figures")
struct FigureTests {
  @Test("metrics are written as Prometheus reads them")
  func metrics() {
    var clients = Metric("hubbub_clients", .gauge, "Connections, by how they came.")
    clients.add(12, ["transport": "tcp"])
    clients.add(3, ["transport": "a\"b\\c\nd"])
    var commits = Metric("hubbub_store_commit_seconds", .histogram, "Time of a commit.")
    commits.add(buckets: [(0.001, 3), (0.01, 2)], above: 1, sum: 0.25)
    let text = MetricsText.encode([
      Metric("hubbub_messages_total", .counter, "Messages \\ said\nsince the start.", 7),
      clients, commits, Metric("none", .gauge, "Nothing."),
    ])
    #expect(
      String(decoding: text, as: UTF8.self) == #"""
        # HELP hubbub_messages_total Messages \\ said\nsince the start.
        # TYPE hubbub_messages_total counter
        hubbub_messages_total 7
        # HELP hubbub_clients Connections, by how they came.
        # TYPE hubbub_clients gauge
        hubbub_clients{transport="tcp"} 12
        hubbub_clients{transport="a\"b\\c\nd"} 3
        # HELP hubbub_store_commit_seconds Time of a commit.
        # TYPE hubbub_store_commit_seconds histogram
        hubbub_store_commit_seconds_bucket{le="0.001"} 3
        hubbub_store_commit_seconds_bucket{le="0.01"} 5
        hubbub_store_commit_seconds_bucket{le="+Inf"} 6
        hubbub_store_commit_seconds_sum 0.25
        hubbub_store_commit_seconds_count 6

        """#)
  }

  @Test(
    "numbers are written as they are read",
    arguments: [
      (0, "0"), (1.5, "1.5"), (-3, "-3"), (1e20, "1e+20"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"),
      (.nan, "NaN"), (0.000_123, "0.000123"), (9_007_199_254_740_991, "9007199254740991"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) { #expect(MetricsText.number(value) == text) }

  @Test("a block of the dashboard is one line of JSON, and reads as it was written")
  func block() throws {
    let block = DashboardBlock(
      time: 1_795_987_695_000,
      server: .init(
        name: "irc.example", version: "hubbub 1", uptimeSeconds: 5,
        clients: [.init(name: "web", count: 2)],
        messagesPerSecond: 10, deliveriesPerSecond: 200, sentBytesPerSecond: 4096, blocked: 1,
        processorSeconds: 0.25, memoryBytes: 1 << 24),
      rooms: [
        .init(
          name: "#tea/cup", members: 2, messagesPerSecond: 10, spreadP50: 150, spreadP99: nil,
          people: [.init(nickname: "ann", position: 0.5, lagBytes: 0, isBlocked: false)])
      ], endings: [.init(name: "too slow", count: 3)])
    let bytes = try block.encoded()
    #expect(!bytes.contains(0x0A))
    #expect(String(decoding: bytes, as: UTF8.self).contains("\"#tea/cup\""))
    #expect(try JSONDecoder().decode(DashboardBlock.self, from: Data(bytes)) == block)
  }

  @Test(
    "who opens the dashboard gives a name and a password, or a token, and nothing else",
    arguments: [
      (#"{"oper":"ann","password":"x"}"#, .oper(name: "ann", password: "x")),
      (#"{"token":"t"}"#, .token("t")), (#"{"oper":"ann"}"#, nil), (#"{}"#, nil), ("[]", nil),
      ("", nil),
      (#"{"oper":"ann","password":"x","token":"t"}"#, nil), (#"{"token":5}"#, nil),
    ] as [(String, LiveGreeting?)])
  func greeting(text: String, greeting: LiveGreeting?) {
    #expect(LiveGreeting(Array(text.utf8)) == greeting)
  }

  @Test("a greeting over its limit is none")
  func longGreeting() {
    let long = #"{"token":"\#(String(repeating: "t", count: 1024))"}"#
    #expect(LiveGreeting(Array(long.utf8)) == nil)
    #expect(String(decoding: LiveGreeting.refusal("No."), as: UTF8.self) == #"{"refused":"No."}"#)
  }
}
