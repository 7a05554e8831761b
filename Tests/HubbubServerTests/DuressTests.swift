import HubbubDial
import HubbubRooms
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// Readers that are slow, stop, or ask for very much.
@Suite struct DuressTests {
  /// R2
  @Test("R2 all readers but one stop: they are ended, and the one hears everything")
  func allButOneStop() throws {
    let server = try TestServer { $0.limits.sendLagBytes = 64 * 1024 }
    let stalled = try (0..<5).map { try server.client("stalled\($0)") }
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    for client in stalled + [ann, bob] { try client.join("#r") }
    let text = String(repeating: "x", count: 400)
    var sent = 0
    var heard: [Message] = []
    func endedCount() -> Int {
      (0..<stalled.count).filter { n in
        server.log.find { $0.contains("evicted") && $0.contains("nick=stalled\(n) ") } != nil
      }.count
    }
    while endedCount() < stalled.count, sent < 200_000 {
      for _ in 0..<200 { try ann.send("PRIVMSG #r :\(text)") }
      sent += 200
      heard += try bob.messagesUntilNow()
      _ = try ann.messagesUntilNow()
    }
    #expect(endedCount() == stalled.count)
    // All that ann said before this answer is in front of it.
    heard += try bob.messagesUntilNow()
    #expect(heard.texts.count == sent)
  }

  /// R6, L6
  @Test(
    "R6 L6 a list of 1,000 rooms with long topics is paced to a slow reader, who is not ended for it"
  )
  func longAnswer() throws {
    let server = try TestServer { configuration in
      configuration.limits.sendLagBytes = 128 * 1024
      configuration.limits.roomsPerClient = 1000
    }
    let ann = try server.client("ann")
    let topic = String(repeating: "t", count: 300)
    for number in 0..<1000 {
      try ann.send("JOIN #r\(number)", "TOPIC #r\(number) :\(topic)")
      if number % 50 == 49 { _ = try ann.messagesUntilNow() }
    }
    let slow = try server.client("slow")
    // 20 lists are some 7 MB: more than the kernel's buffers and the limit of the lag together.
    for _ in 0..<20 { try slow.send("LIST") }
    try slow.send("PING end")
    // Others are answered while it is being waited for.
    #expect(try ann.ask("PING x").commands == ["PONG"])
    let answers = try slow.read { $0.command == "PONG" && $0.parameters.last == "end" }
    #expect(answers.filter { $0.command == "322" }.count == 20 * 1000)
    #expect(answers.filter { $0.command == "323" }.count == 20)
    #expect(server.log.find("evicted") == nil)
  }

  @Test(
    "R6 who asks for much again and again and does not read is paced as well",
    arguments: [("MODE #r b", 400, "368"), ("NAMES #r", 3000, "366"), ("STATS f", 700, "219")])
  func manyAnswers(line: String, count: Int, end: String) throws {
    let server = try TestServer { configuration in
      configuration.limits.sendLagBytes = 64 * 1024
      configuration.hasOpenStatistics = true
    }
    let ann = try server.client("ann")
    try ann.join("#r")
    for number in 0..<100 {
      try ann.send("MODE #r +b n\(number)!*@\(String(repeating: "x***", count: 45))")
    }
    _ = try ann.messagesUntilNow()
    let crowd = try (0..<100).map { number in
      let client = try server.client("\(String(repeating: "c", count: 28))\(number)")
      try client.join("#r")
      return client
    }
    let slow = try server.client("slow")
    try slow.join("#r")
    // Each is some 8 MB: more than the kernel's buffers and the limit of the lag together.
    for _ in 0..<count { try slow.send(line) }
    try slow.send("PING end")
    func isStuck() throws -> Bool {
      // Or ended for it.
      try ann.ask("STATS f #r").compactMap(\.parameters.last)
        .first { $0.hasPrefix("member nick=slow ") }?.hasSuffix("blocked=1") ?? true
    }
    var looks = 0
    while try !isStuck(), looks < 100_000 { looks += 1 }
    #expect(looks < 100_000)
    // What is not paced would go on meanwhile.
    for _ in 0..<300 { _ = try ann.messagesUntilNow() }
    let answers = try slow.read { $0.command == "PONG" && $0.parameters.last == "end" }
    #expect(answers.filter { $0.command == end }.count == count)
    #expect(server.log.find("evicted") == nil)
    withExtendedLifetime(crowd) {}
  }

