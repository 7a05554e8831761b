import Foundation
import Glibc
import HubbubDial
import HubbubSockets
import HubbubWeb
import IRCWire
import Testing

@testable import HubbubServer

/// What the web ports tell of the server, and whom.
@Suite("figures of the web ports") struct WebFiguresTests {
  private static func value(_ name: String, in metrics: String) -> Double? {
    metrics.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
      .flatMap { Double($0.dropFirst(name.utf8.count + 1)) }
  }

  @Test("what is said, read and ended is counted, also of those who have gone")
  func metrics() throws {
    let server = try TestServer.withWeb()
    let ann = try server.webClient("ann")
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    for number in 0..<10 { try ann.send("PRIVMSG #r :\(number)") }
    _ = try bob.read { $0.parameters.last == "9" }
    // What was sent is counted when the call returns, which may be after it was read.
    let deadline = ContinuousClock.now + ScriptedClient.patience
    var before = ""
    repeat {
      before = try WebTalk.get("/metrics", from: server.web)
    } while Self.value("hubbub_deliveries_total", in: before).map { $0 < 10 } == true
      && .now < deadline
    #expect(before.contains("Content-Type: text/plain; version=0.0.4"))
    #expect(before.contains("hubbub_clients{transport=\"web\"} 1\n"))
    #expect(before.contains("hubbub_clients{transport=\"tcp\"} 1\n"))
    #expect(Self.value("hubbub_messages_total", in: before) == 10)
    let delivered = try #require(Self.value("hubbub_deliveries_total", in: before))
    let sent = try #require(Self.value("hubbub_sent_bytes_total", in: before))
    #expect(delivered >= 10 && sent > 1000)
    try ann.send("QUIT")
    _ = try ann.end()
    try bob.send("QUIT")
    _ = try bob.readToEnd()
    #expect(server.server.hub.clients.waitUntilEmpty(upTo: ScriptedClient.patience))
    let after = try WebTalk.get("/metrics", from: server.web)
    #expect(Self.value("hubbub_messages_total", in: after) == 10)
    #expect(try #require(Self.value("hubbub_deliveries_total", in: after)) >= delivered)
    #expect(try #require(Self.value("hubbub_sent_bytes_total", in: after)) >= sent)
    #expect(after.contains("hubbub_ended_total{reason=\"quit\"} 2\n"))
    #expect(after.contains("hubbub_threads{kind=\"accept\"} "))
    #expect(Self.value("process_resident_memory_bytes", in: after).map { $0 > 1_000_000 } == true)
  }

  @Test("metrics are for this machine alone, and for who has a token for them")
  func access() throws {
    let (token, hash) = AccessToken.make()
    let (other, otherHash) = AccessToken.make()
    let (far, farHash) = AccessToken.make()
    #expect(token.count == 56 && hash.count == 64 && token != other)
    let server = try TestServer.withWeb {
      $0.tokens = [
        AccessToken(name: "prometheus", hash: hash, scopes: [.metrics]),
        AccessToken(name: "board", hash: otherHash, scopes: [.read]),
        AccessToken(name: "far", hash: farHash, scopes: [.metrics], addresses: ["192.0.2.0/24"]),
      ]
    }
    // As through a proxy that nobody has listed.
    let through = "X-Forwarded-For: 192.0.2.1"
    func status(_ fields: String...) throws -> Substring {
      try WebTalk.get("/metrics", fields, from: server.web).dropFirst(9).prefix(3)
    }
    #expect(try status() == "200")
    #expect(try status(through) == "401")
    #expect(try status(through, "Authorization: Bearer \(token)") == "200")
    #expect(try status(through, "Authorization: Bearer \(other)") == "401")
    #expect(try status(through, "Authorization: Bearer \(far)") == "401")
    #expect(try status("Authorization: Bearer wrong") == "401")
  }

  // MARK: The dashboard

  private static func live(_ server: TestServer, _ greeting: String) throws -> LiveClient {
    let client = try LiveClient(server.web)
    try client.send(greeting)
    return client
  }

