import IRCWire
import Testing

/// What one read says in one room is said together; nothing of it may be lost, doubled, late or
/// misplaced by that.
@Suite struct GatheringTests {
  @Test("a refusal is told at once, and not with the next command")
  func refusalAtOnce() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    try ann.send("PRIVMSG #none :x")
    #expect(try ann.expect("403").parameters == ["ann", "#none", "No such channel"])
  }

  @Test("a refusal of talk is no part of the labelled answer behind it")
  func refusalBeforeLabel() throws {
    let meeting = try Meeting(ann: ["batch", "labeled-response"])
    try meeting.ann.send("PRIVMSG #none :x\r\n@label=a PING 1")
    let messages = try meeting.ann.messagesUntilNow()
    #expect(messages.map(\.command) == ["403", "PONG"])
    #expect(messages.map { $0.tag("label") } == [nil, "a"])
  }

  /// Each line has three copies, and a read is delivered in between where it makes thousands.
  @Test("what operators alone hear comes once and in order, however much a read says")
  func manyCopies() throws {
    let server = try TestServer()
    let operators = try ["ann", "bob", "cem"].map { try server.client($0) }
    for client in operators { try client.join("#r") }
    let dan = try server.client("dan")
    try dan.join("#r")
    try operators[0].send("MODE #r +oo bob cem", "MODE #r +U")
    _ = try dan.messagesUntilNow()
    let texts = (0..<1500).map { "x\($0)" }
    try dan.send(texts.map { "PRIVMSG #r :\($0)" }.joined(separator: "\r\n"))
    _ = try dan.messagesUntilNow()
    for client in operators {
      let heard = try client.messagesUntilNow().filter { $0.command == "PRIVMSG" }
      #expect(heard.map { $0.parameters[1] } == texts)
    }
  }

  @Test("talk and other commands of one read keep their order")
  func order() throws {
    let server = try TestServer()
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    for client in [ann, bob] { try client.join("#r") }
    _ = try ann.messagesUntilNow()
    try ann.send(
      "PRIVMSG #r :1", "NOTICE #r :2", "PRIVMSG #r :3", "NICK anna", "PRIVMSG #R :4",
      "TOPIC #r :5", "PRIVMSG bob :6", "PRIVMSG #r :\u{1}ACTION 7\u{1}", "PRIVMSG #r :8",
      "PART #r :9", "PRIVMSG #r :10")
    _ = try ann.messagesUntilNow()
    let seen = try bob.messagesUntilNow().filter { $0.source?.name.hasPrefix("ann") == true }
    #expect(
      seen.map { $0.command + " " + ($0.parameters.last ?? "") } == [
        "PRIVMSG 1", "NOTICE 2", "PRIVMSG 3", "NICK anna", "PRIVMSG 4", "TOPIC 5", "PRIVMSG 6",
        "PRIVMSG \u{1}ACTION 7\u{1}", "PRIVMSG 8", "PART 9",
      ])
    #expect(
      seen.map { $0.source?.name } == Array(repeating: "ann", count: 4)
        + Array(repeating: "anna", count: 6))
  }

  @Test(
    "names that cannot be repeated in a line are not",
    arguments: [
      ("MODE #r +o :a b", ["401", "*"]), ("MODE #r +o :", ["401", "*"]),
      ("MODE #r +f :#x y", ["403", "*"]), ("KICK #r :no body", ["441", "*"]),
      ("PART :#no one", ["403", "*"]),
    ])
  func unsafeNames(line: String, answer: [String]) throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    try ann.join("#r")
    let message = try #require(try ann.ask(line).first)
    #expect([message.command, message.parameters[1]] == answer)
  }

  @Test("a refusal names the room as the room writes its name")
  func shownNames() throws {
    let server = try TestServer()
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    try ann.join("#Room")
    for line in ["PART #rOOM", "TOPIC #rOOM :x", "INVITE ann #rOOM", "KICK #rOOM ann"] {
      #expect(try bob.ask(line).first?.parameters[1] == "#Room", "\(line)")
    }
  }

  @Test("what names nobody is told though all of a MODE is refused")
  func modeRefusals() throws {
    let server = try TestServer()
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    for client in [ann, bob] { try client.join("#r") }
    #expect(try bob.ask("MODE #r +oi nobody").commands == ["401", "482"])
    _ = try ann.messagesUntilNow()
    #expect(try ann.ask("MODE #r +oo nobody nobody").commands == ["401", "401"])
  }
}
