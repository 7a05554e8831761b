import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

@Suite struct OperatorTests {
  /// A server where "ann" may become an operator from everywhere, and "cem" from elsewhere alone.
  private static func server(
    askToStop: (@Sendable () -> Void)? = nil,
    changing change: (inout Configuration) -> Void = { _ in }
  ) throws -> TestServer {
    try TestServer(from: nil, askToStop: askToStop) { configuration in
      configuration.limits.passwordDelay = .zero
      configuration.operators = [
        OperatorAccount(name: "ann", passwordHash: SettingsTests.hash),
        OperatorAccount(
          name: "cem", passwordHash: SettingsTests.hash, hosts: ["*@192.0.2.*", "x@127.0.0.1"]),
        OperatorAccount(
          name: "dan", passwordHash: SettingsTests.hash, hosts: ["ann@127.0.0.1"]),
      ]
      change(&configuration)
    }
  }

  @Test(
    "OPER is for those whom the settings name, with their password, from where they may",
    arguments: [
      ("OPER", ["461"]), ("OPER ann", ["461"]), ("OPER ann wrong", ["464"]),
      ("OPER nobody secret", ["464"]), ("OPER ANN secret", ["464"]), ("OPER cem secret", ["464"]),
      ("OPER ann :", ["464"]), ("OPER ann secret", ["381", "MODE"]),
      ("OPER dan secret", ["381", "MODE"]),
    ])
  func oper(line: String, answers: [String]) throws {
    let server = try Self.server()
    let ann = try server.client("ann")
    let seen = try ann.ask(line)
    #expect(seen.commands == answers)
    #expect(
      try ann.ask("WALLOPS :x").commands == (answers == ["381", "MODE"] ? [] : ["481"]))
    if answers == ["381", "MODE"] {
      #expect(seen[1].parameters == ["ann", "+o"])
      #expect(server.log.waitForLine(containing: "operator", "result=accepted", "by=ann!") != nil)
      // Again is no change of mode.
      #expect(try ann.ask(line).commands == ["381"])
    }
  }

  @Test(
    "an unknown name, a wrong host and a wrong password are answered alike, and count alike",
    arguments: ["OPER nobody secret", "OPER cem secret", "OPER ann wrong", "OPER cem wrong"])
  func alike(line: String) throws {
    let server = try Self.server(changing: { $0.limits.wrongPasswords = 2 })
    let ann = try server.client("ann")
    let answer = try ann.ask(line)
    #expect(answer.commands == ["464"])
    #expect(answer.first?.parameters == ["ann", "Password incorrect"])
    #expect(server.server.hub.passwords.wrongCount == 1)
    try ann.send(line)
    #expect(
      try ann.readToEnd().last?.parameters.last?.contains("Too many wrong passwords") == true)
    #expect(server.server.hub.passwords.wrongCount == 2)
    // What was wrong stands in the log alone.
    let fault = line.contains("cem") ? "result=wrong host" : "result=wrong password"
    #expect(server.log.waitForLine(containing: "command=OPER", fault) != nil)
  }

  @Test("without operators in the settings nobody can be one")
  func noOperators() throws {
    let server = try Self.server(changing: { $0.operators = [] })
    #expect(try server.client("ann").ask("OPER ann secret").commands == ["491"])
  }

  @Test(
    "operators' commands are for operators",
    arguments: [
      ("KILL bob :x", "481"), ("WALLOPS :x", "481"), ("REHASH", "481"), ("DIE", "481"),
      ("KLINE a@b :x", "481"), ("UNKLINE a@b", "481"), ("DLINE 192.0.2.1", "481"),
      ("UNDLINE 192.0.2.1", "481"), ("STATS k", "481"), ("KILL", "461"), ("KILL bob", "481"),
      ("WALLOPS", "461"), ("KLINE", "461"), ("UNKLINE", "461"), ("DLINE", "461"),
      ("UNDLINE", "461"),
    ])
  func notForOthers(line: String, numeric: String) throws {
    let server = try Self.server(changing: { $0.allowsDie = true })
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    #expect(try ann.ask(line).first?.command == numeric)
    #expect(try bob.messagesUntilNow().isEmpty)
  }

  @Test("who is killed is told by whom and why, and the others see it quit with that")
  func kill() throws {
    let server = try Self.server()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    let cem = try server.client("cem")
    try bob.join("#r")
    try cem.join("#r")
    try ann.send("OPER ann secret")
    try ann.expect("381")
    try ann.send("KILL BOB :no tea")
    let seen = try bob.readToEnd()
    // "KILL <nickname> <comment>": the source is the operator (Modern IRC "KILL").
    let line = try #require(seen.first { $0.command == "KILL" })
    #expect(line.source?.name == "ann")
    #expect(line.parameters == ["bob", "no tea"])
    // "ERROR :Closing Link: <host> (Killed (<operator> (<comment>)))".
    #expect(seen.last?.parameters == ["Closing Link: 127.0.0.1 (Killed (ann (no tea)))"])
    let quit = try cem.expect("QUIT")
    #expect(quit.source?.name == "bob")
    #expect(quit.parameters == ["Killed (ann (no tea))"])
    #expect(
      server.log.waitForLine(containing: "command=KILL", "target=bob!", "account=ann") != nil)
    #expect(try ann.ask("KILL nobody :x").first { $0.command == "401" } != nil)
    #expect(try ann.ask("KILL hubbub.local :x").commands == ["483"])
    try ann.send("KILL ann :myself")
    #expect(try ann.readToEnd().commands.suffix(2) == ["KILL", "ERROR"])
  }

  /// C3
  @Test("one person killed by several operators at once quits once")
  func killedByMany() throws {
    let server = try Self.server()
    let witness = try server.client("witness", capabilities: ["message-tags"])
    let bob = try server.client("bob")
    try witness.join("#r")
    try bob.join("#r")
    let operators = try (0..<6).map { try server.client("op\($0)") }
    for client in operators { #expect(try client.ask("OPER ann secret").commands.first == "381") }
    let start = Monitor(false)
    let threads = try operators.enumerated().map { number, client in
      try NamedThread(name: "op-\(number)") {
        _ = start.wait { $0 ? true : nil }
        // What fails here shows as a missing QUIT below.
        try? client.send("KILL bob :by \(number)")
      }
    }
    start.withLock { $0 = true }
    start.wakeAll()
    for thread in threads { thread.join() }
    _ = try bob.readToEnd()
    try witness.expect("QUIT")
    for client in operators { _ = try client.messagesUntilNow() }
    #expect(try !witness.messagesUntilNow().commands.contains("QUIT"))
    _ = try server.client("bob")
  }

  // "to all currently connected users who have set the 'w' user mode for themselves"
  @Test("WALLOPS reaches those who set +w, and comes from the operator")
  func wallops() throws {
    let server = try Self.server()
    let ann = try server.client("ann")
    let bob = try server.client("bob", capabilities: ["server-time"])
    let cem = try server.client("cem")
    for client in [ann, cem] { #expect(try client.ask("OPER ann secret").commands.first == "381") }
    for (client, name) in [(ann, "ann"), (bob, "bob")] {
      #expect(try client.ask("MODE \(name) +w").commands == ["MODE"])
    }
    #expect(try ann.ask("WALLOPS :tea is ready").commands == ["WALLOPS"])
    let line = try bob.expect("WALLOPS")
    #expect(line.source?.name == "ann")
    #expect(line.parameters == ["tea is ready"])
    #expect(line.tag("time") != nil)
    #expect(try cem.messagesUntilNow().isEmpty)
  }

  @Test("DIE stops the server only where the settings allow it")
  func die() throws {
    let asked = Monitor(0)
    for isAllowed in [false, true] {
      let server = try Self.server(
        askToStop: { asked.withLock { $0 += 1 } }, changing: { $0.allowsDie = isAllowed })
      let ann = try server.client("ann")
      #expect(try ann.ask("OPER ann secret").commands.first == "381")
      #expect(try ann.ask("DIE").commands == [isAllowed ? "NOTICE" : "723"])
      #expect(asked.withLock { $0 } == (isAllowed ? 1 : 0))
    }
  }

  @Test("a server that an operator lets die ends as by a signal")
  func dieForReal() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "hubbub.yaml", "die: true\noperators: [{name: ann, password: \(SettingsTests.hash)}]")
    let server = try ServerProcess("--config", file)
    let ann = try server.client("ann")
    try ann.send("OPER ann secret", "DIE")
    #expect(try ann.readToEnd().last?.parameters[0].contains("Server is stopping") == true)
    #expect(server.waitForExit() == 0)
  }
}
