import IRCWire
import Testing

@testable import HubbubDial

/// One step: what the server says, and what the client answers.
private typealias Step = (heard: String, answers: [String])

@Suite("Registration.Conversation")
struct ConversationTests {
  private static func lines(_ messages: [Message]) -> [String] {
    messages.map { String(decoding: $0.encoded(), as: UTF8.self) }.map { String($0.dropLast()) }
  }

  /// Goes through `steps` and returns the conversation as it is then.
  private func converse(
    _ registration: Registration, _ steps: [Step], at location: SourceLocation = #_sourceLocation
  ) throws -> Registration.Conversation {
    var conversation = Registration.Conversation(registration: registration)
    for step in steps {
      #expect(!conversation.isDone, sourceLocation: location)
      let answers = try conversation.answers(to: Message(parsing: step.heard))
      #expect(Self.lines(answers) == step.answers, "to \(step.heard)", sourceLocation: location)
    }
    return conversation
  }

  // "Upon connecting to the IRC server, clients SHOULD send one of the following messages: CAP LS [version] …
  // Following this, the client MUST send the standard NICK and USER IRC commands." (IRCv3 capability
  // negotiation). "The optional password can and MUST be set before any attempt to register the connection is
  // made." (RFC 2812 section 3.1.1).
  @Test(
    "it opens with CAP, the password where there is one, the nickname and the user",
    arguments: [
      (
        Registration(nickname: "dan"),
        "CAP LS 302\r\nNICK dan\r\nUSER dan 0 * dan\r\n"
      ),
      (
        Registration(nickname: "dan", userName: "d", realName: "Dan Smith", password: "a secret"),
        "CAP LS 302\r\nPASS :a secret\r\nNICK dan\r\nUSER d 0 * :Dan Smith\r\n"
      ),
    ])
  func opening(registration: Registration, text: String) {
    let conversation = Registration.Conversation(registration: registration)
    #expect(String(decoding: conversation.opening(), as: UTF8.self) == text)
    #expect(!conversation.isDone)
  }