  @Test("an operator and a token see what the server does; secret rooms are the operator's")
  func dashboard() throws {
    let (token, hash) = AccessToken.make()
    let server = try TestServer.withWeb {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      $0.tokens = [AccessToken(name: "board", hash: hash, scopes: [.read])]
    }
    let bob = try server.client("bob")
    try bob.join("#open")
    try bob.join("#hidden")
    _ = try bob.ask("MODE #hidden +s")
    let oper = try Self.live(server, "{\"oper\": \"ann\", \"password\": \"secret\"}")
    let board = try Self.live(server, "{\"token\": \"\(token)\"}")
    let seen = try oper.nextBlock()
    #expect(seen.server.name == "hubbub.local" && seen.format == DashboardBlock.formatVersion)
    #expect(Set(seen.rooms.map(\.name)) == ["#open", "#hidden"])
    #expect(seen.rooms.first?.people.map(\.nickname) == ["bob"])
    #expect(seen.threads.contains { $0.kind == "client" && $0.count >= 1 })
    #expect(try board.nextBlock().rooms.map(\.name) == ["#open"])
    #expect(
      server.log.waitForLine(containing: "operator", "command=dashboard", "account=ann") != nil)
    // The next one comes by itself.
    #expect(try oper.nextBlock().time > seen.time)
    server.stop()
    #expect(try oper.close() == 1001)
  }

  @Test(
    "whoever is nobody's is told so, and the stream ends",
    arguments: [
      "{\"oper\": \"ann\", \"password\": \"wrong\"}",
      "{\"oper\": \"bob\", \"password\": \"secret\"}",
      "{\"token\": \"wrong\"}", "hello", "{}",
    ])
  func refused(greeting: String) throws {
    let server = try TestServer.withWeb {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    let client = try Self.live(server, greeting)
    let answer = try #require(try client.nextText())
    #expect(answer.hasPrefix("{\"refused\":\""))
    #expect(try client.close() == 1008)
  }

  // MARK: Hooks

  @Test("a hook says what it is sent in its room, as a bot")
  func hook() throws {
    let (token, hash) = AccessToken.make()
    let server = try TestServer.withWeb {
      $0.tokens = [AccessToken(name: "alerts", hash: hash, scopes: [.say(room: "#ops")])]
    }
    let bob = try server.client("bob", capabilities: ["message-tags"])
    try bob.join("#ops")
    #expect(try WebTalk.post("/hooks/\(token)", "one\ntwo\n", to: server.web).contains(" 204 "))
    let told = try bob.read { $0.parameters.last == "two" }
    #expect(told.texts == ["one", "two"])
    #expect(told.last?.source?.name == "alerts" && told.last?.tag("bot") != nil)
    #expect(try WebTalk.post("/hooks/\(token)", "three", to: server.web).contains(" 204 "))
    #expect(try bob.read { $0.parameters.last == "three" }.commands == ["PRIVMSG"])
    #expect(try bob.ask("NAMES #ops").first?.parameters.last?.contains("alerts") == true)
    // Whoever operates the room may send it away; the next message brings it back.
    _ = try bob.ask("KICK #ops alerts :quiet")
    #expect(try WebTalk.post("/hooks/\(token)", "four", to: server.web).contains(" 204 "))
    #expect(try bob.read { $0.parameters.last == "four" }.commands.contains("JOIN"))
    _ = try bob.ask("MODE #ops +b alerts!*@*")
    _ = try bob.ask("KICK #ops alerts :out")
    #expect(try WebTalk.post("/hooks/\(token)", "five", to: server.web).contains(" 409 "))
    #expect(try WebTalk.post("/hooks/wrong", "x", to: server.web).contains(" 404 "))
    #expect(
      try WebTalk.post("/hooks/\(token)", String(repeating: "x", count: 70_000), to: server.web)
        .contains(" 413 "))
    #expect(try WebTalk.get("/hooks/\(token)", from: server.web).contains(" 405 "))
    #expect(server.log.find { $0.contains(token) } == nil)
  }

  @Test("a bot goes when an operator kills it, and for good with its token")
  func hookEnds() throws {
    let (token, hash) = AccessToken.make()
    let operators = "operators: [{name: ann, password: \(SettingsTests.hash)}]\n"
    let source = ChangingSource(
      operators + "tokens: [{name: alerts, sha256: \(hash), scopes: ['say:#ops']}]")
    let settings = try source.read()
    let server = try TestServer(from: source) {
      let endpoints = $0.endpoints
      $0 = settings.configuration
      ($0.endpoints, $0.webEndpoints) = (endpoints, [Endpoint(host: "127.0.0.1", port: 0)])
    }
    let bob = try server.client("bob")
    try bob.join("#ops")
    func post(_ text: String) throws -> String {
      try WebTalk.post("/hooks/\(token)", text, to: server.web)
    }
    #expect(try post("one").contains(" 204 "))
    try bob.send("OPER ann secret", "KILL alerts :noise")
    let killed = try bob.read { $0.command == "QUIT" }.last
    #expect(killed?.source?.name == "alerts" && killed?.parameters.last?.contains("noise") == true)
    #expect(try post("two").contains(" 204 "))
    #expect(try bob.read { $0.command == "PRIVMSG" }.last?.source?.name == "alerts")
    source.change(operators)
    server.server.reload()
    #expect(try bob.read { $0.command == "QUIT" }.last?.source?.name == "alerts")
    #expect(try post("three").contains(" 404 "))
  }
}

