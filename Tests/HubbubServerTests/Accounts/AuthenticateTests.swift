import HubbubDial
import HubbubSockets
import IRCWire
import Testing

@testable import HubbubServer

/// AUTHENTICATE (IRCv3 sasl-3.1 and sasl-3.2).
@Suite struct AuthenticateTests {
  /// A client that has asked for `sasl` and not registered.
  private static func negotiating(_ server: AccountServer) throws -> ScriptedClient {
    let client = try server.server.connect()
    try client.send("CAP LS 302", "CAP REQ :sasl", "NICK jilles", "USER jilles 0 * jilles")
    _ = try client.read { $0.command == "CAP" && $0.parameters[1] == "ACK" }
    return client
  }

  // "sasl=PLAIN,EXTERNAL" (sasl-3.2): "the value MUST be a comma-separated list of SASL mechanisms"
  @Test("the capability names its mechanisms")
  func mechanisms() throws {
    let server = try AccountServer()
    let client = try server.server.connect()
    #expect(try client.offered().contains("sasl=PLAIN,SCRAM-SHA-256"))
    try client.send("CAP LS")
    #expect(try client.expect("CAP").parameters.last!.split(separator: " ").contains("sasl"))
  }

  @Test(
    "PLAIN with the right password: 900 and 903", arguments: ["", "jilles"])
  func plain(identity: String) throws {
    let server = try AccountServer()
    try server.makeAccount("jilles")
    let client = try Self.negotiating(server)
    try client.send("AUTHENTICATE PLAIN")
    #expect(try client.expect("AUTHENTICATE").parameters == ["+"])
    try client.send("AUTHENTICATE \(AccountServer.plain("jilles", identity: identity))")
    let answer = try client.read { $0.command == "903" }
    #expect(answer.commands == ["900", "903"])
    #expect(answer[0].parameters.count == 4)
    #expect(answer[0].parameters[2] == "jilles")
    #expect(answer[1].parameters.count == 2)
    try client.send("CAP END")
    try client.expect("001")
    #expect(try client.ask("WHOIS jilles").first("330")?.parameters[2] == "jilles")
  }

  @Test("a wrong password, an unknown account and another's identity are all 904, word for word")
  func wrong() throws {
    let server = try AccountServer()
    try server.makeAccount("jilles")
    let client = try Self.negotiating(server)
    let tries = [
      AccountServer.plain("jilles", "wrong"), AccountServer.plain("nobody"),
      AccountServer.plain("jilles", identity: "bob"), AccountServer.plain("jilles@x\r\ny"), "!!!",
      Base64.encode("no NUL".utf8),
    ]
    var answers: [[String]] = []
    for one in tries {
      try client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(one)")
      answers.append(try client.expect("904").parameters)
    }
    #expect(Set(answers).count == 1)
    #expect(answers[0].count == 2)
  }

  // "The response is encoded in Base64 …, then split to 400-byte chunks"
  @Test("a response of 400 bytes and more comes in pieces", arguments: [291, 297, 300])
  func pieces(passwordBytes: Int) throws {
    let server = try AccountServer { $0.accounts.leastPasswordBytes = 3 }
    let password = String(repeating: "x", count: passwordBytes)
    let foo = try server.server.client("foo")
    #expect(try foo.ask("REGISTER * * \(password)").first("REGISTER") != nil)
    let client = try Self.negotiating(server)
    try client.send("AUTHENTICATE PLAIN")
    let text = AccountServer.plain("foo", password, identity: "foo")
    var rest = text[...]
    while rest.utf8.count >= 400 {
      try client.send("AUTHENTICATE \(rest.prefix(400))")
      rest = rest.dropFirst(400)
    }
    try client.send("AUTHENTICATE \(rest.isEmpty ? "+" : String(rest))")
    try client.expect("903")
  }

  @Test("too much is 905, an asterisk 906, another mechanism 908 and 904")
  func ends() throws {
    let server = try AccountServer()
    let client = try Self.negotiating(server)
    try client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(String(repeating: "A", count: 404))")
    try client.expect("905")
    try client.send("AUTHENTICATE PLAIN")
    for _ in 0..<6 { try client.send("AUTHENTICATE \(String(repeating: "A", count: 400))") }
    try client.expect("905")
    // "If the client aborts the authentication by sending an asterisk"
    try client.send("AUTHENTICATE PLAIN", "AUTHENTICATE *")
    #expect(try client.expect("906").parameters.count == 2)
    try client.send("AUTHENTICATE FOO")
    let answer = try client.read { $0.command == "904" }
    #expect(answer.commands == ["908", "904"])
    #expect(answer[0].parameters[1] == "PLAIN,SCRAM-SHA-256")
    // Without encryption there is no certificate.
    try client.send("AUTHENTICATE EXTERNAL")
    try client.expect("908")
  }

  // "If the client completes registration … while the SASL authentication is still in progress,
  // the server SHOULD abort it and send a 906 numeric, then register the client without
  // authentication"
  @Test("who completes its registration within an exchange comes in without the account")
  func unfinished() throws {
    let server = try AccountServer()
    let client = try Self.negotiating(server)
    try client.send("AUTHENTICATE PLAIN", "CAP END")
    let answer = try client.read { $0.command == "001" }
    #expect(answer.contains { $0.command == "906" })
    #expect(try client.ask("WHOIS jilles").first("330") == nil)
  }

