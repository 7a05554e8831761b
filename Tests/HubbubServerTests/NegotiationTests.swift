import HubbubServer
import IRCWire
import Testing

/// IRCv3 capability negotiation, and the registration around it.
@Suite struct NegotiationTests {
  // "Replies from the server must contain the client identifier name or asterisk if one is not yet available."
  @Test(
    "what CAP answers before there is a name",
    arguments: [
      ("CAP LIST", "CAP", ["*", "LIST", ""]),
      ("CAP FOO", "410", ["*", "FOO", "Invalid CAP command"]),
      ("CAP REQ multi-prefix", "CAP", ["*", "ACK", "multi-prefix"]),
      (
        "CAP REQ :multi-prefix userhost-in-names", "CAP",
        ["*", "ACK", "multi-prefix userhost-in-names"]
      ),
      ("CAP REQ :foo qux bar baz qux quux", "CAP", ["*", "NAK", "foo qux bar baz qux quux"]),
      ("CAP REQ :multi-prefix foo", "CAP", ["*", "NAK", "multi-prefix foo"]),
      ("CAP REQ sts", "CAP", ["*", "NAK", "sts"]),
      ("CAP REQ :-server-time", "CAP", ["*", "ACK", "-server-time"]),
      ("CAP REQ Multi-Prefix", "CAP", ["*", "NAK", "Multi-Prefix"]),
      ("CAP", "461", ["*", "CAP", "Not enough parameters"]),
      ("PING a", "PONG", ["hubbub.local", "a"]),
      ("NICK *", "432", ["*", "*", "Erroneous nickname"]),
      ("NICK", "431", ["*", "No nickname given"]),
      ("USER a 0 *", "461", ["*", "USER", "Not enough parameters"]),
      ("USER a 0 * :", "461", ["*", "USER", "Not enough parameters"]),
      ("JOIN #r", "451", ["*", "You have not registered"]),
    ])
  func early(line: String, answer: String, parameters: [String]) throws {
    let server = try TestServer()
    let client = try server.connect()
    let messages = try client.ask(line)
    #expect(messages.commands == [answer])
    #expect(messages.first?.parameters == parameters)
  }

