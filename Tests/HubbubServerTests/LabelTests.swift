import IRCWire
import Testing

/// IRCv3 labeled-response, with batch and echo-message.
@Suite struct LabelTests {
  private static let capabilities = ["batch", "echo-message", "labeled-response"]

  // "the server MUST include the same tag and value in any response produced from this message"
  @Test(
    "one answer carries the label itself",
    arguments: [
      ("PING token", "PONG"), ("NONSENSE", "421"), ("PRIVMSG nobody :x", "401"),
      ("PRIVMSG bob :x", "PRIVMSG"), ("NOTICE bob :x", "NOTICE"), ("PRIVMSG #r :x", "PRIVMSG"),
      ("NOTICE #r :x", "NOTICE"), ("AWAY :tea", "306"), ("AWAY", "305"), ("NICK anna", "NICK"),
      ("TOPIC #r :new", "TOPIC"), ("TOPIC #r", "331"), ("MODE #r +m", "MODE"),
      ("MODE ann +B", "MODE"),
      ("MODE ann", "221"), ("PART #r :bye", "PART"), ("KICK #r bob", "KICK"),
      ("INVITE cem #r", "341"),
      ("NAMES #none", "366"), ("ISON bob", "303"), ("USERHOST bob", "302"),
      ("MONITOR + bob", "730"),
      ("MONITOR L", "733"), ("PRIVMSG bob", "412"), ("CAP LIST", "CAP"), ("TIME", "391"),
      ("MOTD", "422"), ("PING", "409"), ("WHO nobody", "315"), ("PRIVMSG @#r :x", "PRIVMSG"),
    ])
  func one(line: String, answer: String) throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send("@label=12345 \(line)")
    let messages = try meeting.ann.messagesUntilNow()
    #expect(messages.commands == [answer])
    #expect(messages.first?.tags == [Tag("label", "12345")])
    for other in [meeting.bob, meeting.cem] {
      #expect(try other.messagesUntilNow().allSatisfy { $0.tag("label") == nil })
    }
  }

  // "Servers MUST respond with a labeled ACK message when a client sends a labeled command that normally
  // produces no response."
  @Test(
    "no answer is an ACK with the label",
    arguments: [
      "PONG x", "NOTICE nobody :x", "MONITOR C", "MONITOR - bob", "MODE #r +nt", "NICK ann",
      "TAGMSG #r",
    ])
  func none(line: String) throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send("@label=12345 \(line)")
    let messages = try meeting.ann.messagesUntilNow()
    #expect(messages.commands == ["ACK"])
    #expect(messages.first?.parameters == [])
    #expect(messages.first?.tags == [Tag("label", "12345")])
  }

  // "If a response consists of more than one message, a batch MUST be used to group them into a single
  // logical response. The start of the batch MUST be tagged with the label tag."
  @Test(
    "many answers are a batch with the label",
    arguments: [
      ("JOIN #new", ["JOIN", "353", "366"]), ("WHO #r", ["352", "352", "315"]),
      ("WHOIS bob", ["311", "319", "312", "317", "318"]), ("NAMES #r", ["353", "366"]),
      ("LIST", ["321", "322", "323"]), ("MODE #r", ["324", "329"]),
      ("JOIN #v,bad", ["JOIN", "353", "366", "403"]), ("MODE #r +b", ["368"]),
      ("MONITOR + bob,zoe", ["730", "731"]), ("WHOWAS nobody", ["406", "369"]),
      ("MODE #r +mZ", ["472", "MODE"]),
      ("PRIVMSG bob,cem,#r :x", ["PRIVMSG", "PRIVMSG", "PRIVMSG"]),
      ("INFO", ["371", "371", "371", "374"]), ("PART #r,#none", ["PART", "403"]),
    ])
  func many(line: String, answers: [String]) throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send("@label=12345 \(line)")
    let messages = try meeting.ann.messagesUntilNow()
    guard answers.count > 1 else {
      #expect(messages.commands == answers)
      return
    }
    #expect(messages.commands == ["BATCH"] + answers + ["BATCH"])
    let reference = try #require(messages.first?.parameters.first?.dropFirst())
    #expect(messages.first?.parameters == ["+\(reference)", "labeled-response"])
    #expect(messages.first?.tag("label") == "12345")
    #expect(messages.last?.parameters == ["-\(reference)"])
    for inner in messages.dropFirst().dropLast() {
      #expect(inner.tags.filter { $0.key == "batch" } == [Tag("batch", String(reference))])
      #expect(inner.tag("label") == nil)
    }
  }

  @Test("what the client would see, had it negotiated that, is answered with an ACK")
  func unseen() throws {
    let meeting = try Meeting(ann: Self.capabilities)
    let alone = try meeting.server.client("zoe", capabilities: Self.capabilities)
    for client in [meeting.ann, alone] {
      let answer = try client.ask("@label=7 SETNAME Z")
      #expect(answer.commands == ["ACK"])
      #expect(answer.first?.tag("label") == "7")
    }
  }

  // "When a client sends a message to itself, the server MUST NOT include the label tag, except for any
  // acknowledgment sent with the echo-message mechanism."
  @Test(
    "what is said to oneself comes twice, once with the label", arguments: ["PRIVMSG", "NOTICE"])
  func toOneself(command: String) throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send("@label=12345 \(command) ann :x")
    let messages = try meeting.ann.messagesUntilNow()
    #expect(messages.commands == [command, command])
    #expect(messages.compactMap { $0.tag("label") } == ["12345"])
  }

  // "The value MUST NOT exceed 64 bytes."
  @Test("a label that is too long or empty is none", arguments: [65, 0])
  func tooLong(bytes: Int) throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send("@label=\(String(repeating: "x", count: bytes)) PING t")
    #expect(try meeting.ann.expect("PONG").tags == [])
  }

  @Test("the answer to a line that is too long has its label")
  func tooLongLine() throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send("@label=q PRIVMSG bob :\(String(repeating: "x", count: 600))")
    #expect(try meeting.ann.expect("417").tag("label") == "q")
  }

  // "This specification depends on the batch capability which MUST be negotiated to use labeled responses."
  @Test("without batch there are no labels")
  func withoutBatch() throws {
    let server = try TestServer()
    let ann = try server.client("ann", capabilities: ["labeled-response"])
    try ann.send("@label=1 PING t")
    #expect(try ann.expect("PONG").tags == [])
  }

  @Test("the echo in a room stands where the message stands, and is no other")
  func echoes() throws {
    let server = try TestServer()
    let ann = try server.client("ann", capabilities: Self.capabilities + ["message-tags"])
    let bob = try server.client("bob", capabilities: ["message-tags"])
    for client in [ann, bob] { try client.join("#r") }
    for number in 0..<20 { try ann.send("@label=l\(number);+k=v PRIVMSG #r :\(number)") }
    let own = try ann.messagesUntilNow().filter { $0.command == "PRIVMSG" }
    let heard = try bob.messagesUntilNow()
    #expect(own.map { $0.tag("label") } == (0..<20).map { "l\($0)" })
    #expect(own.map { $0.tag("msgid") } == heard.map { $0.tag("msgid") })
    #expect(own.allSatisfy { $0.tag("+k") == "v" })
  }
}
