import Foundation
import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// Members of rooms who come with a WebSocket.
@Suite("web clients") struct WebClientTests {
  @Test("a browser and a client over TCP talk in one room", arguments: ["text", "binary"])
  func talking(kind: String) throws {
    let server = try TestServer.withWeb()
    let ann = try server.webClient("ann", "", "\(kind).ircv3.net")
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.send("PRIVMSG #r :from ann")
    #expect(try bob.read { $0.command == "PRIVMSG" }.texts == ["from ann"])
    try bob.send("PRIVMSG #r :from bob", "PRIVMSG ann :psst")
    #expect(try ann.read { $0.parameters.last == "psst" }.texts == ["from bob", "psst"])
    #expect(try bob.ask("WHOIS ann").contains { $0.command == "320" })
    // What comes in one frame with a line's ending, or two lines in one, is read as lines.
    try ann.send("PRIVMSG #r :one\r\n", "PRIVMSG #r :two\r\nPRIVMSG #r :three")
    #expect(try bob.read { $0.parameters.last == "three" }.texts == ["one", "two", "three"])
  }

  @Test("who offers no subprotocol reads text, and what comes behind the request is heard")
  func early() throws {
    let server = try TestServer.withWeb()
    let lines = ["NICK ann", "USER ann 0 * :ann"].flatMap { WebClient.frame(0x81, Array($0.utf8)) }
    let ann = try WebClient(server.web, nil, behind: lines)
    #expect(try ann.expect("001").parameters[0] == "ann")
  }

  // Every byte that the server sends is looked at by `WebClient`: what is framed twice, or not at
  // all, fails there.
  @Test("whatever is queued for a browser alone is framed once", arguments: ["text", "binary"])
  func framing(kind: String) throws {
    let server = try TestServer.withWeb {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      $0.messageOfTheDay = ["Hello.", String(repeating: "long ", count: 70)]
      $0.rooms = [PersistentRoom(name: "#lasting", topic: "Tea")]
    }
    let capabilities = Capability.names.map(\.name).filter { $0 != "sts" }.joined(separator: " ")
    let bob = try server.client("bob", capabilities: ["echo-message"])
    for (number, wanted) in ["", capabilities, "draft/channel-rename"].enumerated() {
      let ann = try server.webClient("ann\(number)", wanted, "\(kind).ircv3.net")
      try bob.join("#r\(number)")
      try bob.send("TOPIC #r\(number) :\(String(repeating: "topic ", count: 60))")
      _ = try bob.messagesUntilNow()
      for line in [
        "CAP LS 302", "CAP LIST", "JOIN #r\(number),#lasting", "NAMES #lasting", "WHO #lasting",
        "WHOIS bob", "WHOWAS bob", "LIST", "MOTD", "HELP", "LUSERS", "VERSION", "TIME", "NOPE",
        "MONITOR + bob,cem", "MONITOR S", "MODE #r\(number)", "PRIVMSG #r\(number) :hello",
        "PRIVMSG ann\(number) :me", "TAGMSG ann\(number)", "AWAY :gone", "NICK nan\(number)",
        "@label=a WHOIS bob", "@label=b PRIVMSG #r\(number) :labelled", "@label=c PONG x",
        "@label=d;+x=y TAGMSG #r\(number)", "OPER ann secret", "STATS f", "STATS u", "INFO",
        "BATCH +1 draft/multiline #r\(number)", "@batch=1 PRIVMSG #r\(number) :a",
        "@batch=1 PRIVMSG #r\(number) :b", "BATCH -1", "RELAYMSG #r\(number) x/y :hm",
        "PART #lasting :bye", String(repeating: "x", count: 600),
        "PRIVMSG #r\(number) :\u{1}A\u{1}",
      ] {
        #expect(try !ann.ask(line).contains { $0.command == "421" } || line == "NOPE", "\(line)")
      }
      // What others do to it: a room of another name, an invitation, a private talk, coming and
      // going.
      try bob.send(
        "RENAME #r\(number) #s\(number) :tidy", "INVITE nan\(number) #i\(number)",
        "PRIVMSG nan\(number) :psst", "NICK rob", "NICK bob", "MODE #s\(number) +o nan\(number)",
        "KICK #s\(number) nan\(number) :out")
      _ = try bob.messagesUntilNow()
      #expect(try ann.messagesUntilNow().commands.contains("KICK"))
      for client in server.server.hub.clients.all { client.ask() }
      #expect(try ann.messagesUntilNow().commands.contains("PING"))
      try ann.send("QUIT :bye")
      let end = try ann.end()
      #expect(end.messages.last?.command == "ERROR" && end.code == 1000)
    }
  }

