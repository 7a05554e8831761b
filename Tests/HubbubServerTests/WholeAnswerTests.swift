import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// Answers that are taken at their end, while others come and go.
@Suite struct WholeAnswerTests {
  @Test(
    "nothing that others do stands within an answer",
    arguments: [("LIST", "321", "323"), ("WHO *", "352", "315"), ("STATS f", "249", "219")])
  func whole(question: String, first: String, end: String) throws {
    let server = try TestServer { $0.hasOpenStatistics = true }
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    // Enough that the answer is longer than what is queued together.
    for number in 0..<45 { try ann.join("#room-with-a-long-name-\(number)") }
    try ann.send("TOPIC #room-with-a-long-name-1 :\(String(repeating: "x", count: 300))")
    try bob.join("#room-with-a-long-name-0")
    let isClosed = Monitor(false)
    let other = try NamedThread(name: "bob") {
      while !isClosed.withLock({ $0 }) {
        try? bob.send("PART #room-with-a-long-name-0", "JOIN #room-with-a-long-name-0")
        _ = try? bob.messagesUntilNow()
      }
    }
    defer {
      isClosed.withLock { $0 = true }
      other.join()
    }
    for _ in 0..<30 {
      try ann.send(question)
      let answer = try ann.read { $0.command == end }
      let start = try #require(answer.firstIndex { $0.command == first })
      let inside = answer[start...].filter { $0.source?.name == "bob" }
      #expect(inside.isEmpty)
    }
  }

  @Test("a gateway's client that does not say where it comes from does not come in as the gateway")
  func unfinishedGateway() throws {
    for line in ["WEBIRC", "WEBIRC secret kiwi", "WEBIRC secret kiwi host here"] {
      let server = try TestServer {
        $0.gateways = [
          Gateway(name: "kiwi", passwordHash: SettingsTests.hash, addresses: ["127.0.0.0/8"])
        ]
      }
      let client = try server.connect()
      try client.send(line, "NICK ann", "USER u 0 * :r")
      #expect(try client.readToEnd().commands.contains("001") == false, "\(line)")
    }
  }

  @Test(
    "a ban of everybody is refused wherever it is written", arguments: ["*@*", "0.0.0.0/0", "::/0"])
  func everybody(target: String) {
    #expect(throws: MaskFault.self) { try ServerBan.Target(target) }
  }

  @Test(
    "what can be read and not be meant is refused",
    arguments: [
      "listen: []", "{ban-file: /tmp/one, cloak-key: /tmp/one}",
      "rooms: [{name: '#r', operators: ['oper:nobody']}]",
    ])
  func meaningless(text: String) {
    #expect(throws: SettingsError.self) { try SettingsTests.parse(text) }
  }

  @Test("a section with nothing under it is refused", arguments: ["limits:", "admin:", "log:\n  "])
  func emptySection(text: String) {
    #expect(throws: SettingsError.self) { try SettingsTests.parse(text) }
  }

  @Test("a longer limit for what clients send makes no answer longer, and cuts none")
  func longLines() throws {
    let server = try TestServer { $0.limits.lineBytes = 4096 }
    let names = (0..<60).map { "member-of-the-room-\($0)" }
    let members = try names.map { try server.client($0) }
    for member in members { try member.join("#r") }
    let reader = try RawClient(server.endpoint)
    try reader.send("NICK reader", "USER r 0 * :r", "JOIN #r")
    let answer = try reader.messagesUntilNow().filter { $0.command == "353" }
    let shown = answer.flatMap { $0.parameters[3].split(separator: " ").map(String.init) }
    #expect(Set(shown.map { $0.drop { $0 == "@" } }).isSuperset(of: names.map { $0[...] }))
  }
}