  @Test("a whole registration ends with the welcome and what the server said of itself")
  func whole() throws {
    let wanted = ["echo-message", "server-time", "draft/none"]
    let conversation = try converse(
      Registration(nickname: "dan", capabilities: wanted),
      [
        (":s CAP * LS :echo-message sasl=PLAIN server-time", ["CAP REQ :echo-message server-time"]),
        (":s CAP * ACK :echo-message server-time", ["CAP END"]),
        (":s NOTICE * :Looking up your host", []),
        (":s 001 dan :Welcome", []),
        (":s 005 dan NICKLEN=30 UTF8ONLY PREFIX=(ov)@+ KEY=a=b :are supported by this server", []),
        (":s 005 dan NICKLEN=32 :are supported by this server", []),
        (":s 375 dan :- s -", []),
        (":s 376 dan :End of MOTD", []),
      ])
    #expect(conversation.isDone)
    #expect(conversation.welcome.nickname == "dan")
    #expect(conversation.welcome.capabilities == ["echo-message", "server-time"])
    #expect(
      conversation.welcome.supported == [
        "NICKLEN": "32", "UTF8ONLY": "", "PREFIX": "(ov)@+", "KEY": "a=b",
      ])
    #expect(
      conversation.welcome.messages.map(\.command) == [
        "NOTICE", "001", "005", "005", "375", "376",
      ])
    #expect(conversation.lastError == nil)
  }

  // "all but the last reply MUST have a parameter containing only an asterisk (`*`) preceding the capability
  // list. This lets clients know that more CAP lines are incoming, so that it can delay capability
  // negotiation until it has seen all available server capabilities."
  @Test("a list of capabilities on several lines is answered after its last")
  func severalLines() throws {
    _ = try converse(
      Registration(nickname: "dan", capabilities: ["a", "b", "c", "d"]),
      [
        ("CAP * LS * :a x=1", []),
        ("CAP * LS * :b=2 y ", []),
        ("CAP * LS :c", ["CAP REQ :a b c"]),
        ("CAP * ACK :a b c ", ["CAP END"]),
      ])
  }

  // "If no capabilities are available, an empty parameter MUST be sent."
  @Test(
    "where nothing that is wanted is offered, the negotiation ends at once",
    arguments: ["CAP * LS :", "CAP * LS :other", "CAP dan LS other", "CAP * LS :aa a/a A"])
  func nothingOffered(line: String) throws {
    let conversation = try converse(
      Registration(nickname: "dan", capabilities: ["a"]), [(line, ["CAP END"])])
    #expect(conversation.welcome.capabilities == [])
  }

  // "The NAK subcommand designates that the requested capability change was rejected."
  @Test("a refusal of the capabilities ends the negotiation without them")
  func refusal() throws {
    let conversation = try converse(
      Registration(nickname: "dan", capabilities: ["a", "b"]),
      [
        ("CAP * LS :a b", ["CAP REQ :a b"]), ("CAP * NAK :a b", ["CAP END"]),
        ("001 dan :Welcome", []), ("422 dan :No MOTD", []),
      ])
    #expect(conversation.isDone)
    #expect(conversation.welcome.capabilities == [])
  }

  // "registration will complete immediately, indicating that the server doesn't support capability
  // negotiation."
  @Test(
    "a server that does not know CAP is fine",
    arguments: [nil, "421 dan CAP :Unknown command", "451 * :You have not registered"])
  func withoutCapabilities(objection: String?) throws {
    let conversation = try converse(
      Registration(nickname: "dan", capabilities: ["a"]),
      (objection.map { [($0, [])] } ?? []) + [
        (":s 001 dan :Welcome", []), (":s 422 dan :No MOTD", []),
      ])
    #expect(conversation.isDone)
    #expect(conversation.welcome.capabilities == [])
  }

  @Test(
    "what CAP says otherwise is heard and not answered",
    arguments: ["CAP", "CAP *", "CAP * NEW :a", "CAP * DEL :a", "CAP * LIST :"])
  func otherCapabilityLines(line: String) throws {
    let conversation = try converse(
      Registration(nickname: "dan", capabilities: ["a"]), [(line, [])])
    #expect(!conversation.isDone)
  }

  @Test(
    "PING is answered at any time with its own words",
    arguments: [
      ("PING", "PONG"), ("PING :abc", "PONG abc"), ("PING :a b", "PONG :a b"),
      ("ping a b", "PONG a b"),
      (":s PING ::x", "PONG ::x"),
    ])
  func pings(ping: String, pong: String) throws {
    let conversation = try converse(
      Registration(nickname: "dan"),
      [
        (ping, [pong]), ("CAP * LS :", ["CAP END"]), (ping, [pong]), ("001 dan :Welcome", []),
        (ping, [pong]),
      ])
    #expect(conversation.welcome.messages.map(\.command) == ["001"])
  }

  @Test(
    "a nickname that is taken is the end where no other is wanted",
    arguments: ["433", "436", "437"])
  func taken(numeric: String) {
    var conversation = Registration.Conversation(registration: Registration(nickname: "dan"))
    #expect(throws: Registration.Failure.nicknameInUse("dan")) {
      try conversation.answers(to: Message(numeric, "*", "dan", "Nickname is already in use"))
    }
  }

  @Test("where a similar one will do, underscores are added until one is free")
  func similar() throws {
    let inUse = "is in use"
    let conversation = try converse(
      Registration(nickname: "dan", takesSimilarNickname: true),
      [
        ("433 * dan :\(inUse)", ["NICK dan_"]), ("433 * dan_ :\(inUse)", ["NICK dan__"]),
        ("CAP * LS :", ["CAP END"]), ("001 dan__ :Welcome", []), ("422 dan__ :No MOTD", []),
      ])
    #expect(conversation.welcome.nickname == "dan__")
  }

  @Test("underscores come to an end")
  func similarLimit() throws {
    var conversation = Registration.Conversation(
      registration: Registration(nickname: "dan", takesSimilarNickname: true))
    let failure = #expect(throws: Registration.Failure.self) {
      for _ in 0..<100 { _ = try conversation.answers(to: Message("433", "*", "dan", "in use")) }
    }
    #expect(failure == .nicknameInUse("dan" + String(repeating: "_", count: 27)))
  }

  @Test("the nickname is the one that the server gave, not the one that was asked for")
  func givenNickname() throws {
    let conversation = try converse(
      Registration(nickname: "a_long_nickname"), [("001 a_long_ni :Welcome", [])])
    #expect(conversation.welcome.nickname == "a_long_ni")
  }

  @Test(
    "a refusal is told in the server's words",
    arguments: [
      ("432 * 1dan :Erroneous nickname", "Erroneous nickname"),
      ("462 dan :You may not reregister", "You may not reregister"),
      ("464 * :Password incorrect", "Password incorrect"),
      ("465 * :You are banned", "You are banned"),
      ("468 * :Invalid username", "Invalid username"), ("464", ""),
    ])
  func refused(line: String, reason: String) throws {
    var conversation = Registration.Conversation(registration: Registration(nickname: "dan"))
    let failure = Registration.Failure.refused(numeric: String(line.prefix(3)), reason: reason)
    #expect(throws: failure) { try conversation.answers(to: Message(parsing: line)) }
    #expect(failure.description == "The server refused: \(reason)")
  }

  @Test("the reason of an ERROR is kept for the end of the connection")
  func errorReason() throws {
    let conversation = try converse(
      Registration(nickname: "dan"), [("ERROR :Closing Link: too many connections", [])])
    #expect(conversation.lastError == "Closing Link: too many connections")
    #expect(!conversation.isDone)
  }
}