  // "Servers SHOULD allow a client, authenticated or otherwise, to reauthenticate by sending a new
  // AUTHENTICATE message at any time."
  @Test("AUTHENTICATE works after the registration, and again as somebody else")
  func again() throws {
    let server = try AccountServer()
    try server.makeAccount("foo")
    try server.makeAccount("jilles")
    let client = try server.server.client("user", capabilities: ["sasl"])
    for name in ["foo", "jilles"] {
      try client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain(name))")
      #expect(try client.expect("900").parameters[2] == name)
      try client.expect("903")
      #expect(try client.ask("WHOIS user").first("330")?.parameters[2] == name)
    }
  }

  @Test("SCRAM-SHA-256 proves both sides, and is wrong in the same words for who is unknown")
  func scram() throws {
    let server = try AccountServer()
    try server.makeAccount("jilles")
    _ = try server.loggedIn("jilles", by: .scramSHA256)
    var reasons: [String] = []
    for (name, password) in [("jilles", "wrong password"), ("nobody", "wrong password")] {
      let error = #expect(throws: Registration.Failure.self) {
        try server.loggedIn("guest", as: name, password: password, by: .scramSHA256)
      }
      if case .loginFailed(_, let reason) = error { reasons.append(reason) }
    }
    #expect(reasons.count == 2)
    #expect(Set(reasons).count == 1)
  }

  @Test("an unknown account has the same salt each time")
  func fakeSalt() throws {
    let server = try AccountServer()
    let client = try Self.negotiating(server)
    let salts = try (0..<2).map { _ in
      try client.send("AUTHENTICATE SCRAM-SHA-256")
      try client.expect("AUTHENTICATE")
      try client.send("AUTHENTICATE \(Base64.encode("n,,n=nobody,r=abcdef".utf8))")
      let challenge = try client.expect("AUTHENTICATE").parameters[0]
      try client.send("AUTHENTICATE *")
      let text = String(decoding: Base64.decode(challenge.utf8)!, as: UTF8.self)
      return String(text.split(separator: ",")[1])
    }
    #expect(salts[0].hasPrefix("s="))
    #expect(salts[0] == salts[1])
  }

  @Test("EXTERNAL logs in by the certificate of the connection, which was added before")
  func external() throws {
    let identity = try TLSIdentity.selfSigned(names: ["localhost", "127.0.0.1"])
    let server = try AccountServer {
      $0.secureEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
      $0.tls = TLSSettings(identity: identity)
    }
    let own = try TLSIdentity.selfSigned(names: ["ann"])
    let ann = try server.server.secureClient(
      "ann", trusting: identity.fingerprint, identity: own)
    #expect(try ann.ask("REGISTER * * :correct horse").first("900") != nil)
    try ann.send("AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
    try ann.expect("904")
    #expect(try ann.ask("ACCOUNT CERT ADD").commands == ["NOTICE"])
    let context = try TLSContext(client: .pin(identity.fingerprint), identity: own)
    let connection = try LineConnection.open(server.server.server.secureEndpoints[0], tls: context)
    let welcome = try Registration(
      nickname: "ann-2",
      account: Account(name: "ann", password: nil, mechanisms: [.external])
    ).perform(on: connection)
    #expect(welcome.account == "ann")
    #expect(welcome.values["sasl"] == "PLAIN,SCRAM-SHA-256,EXTERNAL")
  }

  @Test("PASS account:password logs in, and a wrong one is not let in")
  func pass() throws {
    let server = try AccountServer()
    try server.makeAccount("ann")
    let ann = try server.server.client("ann", password: "ann:correct horse")
    #expect(try ann.ask("WHOIS ann").first("330") != nil)
    #expect(throws: Registration.Failure.self) {
      try server.server.client("ann-2", password: "ann:wrong")
    }
    // What names no account is none, as on a server that wants no password.
    _ = try server.server.client("bob", password: "whatever")
  }

  @Test("NS IDENTIFY and PRIVMSG NickServ log in")
  func identify() throws {
    let server = try AccountServer()
    try server.makeAccount("ann")
    let guest = try server.server.client("guest")
    #expect(try guest.ask("NS IDENTIFY ann wrong").commands == ["NOTICE"])
    #expect(try guest.ask("NS IDENTIFY ann correct").first("900") == nil)
    let bob = try server.server.client("bob")
    try bob.send("NS REGISTER staple-battery")
    try bob.expect("900")
    let other = try server.server.client("bob-2")
    try other.send("PRIVMSG NickServ :IDENTIFY bob staple-battery")
    #expect(try other.expect("900").parameters[2] == "bob")
    #expect(try other.messagesUntilNow().first?.source?.name == "NickServ")
  }

  @Test("with the fifth wrong password the connection ends")
  func tooMany() throws {
    let server = try AccountServer { $0.limits.wrongPasswords = 3 }
    let client = try Self.negotiating(server)
    for _ in 0..<3 {
      try client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("a", "wrong"))")
    }
    let rest = try client.readToEnd()
    #expect(rest.filter { $0.command == "904" }.count == 3)
    #expect(rest.last?.parameters.last?.contains("Too many wrong passwords") == true)
  }

  @Test(
    "an account is looked at once a minute after too many wrong passwords, and its owner is told")
  func perAccount() throws {
    let server = try AccountServer {
      $0.accounts.wrongPasswordsPerHour = 2
      $0.limits.wrongPasswords = 100
    }
    try server.makeAccount("ann")
    let guesser = try Self.negotiating(server)
    for _ in 0..<2 {
      try guesser.send(
        "AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("nobody", "wrong"))")
      #expect(try guesser.expect("904").parameters.last == "SASL authentication failed")
    }
    try guesser.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("nobody"))")
    #expect(try guesser.expect("904").parameters.last!.contains("in a minute"))
    try guesser.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("ann", "wrong"))")
    try guesser.expect("904")
    // Another account has tries of its own; and whoever has it is told.
    let client = try server.server.client("ann-2", capabilities: ["sasl"])
    try client.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("ann"))")
    let answer = try client.read { $0.command == "903" }
    #expect(answer.contains { $0.parameters.last!.contains("since the last login: 1") })
  }
}
