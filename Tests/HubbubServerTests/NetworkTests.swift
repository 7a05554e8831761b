import HubbubCluster
import HubbubDial
import HubbubRooms
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubServer

/// Several servers that are one network, over an engine that fails when told to.
@Suite struct NetworkTests {
  private let engine = ScriptedEngine()

  private func node(
    _ number: NodeID, lost: Monitor<String?> = Monitor(nil),
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> TestServer {
    let server = try TestServer(
      from: nil, askToReturn: { [lost] reason in Self.note(reason, lost) },
      engine: SharedEngine(engine),
      { configuration in
        configuration.serverName = "n\(number).example"
        configuration.cluster.engine = ["http://nowhere:1"]
        configuration.cluster.node = number
        configuration.cluster.comparisonInterval = 20
        configuration.accounts.isEnabled = false
        configuration.history.isEnabled = false
        change(&configuration)
      })
    return server
  }

  /// Two nodes, and somebody at each in one room.
  private func meeting(
    lost: Monitor<String?> = Monitor(nil)
  ) throws -> (TestServer, TestServer, ann: ScriptedClient, bob: ScriptedClient) {
    let (one, two) = (try node(1, lost: lost), try node(2))
    let (ann, bob) = (try one.client("ann"), try two.client("bob"))
    _ = try ann.ask("JOIN #a")
    _ = try bob.ask("JOIN #a")
    return (one, two, ann, bob)
  }

  private static func note(_ reason: String, _ lost: Monitor<String?>) {
    lost.withLock { $0 = reason }
    lost.wakeAll()
  }

  @Test("people of two nodes are in one room, and have one name each")
  func oneRoom() throws {
    let (one, two) = (try node(1), try node(2))
    let (ann, bob) = (try one.client("ann"), try two.client("bob"))
    _ = try ann.ask("JOIN #a")
    #expect(try bob.ask("JOIN #a").commands.contains("353"))
    try bob.send("PRIVMSG #a :hello")
    #expect(try ann.expect("PRIVMSG").parameters == ["#a", "hello"])
    try ann.send("PRIVMSG bob :psst")
    #expect(try bob.expect("PRIVMSG").parameters == ["bob", "psst"])
    #expect(try bob.ask("NICK ann").commands == ["433"])
    #expect(try bob.ask("WHOIS ann").first { $0.command == "312" }?.parameters[2] == "n1.example")
    #expect(
      try bob.ask("LINKS").filter { $0.command == "364" }.map { $0.parameters[1] } == [
        "n2.example", "n1.example",
      ])
    #expect(
      try ann.ask("LUSERS").first { $0.command == "251" }?.parameters[1]
        == "There are 2 users and 0 invisible on 2 servers")
    #expect(try ann.ask("STATS c").filter { $0.command == "249" }.count == 2)
  }

  @Test("whatever people of three nodes do, everybody reads what the founders of their rooms read")
  func oneOrder() throws {
    let nodes = try (1...3).map { try node(NodeID($0)) }
    let fault = try OutsideRun(seed: 1, acts: 60, over: nodes).fault()
    #expect(fault == nil, "\(fault ?? "")")
  }

  @Test("the people of a node that is not heard of any more quit everywhere, and it knows")
  func death() throws {
    let lost = Monitor<String?>(nil)
    let (one, two, ann, bob) = try meeting(lost: lost)
    engine.expire(1)
    let quit = try bob.expect("QUIT")
    #expect(quit.source?.name == "ann")
    #expect(quit.parameters == ["Lost contact with n1.example"])
    #expect(lost.wait(upTo: .seconds(60)) { $0 } == "This server has lost its network")
    #expect(
      one.log.waitForLine(containing: "out of the network", "has declared this server dead") != nil)
    // Its name is anybody's.
    #expect(try bob.ask("NICK ann").commands == ["NICK"])
    // Whoever is still at it can do nothing more, until it is told to go.
    _ = try ann.messagesUntilNow()
    #expect(try ann.ask("PRIVMSG #a :anybody?").commands == ["263"])
    one.stop()
    // It comes again, as another of its times.
    let again = try node(1)
    #expect(try again.client("cem").ask("NAMES #a").first?.parameters.last == "ann")
    #expect(try two.client("dan").ask("LINKS").filter { $0.command == "364" }.count == 2)
  }

  @Test("while the engine is full nothing is said and nothing is lost, and then it goes on")
  func full() throws {
    let (one, two, ann, bob) = try meeting()
    defer { withExtendedLifetime(two) {} }
    engine.isFull = true
    // What is submitted before that is known waits.
    try ann.send("PRIVMSG #a :early")
    #expect(one.log.waitForLine(containing: "error the engine is away", "no space") != nil)
    engine.isFull = false
    #expect(try bob.expect("PRIVMSG").parameters == ["#a", "early"])
  }

  @Test("while the engine is away commands are dropped with 263, and people read on")
  func away() throws {
    let (one, two, ann, bob) = try meeting()
    defer { withExtendedLifetime(two) {} }
    engine.isAway = true
    #expect(one.log.waitForLine(containing: "error the engine is away") != nil)
    #expect(try ann.expect("NOTICE").parameters[1].hasPrefix("The servers cannot agree"))
    for command in ["PRIVMSG #a :x", "PRIVMSG bob :x", "NICK anna", "JOIN #b", "TOPIC #a :t"] {
      let answer = try ann.ask(command)
      #expect(answer.commands == ["263"], "\(command)")
      #expect(answer.first?.parameters[1] == command.split(separator: " ").first.map(String.init))
    }
    // A NOTICE is never answered: that it was dropped is counted.
    #expect(try ann.ask("NOTICE #a :x").isEmpty)
    #expect(one.server.hub.cluster?.node.status.refused == 6)
    #expect(try ann.ask("NAMES #a").commands == ["353", "366"])
    engine.isAway = false
    #expect(one.log.waitForLine(containing: "notice the engine is back") != nil)
    #expect(try ann.expect("NOTICE").parameters[1].hasPrefix("The servers agree again"))
    try ann.send("PRIVMSG #a :again")
    #expect(try bob.expect("PRIVMSG").parameters == ["#a", "again"])
  }

  @Test("whoever knows nothing of renaming comes into the room of another name, and reads on")
  func renaming() throws {
    let (one, two, ann, bob) = try meeting()
    defer { withExtendedLifetime((one, two)) {} }
    _ = try ann.ask("RENAME #a #b")
    #expect(try bob.expect("PART").parameters[0] == "#a")
    #expect(try bob.expect("JOIN").parameters[0] == "#b")
    #expect(try bob.expect("366").parameters[1] == "#b")
    try ann.send("PRIVMSG #b :on")
    #expect(try bob.expect("PRIVMSG").parameters == ["#b", "on"])
  }

  @Test("an operator's KILL ends a connection to another node")
  func kill() throws {
    let root = OperatorAccount(name: "root", passwordHash: try PasswordHash.make("root"), hosts: [])
    let (one, two) = (try node(1) { $0.operators = [root] }, try node(2))
    let (ann, bob) = (try one.client("ann"), try two.client("bob"))
    _ = try ann.ask("OPER root root")
    // Behind that in the one order.
    _ = try bob.ask("TOPIC #nowhere :x")
    #expect(try bob.ask("WHOIS ann").commands.contains("313"))
    try ann.send("KILL bob :enough")
    #expect(try bob.expect("ERROR").parameters[0].contains("Killed (ann (enough))"))
    #expect(two.log.waitForLine(containing: "disconnect", "nick=bob") != nil)
  }

  @Test("a ban that is set at one node holds at all, also at one that comes later")
  func ban() throws {
    let root = OperatorAccount(name: "root", passwordHash: try PasswordHash.make("root"), hosts: [])
    let (one, two) = (try node(1) { $0.operators = [root] }, try node(2))
    let (ann, bob) = (try one.client("ann"), try two.client("bob"))
    _ = try ann.ask("OPER root root")
    #expect(
      try ann.ask("KLINE 1h ~bad@* :no").first?.parameters.last?.contains("is banned until") == true
    )
    #expect(
      try ann.ask("KLINE ~bob@* :enough").first?.parameters.last?.contains("ended: 1") == true)
    #expect(try bob.expect("ERROR").parameters[0].contains("Banned: enough"))
    // Behind it in the one order.
    _ = try two.client("cem").ask("TOPIC #nowhere :x")
    let late = try node(3)
    for server in [two, late] {
      #expect(throws: Registration.Failure.self) { try server.client("bob") }
    }
    _ = try ann.ask("UNKLINE ~bob@*")
    _ = try two.client("dan").ask("TOPIC #nowhere :x")
    #expect(try two.client("bob").ask("LUSERS").isEmpty == false)
    engine.isAway = true
    #expect(one.log.waitForLine(containing: "error the engine is away") != nil)
    _ = try ann.messagesUntilNow()
    #expect(try ann.ask("KLINE ~x@*").commands == ["263"])
  }

  @Test("a node whose settings decide otherwise does not join, and says what differs")
  func differences() throws {
    let one = try node(1)
    do {
      _ = try node(2) { $0.limits.membersPerRoom = 3 }
      Issue.record("It has joined.")
    } catch ClusterError.differs(let words) {
      #expect(words == ["limits.members-per-room is 3 here and 20000 at n1.example"])
    }
    do {
      _ = try node(1) { $0.serverName = "other.example" }
      Issue.record("It has the number of another.")
    } catch ClusterError.taken(let number, let name) {
      #expect((number, name) == (1, "n1.example"))
    }
    _ = one
  }
}
