import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@Suite("LineConnection")
struct LineConnectionTests {
  @Test("messages come out whole, however their bytes came in (P3)", arguments: [1, 2, 7, 1000])
  func receiving(pieceBytes: Int) throws {
    let lines = [
      "@time=2026-11-22T21:28:15.042Z :dan!d@h PRIVMSG #é :two words", "PING x",
      ":s 001 dan :Hello",
    ]
    let server = try ScriptedServer { server in
      var rest = lines.flatMap { Array("\($0)\r\n".utf8) }[...]
      while !rest.isEmpty {
        try server.send(bytes: Array(rest.prefix(pieceBytes)))
        rest = rest.dropFirst(pieceBytes)
      }
    }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    for line in lines {
      #expect(try connection.receive(within: patience) == Message(parsing: line))
    }
    #expect(try connection.receive(within: patience) == nil)
    #expect(try connection.receive() == nil)
    try server.finish()
  }

  @Test("lines that are no message, or too long, are passed over (P4, P5, P6)")
  func passingOver() throws {
    let server = try ScriptedServer { server in
      try server.say("", "   ", ":", "A\0B", "A\rB", String(repeating: "x", count: 100_000))
      try server.send(bytes: [0x41, 0x20, 0xFF, 0x0D, 0x0A])
      try server.say("PING good")
      try server.send(bytes: Array("PING unended".utf8))
    }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    #expect(try connection.receive(within: patience) == Message("PING", "good"))
    #expect(try connection.receive(within: patience) == nil)
    try server.finish()
  }

  @Test("the beginning of a line goes to whoever reads the stream from here on")
  func givingAway() throws {
    let server = try ScriptedServer { server in
      try server.send(bytes: Array("PING one\r\n:bob JOIN #sw".utf8))
    }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    #expect(try connection.receive(within: patience) == Message("PING", "one"))
    // What has come is read, up to the end of the connection.
    #expect(try connection.receive(within: patience) == nil)
    #expect(connection.takeRest() == Array(":bob JOIN #sw".utf8))
    #expect(connection.takeRest() == [])
    try server.finish()
  }

  // "clients must allow 8191 additional bytes" (Modern IRC, "Message Format").
  @Test("a line with 8191 bytes of tags is taken")
  func longTags() throws {
    let value = String(repeating: "v", count: 8187)
    let server = try ScriptedServer { server in try server.say("@k=\(value) PING x") }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    #expect(
      try connection.receive(within: patience) == Message(tags: [Tag("k", value)], "PING", "x"))
    try server.finish()
  }

  @Test(
    "a wait gives up when its limit has passed, and the next one goes on",
    arguments: [.milliseconds(10), .zero, .seconds(-1)] as [Duration])
  func limit(limit: Duration) throws {
    let server = try ScriptedServer { server in
      try server.send(bytes: Array("PING ".utf8))
      try server.expect("NOW")
      try server.say("late")
      try server.expect(nil)
    }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    #expect(throws: SystemError(call: "recv", errno: ETIMEDOUT)) {
      // Half a line is none; what came of it is kept.
      while true { _ = try connection.receive(within: limit) }
    }
    try connection.send(Message("NOW"))
    #expect(try connection.receive(within: patience) == Message("PING", "late"))
    connection.shutDown()
    try server.finish()
  }

  @Test("messages that arrived together need no second wait")
  func together() throws {
    let server = try ScriptedServer { server in
      try server.say("A", "B", "C")
      try server.expect(nil)
    }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    #expect(try connection.receive(within: patience) == Message("A"))
    var rest: [Message] = []
    while rest.count < 2, let message = try connection.receive() { rest.append(message) }
    #expect(rest == [Message("B"), Message("C")])
    connection.shutDown()
    try server.finish()
  }

  @Test("lines that several threads send never mix")
  func sending() throws {
    let count = 300
    let received = Monitor<[String]>([])
    let server = try ScriptedServer { server in
      var lines: [String] = []
      while let line = try server.line() { lines.append(line) }
      received.withLock { [lines] in $0 = lines }
    }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    let threads = try ["a", "b", "c"].map { letter in
      try NamedThread(name: "sender-\(letter)") {
        let text = String(repeating: letter, count: 400)
        for number in 0..<count { try? connection.send(Message("SAY", "\(letter)\(number)", text)) }
      }
    }
    for thread in threads { thread.join() }
    connection.shutDown()
    try server.finish()
    let lines = received.withLock { $0 }
    for letter in ["a", "b", "c"] {
      let text = String(repeating: letter, count: 400)
      let mine = lines.filter { $0.hasPrefix("SAY \(letter)") }
      #expect(mine == (0..<count).map { "SAY \(letter)\($0) \(text)" }, "each in its order")
    }
    #expect(lines.count == 3 * count)
  }

  /// receiver                    main
  /// receives the first
  /// waits                       shutDown()
  /// gets nil
  @Test("shutting down ends the thread that receives")
  func shuttingDown() throws {
    let server = try ScriptedServer { server in
      try server.say("PING x")
      try server.expect(nil)
    }
    let connection = try LineConnection.open(server.endpoint, limit: patience)
    let commands = Monitor<[String]>([])
    let receiver = try NamedThread(name: "receiver") {
      while let message = try? connection.receive() {
        commands.withLock { $0.append(message.command) }
        commands.wakeAll()
      }
      commands.withLock { $0.append("the end") }
      commands.wakeAll()
    }
    let first = commands.wait(upTo: patience) { $0 == ["PING"] ? true : nil }
    connection.shutDown()
    let last = commands.wait(upTo: patience) { $0 == ["PING", "the end"] ? true : nil }
    try #require(first == true && last == true)
    receiver.join()
    #expect(throws: SystemError(call: "send", errno: EPIPE)) {
      try connection.send(Message("PING"))
    }
    try server.finish()
  }

  @Test("where nobody listens it does not open, and says so")
  func refused() throws {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    listener.stop()
    let error = #expect(throws: NetworkError.self) { try LineConnection.open(listener.endpoint) }
    #expect(error?.description == "No connection to \(listener.endpoint): Connection refused.")
  }
}