  // "If a server receives an LS subcommand while client registration is in progress, it MUST suspend registration
  // until an END subcommand is received from the client."
  @Test(
    "registration waits for CAP END",
    arguments: ["CAP LS", "CAP LS 302", "CAP REQ multi-prefix", "CAP REQ foo"])
  func suspended(first: String) throws {
    let server = try TestServer()
    let client = try server.connect()
    try client.send(first, "NICK ann", "USER a 0 * :A")
    #expect(Set(try client.messagesUntilNow().commands) == ["CAP"])
    #expect(try client.ask("CAP END").commands.first == "001")
    // "If the client is already registered, this command MUST be ignored by the server."
    #expect(try client.ask("CAP END") == [])
    #expect(Set(try client.ask("CAP LS 302").commands) == ["CAP"])
    #expect(
      try client.ask("CAP REQ server-time").first?.parameters == ["ann", "ACK", "server-time"])
  }

  // "If a client has not indicated support for CAP LS 302 features, the server MUST NOT send these new features
  // to the client."
  @Test(
    "values are for version 302, and all others get one line",
    arguments: ["", " 301", " 302", " 307", " x", " 99999999999999999999999"])
  func versions(version: String) throws {
    let server = try TestServer()
    let messages = try server.connect().ask("CAP LS\(version)")
    let isNew = [" 302", " 307", " 99999999999999999999999"].contains(version)
    #expect(messages.allSatisfy { $0.encoded().count <= 512 })
    #expect(messages.last?.parameters.count == 3)
    let words = messages.flatMap { $0.parameters.last!.split(separator: " ") }
    #expect(words.contains { $0.contains("=") } == isNew)
    #expect(words.contains { $0.hasPrefix("draft/multiline") })
    if !isNew { #expect(messages.count == 1) }
  }

  // "servers MUST NOT disable the cap-notify capability if the client requests CAP LS with a version of 302 or
  // newer" "Such clients MAY explicitly disable the capability, and servers MUST allow these clients to do so."
  @Test("cap-notify comes with version 302 for good", arguments: [true, false])
  func capNotify(isNew: Bool) throws {
    let server = try TestServer()
    let client = try server.connect()
    _ = try client.ask(isNew ? "CAP LS 302" : "CAP REQ cap-notify")
    #expect(try client.ask("CAP LIST").first?.parameters.last == "cap-notify")
    #expect(try client.ask("CAP REQ cap-notify").first?.parameters[1] == "ACK")
    let answer = try client.ask("CAP REQ :-cap-notify server-time")
    #expect(answer.first?.parameters[1] == (isNew ? "NAK" : "ACK"))
    #expect(
      try client.ask("CAP LIST").first?.parameters.last == (isNew ? "cap-notify" : "server-time"))
  }

  // "The capability identifier set must be accepted as a whole, or rejected entirely."
  @Test("each capability that is offered can be had, and given back")
  func each() throws {
    let server = try TestServer()
    let client = try server.connect()
    let offered = try client.ask("CAP LS").first?.parameters.last?.split(separator: " ").map(
      String.init)
    let names = try #require(offered)
    #expect(names.count == 23)
    for name in names {
      #expect(try client.ask("CAP REQ \(name)").first?.parameters[1] == "ACK", "\(name)")
      #expect(try client.ask("CAP LIST").first?.parameters.last == name)
      #expect(try client.ask("CAP REQ :-\(name)").first?.parameters[1] == "ACK", "\(name)")
    }
    #expect(try client.ask("CAP LIST").first?.parameters.last == "")
    let all = names.joined(separator: " ")
    #expect(try client.ask("CAP REQ :\(all)").first?.parameters.last == all)
    #expect(try client.ask("CAP LIST").first?.parameters.last == all)
  }

  // "time" in the form YYYY-MM-DDThh:mm:ss.sssZ (IRCv3 server-time)
  @Test("server-time comes and goes with its capability")
  func serverTime() throws {
    let meeting = try Meeting(bob: ["server-time"])
    _ = try meeting.ann.ask("PRIVMSG #r :x")
    let time = try #require(try meeting.bob.messagesUntilNow().first?.tag("time"))
    #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    _ = try meeting.bob.ask("CAP REQ :-server-time")
    _ = try meeting.ann.ask("PRIVMSG #r :x")
    #expect(try meeting.bob.messagesUntilNow().first?.tags == [])
  }

  @Test("of two who want the same name at once, one gets it, and the other is told at once")
  func collision() throws {
    let server = try TestServer()
    let (first, second) = (try server.connect(), try server.connect())
    try first.send("NICK same", "PING x")
    try first.expect("PONG")
    try second.send("USER b 0 * :B")
    #expect(try second.ask("NICK SAME").commands.first == "001")
    #expect(
      try first.ask("USER a 0 * :A").map(\.parameters) == [
        ["*", "same", "Nickname is already in use"]
      ])
    try second.send("QUIT")
    _ = try second.readToEnd()
    #expect(try first.ask("NICK same").commands.first == "001")
  }

  // "The password supplied must match the one defined in the server configuration." "only the last one sent is
  // used for verification" (Modern IRC, PASS)
  @Test(
    "PASS",
    arguments: [
      (["PASS secret"], "001"), (["PASS wrong", "PASS secret"], "001"),
      (["PASS secret", "PASS wrong"], "464"),
      ([], "464"), (["PASS :"], "464"), (["PASS"], "461"),
    ])
  func password(lines: [String], answer: String) throws {
    let server = try TestServer { $0.password = "secret" }
    let client = try server.connect()
    for line in lines + ["NICK ann", "USER a 0 * :A"] { try client.send(line) }
    let first = try client.read { _ in true }
    #expect(first.commands == [answer])
  }

  // "The server acknowledges this by replying with an ERROR message and closing the connection" "servers SHOULD
  // prepend <reason> with the ASCII string "Quit: "" (Modern IRC, QUIT)
  @Test(
    "QUIT",
    arguments: [
      ("QUIT :out", "Quit: out"), ("QUIT", "Quit"), ("QUIT :", "Quit"), ("", "Connection closed"),
    ])
  func quit(line: String, reason: String) throws {
    let meeting = try Meeting()
    if line.isEmpty {
      meeting.ann.close()
    } else {
      try meeting.ann.send(line, "PING after")
      #expect(try meeting.ann.readToEnd().commands.last == "ERROR")
    }
    let quit = try meeting.bob.expect("QUIT")
    #expect(quit.parameters == [reason])
    #expect(quit.source?.name == "ann")
  }
}
