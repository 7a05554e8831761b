import HubbubDial
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

@Suite struct DeliveryTests {
  @Test("20 clients that connect at the same moment are all greeted")
  func storm() throws {
    let server = try TestServer()
    let start = Monitor(false)
    let failures = Monitor<[String]>([])
    let threads = try (0..<20).map { number in
      try NamedThread(name: "storm-\(number)") { [endpoint = server.endpoint] in
        _ = start.wait { $0 ? true : nil }
        do {
          let connection = try LineConnection.open(endpoint)
          _ = try Registration(nickname: "n\(number)").perform(on: connection)
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    start.withLock { $0 = true }
    start.wakeAll()
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
  }

  /// C7
  @Test("20 senders, joins, parts, kicks and renames in between: one order for all, no gap")
  func oneOrder() throws {
    let server = try TestServer()
    let count = 20
    let each = 100
    let clients = try (0..<count).map { number in
      try server.client("n\(number)", capabilities: ["echo-message", "message-tags"])
    }
    for client in clients { try client.join("#r") }
    let watcher = try server.client("watcher", capabilities: ["message-tags"])
    try watcher.join("#r")
    let seen = Monitor<[Int: [Message]]>([:])
    let threads = try clients.enumerated().map { number, client in
      try NamedThread(name: "sender-\(number)") {
        // What fails here shows as missing messages below.
        let messages = try? Self.talk(client, number, each)
        seen.withLock { $0[number] = messages }
      }
    }
    try Self.churn(server)
    for thread in threads { thread.join() }
    let watched = try watcher.messagesUntilNow().filter { $0.tag("msgid") != nil }
    let order = watched.compactMap { $0.tag("msgid") }
    #expect(Set(order).count == order.count)
    #expect(watched.filter { $0.command == "PRIVMSG" }.count == count * each)
    Self.expectNoGap(order)
    for number in 0..<count {
      let ids = seen.withLock { $0[number] }?.compactMap { $0.tag("msgid") } ?? []
      let first = try #require(ids.first.flatMap(order.firstIndex(of:)))
      #expect(ids == Array(order[first...].prefix(ids.count)), "n\(number) saw another order")
    }
  }

  /// Says `each` things, with a rename now and then, and returns all that was seen up to the last of them.
  private static func talk(
    _ client: ScriptedClient, _ number: Int, _ each: Int
  ) throws -> [Message] {
    var seen: [Message] = []
    for round in 0..<each {
      try client.send("PRIVMSG #r :\(number) \(round)")
      if round % 25 == 24 { try client.send("NICK n\(number)x\(round)") }
    }
    let last = "\(number) \(each - 1)"
    seen += try client.read { $0.parameters.last == last }
    return seen.drop { $0.command != "PRIVMSG" }.filter { $0.tag("msgid") != nil }
  }

  /// Others come and go meanwhile: by PART, by KICK, by QUIT and by the connection's end.
  private static func churn(_ server: TestServer) throws {
    for round in 0..<10 {
      let guest = try server.client("guest\(round)")
      try guest.join("#r")
      switch round % 3 {
      case 0:
        try guest.send("PART #r :bye")
        try guest.expect("PART")
      case 1:
        try guest.send("QUIT :bye")
        _ = try guest.readToEnd()
      default: guest.close()
      }
    }
  }

  private static func expectNoGap(_ ids: [String]) {
    let numbers = ids.compactMap { Int($0.split(separator: "-").last ?? "") }
    for (before, after) in zip(numbers, numbers.dropFirst()) where after != before + 1 {
      Issue.record("\(before) is followed by \(after)")
    }
  }

  /// R1
  @Test("a reader that stops is ended with its lag as the reason, and the others hear everything")
  func stalledReader() throws {
    let server = try TestServer { $0.limits.sendLagBytes = 256 * 1024 }
    let stalled = try server.client("stalled")
    let ann = try server.client("ann", capabilities: ["echo-message"])
    let bob = try server.client("bob")
    for client in [stalled, ann, bob] { try client.join("#r") }
    let text = String(repeating: "x", count: 400)
    let batch = 200
    var sent = 0
    var heard: [Message] = []
    // The kernel's own buffers hold some megabytes before anything lags.
    while server.log.find("evicted") == nil, sent < 100_000 {
      for _ in 0..<batch { try ann.send("PRIVMSG #r :\(text)") }
      sent += batch
      _ = try ann.messagesUntilNow()
      heard += try bob.messagesUntilNow()
    }
    let line = try #require(server.log.find("evicted"))
    #expect(line.contains("nick=stalled"))
    // Of what it did not read no more is kept than the limit, and what one read of a sender added.
    let behind = try #require(line.firstMatch(of: /(\d+) KiB behind/)?.1)
    #expect((256..<512).contains(Int(behind) ?? 0))
    if !heard.commands.contains("QUIT") { heard.append(try bob.expect("QUIT")) }
    #expect(heard.texts.count == sent)
    let quit = heard.first { $0.command == "QUIT" }
    #expect(quit?.source?.name == "stalled")
    #expect(quit?.parameters[0].contains("Too slow") == true)
  }

  @Test(
    "a stopped server has ended every thread, told everyone, and its port can be bound again at once"
  )
  func stop() throws {
    let server = try TestServer()
    let endpoint = server.endpoint
    let ann = try server.client("ann")
    try ann.join("#r")
    server.stop()
    let last = try ann.readToEnd().last
    #expect(last?.command == "ERROR")
    #expect(last?.parameters.first?.contains("Server is stopping") == true)
    let again = try TestServer { $0.endpoints = [endpoint] }
    _ = try again.client("ann")
  }
}

extension LogRecord {
  /// A line that was logged already.
  func find(_ part: String) -> String? { find { $0.contains(part) } }
}