  @Test("a long answer with a label does not wait for itself")
  func labelledLongAnswer() throws {
    let server = try TestServer { configuration in
      configuration.limits.sendLagBytes = 256 * 1024
      configuration.limits.roomsPerClient = 1000
    }
    let ann = try server.client("ann")
    let topic = String(repeating: "t", count: 300)
    for number in 0..<500 {
      try ann.send("JOIN #r\(number)", "TOPIC #r\(number) :\(topic)")
      if number % 50 == 49 { _ = try ann.messagesUntilNow() }
    }
    let slow = try server.client("slow", capabilities: ["labeled-response", "batch"])
    try slow.join("#r0")
    for _ in 0..<30 { try slow.send("LIST") }
    try slow.send("@label=q LIST", "PING end")
    // It is less than may lag, though none of it were read before all is said.
    for number in 0..<300 { try ann.send("PRIVMSG #r0 :\(number) \(topic)") }
    let answers = try slow.read { $0.command == "PONG" && $0.parameters.last == "end" }
    let labelled = answers.filter { $0.tag("label") == "q" }
    #expect(labelled.commands == ["BATCH"])
    let batch = try #require(labelled.first).parameters[0].dropFirst()
    #expect(answers.filter { $0.tag("batch").map { $0[...] } == batch }.count == 502)
    #expect(answers.contains { $0.command == "BATCH" && $0.parameters == ["-\(batch)"] })
  }

  /// R7
  @Test("R7 a sender that does not read its own echo is ended for it, and the others lose nothing")
  func ownEcho() throws {
    let server = try TestServer { $0.limits.sendLagBytes = 64 * 1024 }
    let ann = try server.client("ann", capabilities: ["echo-message"])
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    var heard: [Message] = []
    let lines = [UInt8](
      String(repeating: "PRIVMSG #r :\(String(repeating: "e", count: 400))\r\n", count: 200).utf8)
    // The server may end the connection while we are still sending: that is what is wanted.
    for _ in 0..<1000 where server.log.find("evicted") == nil {
      do { try ann.connection.send(bytes: lines) } catch { break }
      heard += try bob.messagesUntilNow()
    }
    #expect(server.log.waitForLine(containing: "evicted", "nick=ann") != nil)
    if !heard.commands.contains("QUIT") { heard.append(try bob.expect("QUIT")) }
    #expect(heard.last { $0.command == "QUIT" }?.parameters[0].contains("Too slow") == true)
  }

  /// R5
  @Test("R5 a storm of joins during a broadcast: who is in hears on without a gap, in one order")
  func joinStorm() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob", capabilities: ["message-tags"])
    try ann.join("#r")
    try bob.join("#r")
    let threads = try (0..<10).map { number in
      let client = try server.client("j\(number)")
      return try NamedThread(name: "joiner-\(number)") {
        // Who fails here is missing from the joins below.
        for _ in 0..<20 {
          try? client.join("#r")
          _ = try? client.ask("PART #r")
        }
      }
    }
    for number in 0..<500 { try ann.send("PRIVMSG #r :\(number)") }
    for thread in threads { thread.join() }
    _ = try ann.messagesUntilNow()
    let heard = try bob.messagesUntilNow()
    #expect(heard.texts == (0..<500).map(String.init))
    #expect(heard.filter { $0.command == "JOIN" }.count == 200)
    let sequence = heard.compactMap {
      $0.tag("msgid")?.split(separator: "-").last.flatMap { Int($0) }
    }
    #expect(zip(sequence, sequence.dropFirst()).allSatisfy { $1 == $0 + 1 })
  }

  /// C5
  @Test("C5 operators race for modes and topic: what all saw last is what is in force")
  func modeRace() throws {
    let server = try TestServer()
    let names = ["ann", "bob", "cem", "dan"]
    let people = try names.map { try server.client($0) }
    for client in people { try client.join("#r") }
    for name in names.dropFirst() { try people[0].send("MODE #r +o \(name)") }
    for client in people { _ = try client.ask("PING x") }
    let watcher = try server.client("watcher")
    try watcher.join("#r")
    let failures = Monitor<[String]>([])
    let threads = try people.enumerated().map { index, client in
      try NamedThread(name: "op-\(index)") {
        do {
          for round in 0..<50 {
            try client.send(
              "MODE #r \(round % 2 == 0 ? "+" : "-")m", "MODE #r +l \(10 + index)",
              "TOPIC #r :\(index) \(round)")
          }
          _ = try client.ask("PING done")
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
    let seen = try watcher.messagesUntilNow()
    let topic = seen.last { $0.command == "TOPIC" }?.parameters.last
    #expect(try watcher.ask("TOPIC #r").first?.parameters.last == topic)
    let limit = seen.last { $0.command == "MODE" && $0.parameters[1].contains("l") }
    #expect(try watcher.ask("MODE #r").first?.parameters.last == limit?.parameters.last)
  }

  /// A4
  @Test("A4 invitations are remembered up to a limit, and who floods with them is slowed down")
  func invitations() throws {
    let server = try TestServer { configuration in
      configuration.limits.roomsPerClient = 200
      configuration.classes = []
      configuration.limits.burstLines = 60
      configuration.limits.linesPerSecond = 20
    }
    let bob = try server.client("bob")
    let ann = try server.client("ann")
    for number in 0..<80 { try ann.send("JOIN #r\(number)", "INVITE bob #r\(number)") }
    #expect(try ann.messagesUntilNow().contains { $0.command == "NOTICE" })
    _ = try bob.messagesUntilNow()
    let invited = try bob.ask("INVITE").filter { $0.command == "336" }.compactMap(\.parameters.last)
    #expect(invited == (30..<80).map { "#r\($0)" })
  }
}