  @Test("no other line of the server's leaves but by what frames it")
  func everyWayOut() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    var found: [String] = []
    for module in ["HubbubLog", "HubbubRooms", "HubbubServer"] {
      let folder = sources.appendingPathComponent(module).path
      for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
      where name.hasSuffix(".swift") {
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        for line in text.split(separator: "\n") where !line.contains("//") {
          let isRaw =
            line.contains(" Block(") && !line.contains("framed(")
            || line.contains("outbox.place(") && !line.contains("place(lines:")
            || line.contains("stream.send") || line.contains("closing: [")
          if isRaw { found.append("\(name.split(separator: "/").last!): \(line.trimmed)") }
        }
      }
    }
    #expect(
      found.sorted()
        == [
          // What a rendition has framed, for several readers.
          "Copies.swift: return Block(bytes)",
          "HeldPlace.swift: session.outbox.place(block, at: stamp, ending: hold)",
          // The outlet itself.
          "Connection.swift: do { return try stream.sendNow(UnsafeBufferPointer(vectors)) } catch {",
          // A frame that is none of a line.
          "Outbox.swift: let block = Block(frame)",
          // HTTP, and a WebSocket that is refused.
          "WebConnection.swift: return stream.send(bytes, within: hub.limits.webAnswer)",
          "WebConnection.swift: stream.send(Array(\"HTTP/1.1 100 Continue\\r\\n\\r\\n\".utf8), within: hub.limits.webAnswer)",
          "WebUpgrade.swift: _ = stream.send(bytes, within: limits.webAnswer)",
        ].sorted())
  }

  // MARK: The end

  @Test("a browser is told by the code whether to come again")
  func codes() throws {
    let server = try TestServer.withWeb {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      $0.limits.clients = 3
    }
    let oper = try server.client("oper")
    _ = try oper.ask("OPER ann secret")
    let ann = try server.webClient("ann")
    try oper.send("KILL ann :enough")
    let killed = try ann.end()
    #expect(killed.code == 1008 && killed.reason == "Killed (oper (enough))")
    #expect(killed.messages.last?.command == "ERROR")
    while server.server.hub.clients.connectedCount > 1 { sched_yield() }
    let bob = try server.webClient("bob")
    let cem = try server.webClient("cem")
    let refused = try WebClient(server.web).end()
    #expect(refused.code == 1013 && refused.messages.last?.parameters[0].contains("full") == true)
    try cem.send("QUIT")
    #expect(try cem.end().code == 1000)
    server.stop()
    let stopped = try bob.end()
    #expect(stopped.code == 1001 && stopped.messages.last?.command == "ERROR")
  }

  @Test("a banned address is told so behind the handshake")
  func banned() throws {
    let server = try TestServer.withWeb {
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
      $0.webProxies = ["127.0.0.1"]
    }
    let oper = try server.client("oper")
    _ = try oper.ask("OPER ann secret")
    let ann = try WebClient(server.web, fields: ["X-Forwarded-For: 192.0.2.7"])
    try ann.register("ann")
    _ = try oper.ask("DLINE 192.0.2.7 :enough")
    #expect(try ann.end().code == 1008)
    let again = try WebClient(server.web, fields: ["X-Forwarded-For: 192.0.2.7"]).end()
    #expect(again.code == 1008 && again.messages.last?.command == "ERROR")
    try WebClient(server.web, fields: ["X-Forwarded-For: 192.0.2.8"]).register("bob")
  }

  @Test(
    "what is no protocol ends with a code that says what was wrong",
    arguments: [
      (1002, WebClient.frame(0x81, Array("PING x".utf8), isMasked: false)),
      (1002, WebClient.frame(0x83, [])), (1002, WebClient.frame(0xC1, [0x41])),
      (1002, WebClient.frame(0x09, [])), (1002, WebClient.frame(0x80, [0x41])),
      (1007, WebClient.frame(0x81, [0xC3, 0x28])),
      (1009, WebClient.frame(0x81, [UInt8](repeating: 0x41, count: 65_537))),
      (1009, [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]),
      (1002, [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
      (1000, WebClient.frame(0x88, [])), (1000, WebClient.frame(0x88, [0x03, 0xE8, 0x62])),
      (1001, WebClient.frame(0x88, [0x03, 0xE9])), (1002, WebClient.frame(0x88, [0x03, 0xED])),
    ] as [(UInt16, [UInt8])])
  func violations(code: UInt16, bytes: [UInt8]) throws {
    let server = try TestServer.withWeb()
    let ann = try server.webClient("ann")
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.send(bytes: bytes)
    #expect(try ann.end().code == code)
    #expect(try bob.expect("QUIT").source?.name == "ann")
  }

  @Test("in pieces, with pings between, a message is one line; the newest ping is answered")
  func pieces() throws {
    let server = try TestServer.withWeb()
    let ann = try server.webClient("ann")
    try ann.send(
      bytes: WebClient.frame(0x01, Array("PING".utf8)) + WebClient.frame(0x89, [1])
        + WebClient.frame(0x00, Array(" to".utf8)) + WebClient.frame(0x89, [2])
        + WebClient.frame(0x80, Array("ken".utf8)))
    var frames: [WebClient.Frame] = []
    var line: String?
    while line == nil {
      let frame = try #require(try ann.nextFrame())
      if case .line(let text) = frame { line = text } else { frames.append(frame) }
    }
    #expect(line?.hasSuffix("token") == true)
    let pongs = frames
    #expect(pongs.last == .pong([2]) && pongs.count <= 2)
  }

  @Test("too long a line, and bytes that are no text, are answered as on TCP")
  func faultyLines() throws {
    let server = try TestServer.withWeb()
    let ann = try server.webClient("ann", "", "binary.ircv3.net")
    #expect(try ann.ask("PRIVMSG #r :" + String(repeating: "x", count: 600)).commands == ["417"])
    try ann.send(bytes: WebClient.frame(0x82, Array("PRIVMSG ann :".utf8) + [0xFF, 0xFE]))
    #expect(try ann.messagesUntilNow().first?.parameters.prefix(2) == ["PRIVMSG", "INVALID_UTF8"])
  }

  @Test("no person with a bare terminal is taken to sit in a browser, nor a gateway")
  func noTerminal() throws {
    let server = try TestServer.withWeb {
      $0.gateways = [
        Gateway(name: "g", passwordHash: SettingsTests.hash, addresses: ["127.0.0.1"])
      ]
      $0.limits.greeting = .zero
    }
    let ann = try WebClient(server.web)
    #expect(try ann.ask("hello there").commands == ["421"])
    #expect(try ann.ask("").commands == [])
    #expect(try ann.ask("WEBIRC secret g host 192.0.2.9").commands == ["421"])
    try ann.register("ann")
  }

  // MARK: Addresses

  @Test("a proxy that is listed is believed whom it brings, and nobody else is")
  func forwarded() throws {
    let fields = ["X-Forwarded-For: 198.51.100.1, 192.0.2.7", "X-Forwarded-Proto: https"]
    let believed = try TestServer.withWeb { $0.webProxies = ["127.0.0.0/8"] }
    let ann = try WebClient(believed.web, fields: fields)
    try ann.register("ann")
    let facts = try ann.ask("WHOIS ann")
    #expect(facts.contains { $0.command == "338" && $0.parameters[2] == "192.0.2.7" })
    #expect(facts.commands.contains("671"))
    let other = try TestServer.withWeb()
    let bob = try WebClient(other.web, fields: fields)
    try bob.register("bob")
    let others = try bob.ask("WHOIS bob")
    #expect(others.contains { $0.command == "338" && $0.parameters[2] == "127.0.0.1" })
    #expect(!others.commands.contains("671"))
  }

  @Test("connections through a proxy are limited by the address that they come from")
  func limitedByAddress() throws {
    let server = try TestServer.withWeb {
      $0.webProxies = ["127.0.0.1"]
      $0.limits.clientsPerAddress = 1
    }
    let first = try WebClient(server.web, fields: ["X-Forwarded-For: 192.0.2.7"])
    try first.register("ann")
    let second = try WebClient(server.web, fields: ["X-Forwarded-For: 192.0.2.7"]).end()
    #expect(second.code == 1013)
    try WebClient(server.web, fields: ["X-Forwarded-For: 192.0.2.8"]).register("bob")
    withExtendedLifetime(first) {}
  }

  @Test("pings and lines of a browser are slowed down as others' lines are")
  func throttled() throws {
    let server = try TestServer.withWeb {
      $0.classes = []
      $0.limits.questionsPerRoom = 1
      $0.limits.roomsPerClient = 1
      $0.limits.questionsPerSecond = 1000
    }
    let ann = try server.webClient("ann")
    try ann.send(bytes: (0..<50).flatMap { WebClient.frame(0x89, [UInt8($0)]) })
    #expect(
      try ann.read { $0.command == "NOTICE" }.last?.parameters[1].contains("faster") == true)
  }
}

extension StringProtocol {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