/// A viewer of the dashboard.
private final class LiveClient {
  private let stream: ByteStream
  private var rest: [UInt8] = []

  init(_ endpoint: Endpoint) throws {
    stream = try ByteStream.connect(to: endpoint, tls: nil)
    let head = WebClient.handshake("hubbub.live").replacing("GET /irc", with: "GET /live")
    try Array(head.utf8).withUnsafeBytes { try stream.sendAll($0) }
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let place = rest.indices.first(where: { rest[$0...].starts(with: end) }) {
        #expect(String(decoding: rest[..<place], as: UTF8.self).hasPrefix("HTTP/1.1 101 "))
        rest.removeFirst(place + 4)
        return
      }
      try #require(try receive())
    }
  }

  deinit { stream.socket.close() }

  func send(_ text: String) throws {
    try WebClient.frame(0x81, Array(text.utf8)).withUnsafeBytes { try stream.sendAll($0) }
  }

  func nextBlock() throws -> DashboardBlock {
    let text = try #require(try nextText())
    return try JSONDecoder().decode(DashboardBlock.self, from: Data(text.utf8))
  }

  /// The next message; nil where the stream is closed.
  func nextText() throws -> String? {
    let (first, payload) = try nextFrame()
    return first == 0x81 ? String(decoding: payload, as: UTF8.self) : nil
  }

  /// The code with which it is closed, after what comes before.
  func close() throws -> UInt16? {
    while true {
      let (first, payload) = try nextFrame()
      if first == 0x88 {
        return payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1])
      }
    }
  }

  private func nextFrame() throws -> (UInt8, [UInt8]) {
    while true {
      if rest.count >= 2 {
        var (count, start) = (Int(rest[1]), 2)
        if count == 126, rest.count >= 4 {
          (count, start) = (Int(rest[2]) << 8 | Int(rest[3]), 4)
        }
        if count != 126 || start == 4, rest.count >= start + count {
          defer { rest.removeFirst(start + count) }
          return (rest[0], Array(rest[start..<(start + count)]))
        }
      }
      try #require(try receive(), "the stream ended")
    }
  }

  private func receive() throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = try bytes.withUnsafeMutableBytes { try stream.receiveNow(into: $0) }
      if let count {
        rest += bytes[..<count]
        return count > 0
      }
      try #require(
        Readiness.wait(
          for: stream.socket.descriptor, Int32(POLLIN), limit: ScriptedClient.patience))
    }
  }
}
