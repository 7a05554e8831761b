import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// One person with several connections.
@Suite struct DeviceTests {
  private static let capabilities = ["message-tags", "batch", "labeled-response", "echo-message"]

  @Test("whoever logs in while its account is here is that person, in its rooms, under its name")
  func joins() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    let bob = try server.server.client("bob")
    try laptop.join("#r")
    _ = try laptop.ask("TOPIC #r :tea")
    try bob.join("#r")
    _ = try laptop.messagesUntilNow()
    let phone = try server.loggedIn("wish", as: "ann")
    let told = try phone.messagesUntilNow()
    let join = try #require(told.first("JOIN"))
    #expect(join.source?.name == "ann")
    #expect(join.parameters == ["#r"])
    #expect(told.first("332")?.parameters.last == "tea")
    #expect(told.first("353")?.parameters.last?.contains("@ann") == true)
    #expect(told.first("366")?.parameters.first == "ann")
    // Nobody sees that.
    #expect(try bob.messagesUntilNow().isEmpty)
    #expect(try laptop.messagesUntilNow().isEmpty)
    #expect(try bob.ask("NAMES #r").first("353")?.parameters.last == "@ann bob")
    #expect(try bob.ask("ISON ann wish").last?.parameters.last == "ann")
    #expect(try bob.ask("LUSERS").first("251")?.parameters.last?.contains("2 users") == true)
  }

  @Test("what one connection says the other reads, also in private and to itself")
  func speaks() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann", capabilities: Self.capabilities)
    try laptop.join("#r")
    let phone = try server.loggedIn("ann", capabilities: Self.capabilities)
    let bob = try server.server.client("bob")
    try bob.join("#r")
    _ = try (laptop.messagesUntilNow(), phone.messagesUntilNow())
    #expect(try laptop.ask("PRIVMSG #r :one").texts == ["one"])
    #expect(try phone.ask("@label=x PRIVMSG #r :two").texts == ["one", "two"])
    #expect(try laptop.messagesUntilNow().texts == ["two"])
    #expect(try laptop.ask("PRIVMSG bob :three").texts == ["three"])
    let copy = try #require(try phone.messagesUntilNow().first("PRIVMSG"))
    #expect((copy.source?.name, copy.parameters[0]) == ("ann", "bob"))
    _ = try bob.ask("PRIVMSG ann :four")
    #expect(try laptop.messagesUntilNow().texts == ["four"])
    #expect(try phone.messagesUntilNow().texts == ["four"])
    #expect(try bob.messagesUntilNow().texts.isEmpty)
    #expect(try phone.ask("PRIVMSG ann :note").texts.count == 2)
    #expect(try laptop.messagesUntilNow().texts == ["note"])
  }

  @Test("a connection without echo-message reads what the other says in private, and not its own")
  func withoutEcho() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    let phone = try server.loggedIn("ann")
    let bob = try server.server.client("bob")
    _ = try laptop.ask("PRIVMSG bob :hello")
    #expect(try bob.messagesUntilNow().texts == ["hello"])
    #expect(try phone.messagesUntilNow().texts == ["hello"])
    #expect(try laptop.messagesUntilNow().texts.isEmpty)
  }

  @Test("JOIN, PART, NICK, SETNAME, MODE and AWAY of one are the other's, once")
  func acts() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann", capabilities: ["setname", "away-notify"])
    let phone = try server.loggedIn("ann", capabilities: ["setname", "away-notify"])
    _ = try phone.messagesUntilNow()
    // In no room there is none in which the other could read it.
    _ = try laptop.ask("SETNAME :Ann")
    #expect(try phone.messagesUntilNow().commands == ["SETNAME"])
    _ = try laptop.ask("NICK anne")
    #expect(try phone.messagesUntilNow().commands == ["NICK"])
    #expect(try phone.ask("PING x").first("PONG") != nil)
    _ = try laptop.ask("MODE anne +w")
    #expect(try phone.messagesUntilNow().commands == ["MODE"])
    _ = try laptop.ask("JOIN #r")
    #expect(try phone.messagesUntilNow().commands == ["JOIN", "353", "366"])
    _ = try phone.ask("NICK ann")
    #expect(try laptop.messagesUntilNow().commands == ["NICK"])
    #expect(try laptop.ask("NAMES #r").first("353")?.parameters.last == "@ann")
    _ = try phone.ask("PART #r")
    #expect(try laptop.messagesUntilNow().commands == ["PART"])
    #expect(try laptop.ask("JOIN #r").commands == ["JOIN", "353", "366"])
  }

  @Test("one connection goes, and nobody sees it; with the last one the person goes")
  func leaves() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    try laptop.join("#r")
    let phone = try server.loggedIn("ann")
    let bob = try server.server.client("bob")
    try bob.join("#r")
    _ = try phone.messagesUntilNow()
    // The one that the person began with.
    try laptop.send("QUIT :off")
    _ = try laptop.readToEnd()
    _ = try phone.ask("PRIVMSG #r :still here")
    #expect(try bob.read { $0.command == "PRIVMSG" }.map(\.command) == ["PRIVMSG"])
    #expect(try bob.ask("WHOIS ann").first("311") != nil)
    try phone.send("QUIT :done")
    _ = try phone.readToEnd()
    #expect(try bob.expect("QUIT").parameters == ["Quit: done"])
    let last = try bob.ask("LUSERS").first("251")?.parameters.last
    #expect(last?.contains("1 users") == true)
  }

  @Test("a person is away when all its connections are, and words come before mere absence")
  func away() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    try laptop.join("#r")
    let bob = try server.server.client("bob", capabilities: ["away-notify"])
    try bob.join("#r")
    let phone = try server.loggedIn("ann")
    _ = try phone.ask("AWAY *")
    #expect(try bob.messagesUntilNow().isEmpty)
    _ = try laptop.ask("AWAY :lunch")
    #expect(try bob.messagesUntilNow().map(\.parameters) == [["lunch"]])
    try laptop.send("QUIT")
    _ = try laptop.readToEnd()
    #expect(try bob.expect("AWAY").parameters == ["*"])
    _ = try phone.ask("AWAY")
    #expect(try bob.expect("AWAY").parameters == [])
  }

  @Test("with draft/pre-away one comes without being there")
  func preAway() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    try laptop.join("#r")
    let bob = try server.server.client("bob", capabilities: ["away-notify"])
    try bob.join("#r")
    let early = try server.server.connect()
    try early.send("AWAY *")
    try early.expect("451")
    let phone = try server.server.connect()
    try phone.send("CAP REQ :sasl draft/pre-away", "AWAY *", "NICK ann", "USER ann 0 * :Ann")
    try phone.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("ann"))")
    try phone.expect("903")
    try phone.send("CAP END")
    try phone.expect("366")
    _ = try laptop.ask("AWAY :out")
    #expect(try bob.expect("AWAY").parameters == ["out"])
  }

  @Test("a nickname that another of one's connections has may be wished for while one logs in")
  func wish() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    let phone = try server.server.connect()
    try phone.send("CAP REQ :sasl", "NICK ann", "USER ann 0 * :Ann", "AUTHENTICATE PLAIN")
    let first = try phone.read { $0.command == "AUTHENTICATE" }
    #expect(!first.commands.contains("433"))
    try phone.send("AUTHENTICATE \(AccountServer.plain("ann"))", "CAP END")
    #expect(try phone.expect("001").parameters[0] == "ann")
    // Somebody who turns out to be nobody is refused it at the end.
    let other = try server.server.connect()
    try other.send("CAP REQ :sasl", "NICK ann", "USER x 0 * :X", "CAP END")
    try other.expect("433")
    _ = laptop
  }

  @Test("a guest that logs in late is moved: it leaves as whom it was, and comes into the rooms")
  func late() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    try laptop.join("#a")
    let bob = try server.server.client("bob")
    try bob.join("#a")
    try bob.join("#b")
    let guest = try server.server.client("guest", capabilities: ["sasl"])
    try guest.join("#b")
    _ = try bob.messagesUntilNow()
    _ = try laptop.messagesUntilNow()
    try guest.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("ann"))")
    let told = try guest.read { $0.command == "903" }
    #expect(
      told.commands.filter { ["PART", "NICK", "JOIN"].contains($0) }
        == ["PART", "NICK", "JOIN", "JOIN"])
    #expect(told.first("NICK")?.parameters == ["ann"])
    #expect(told.first("900")?.parameters[0] == "ann")
    #expect(try laptop.messagesUntilNow().commands == ["JOIN", "353", "366"])
    let seen = try bob.messagesUntilNow()
    #expect(seen.commands == ["QUIT", "JOIN"])
    #expect(seen.map { $0.source?.name } == ["guest", "ann"])
    #expect(try bob.ask("LUSERS").first("251")?.parameters.last?.contains("2 users") == true)
    _ = try guest.ask("PRIVMSG #a :hello")
    #expect(try laptop.messagesUntilNow().texts == ["hello"])
  }

  @Test("one connection's rights to operate the server are not the other's")
  func operators() throws {
    let server = try AccountServer {
      $0.operators = [
        OperatorAccount(name: "root", passwordHash: SettingsTests.hash)
      ]
    }
    let laptop = try server.registered("ann")
    #expect(try laptop.ask("OPER root secret").first("381") != nil)
    let phone = try server.loggedIn("ann")
    #expect(try phone.ask("KILL bob").commands == ["481"])
    #expect(try phone.ask("MODE ann").first("221")?.parameters.last == "+o")
    let bob = try server.server.client("bob")
    #expect(try bob.ask("WHOIS ann").first("313") != nil)
    try laptop.send("QUIT")
    _ = try laptop.readToEnd()
    #expect(try phone.expect("MODE").parameters == ["ann", "-o"])
    #expect(try bob.ask("WHOIS ann").first("313") == nil)
    #expect(try bob.ask("LUSERS").first("252")?.parameters[1] == "0")
  }

  @Test("KILL ends all connections of a person, and a ban that of its address")
  func kill() throws {
    let server = try AccountServer {
      $0.operators = [
        OperatorAccount(name: "root", passwordHash: SettingsTests.hash)
      ]
    }
    let laptop = try server.registered("ann")
    let phone = try server.loggedIn("ann")
    let bob = try server.server.client("bob")
    _ = try bob.ask("OPER root secret")
    _ = try bob.ask("KILL ann :enough")
    for device in [laptop, phone] {
      #expect(try device.readToEnd().last?.parameters.last?.contains("enough") == true)
    }
  }

  @Test("a device attaches under whatever nickname its person has, also by PASS alone")
  func attaches() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    _ = try laptop.ask("NICK other")
    let phone = try server.server.connect()
    try phone.send("CAP LS 302", "AUTHENTICATE PLAIN")
    try phone.send("AUTHENTICATE \(AccountServer.plain("ann"))", "NICK other", "USER a 0 * a")
    try phone.send("CAP END")
    #expect(try phone.expect("001").parameters[0] == "other")
    let old = try server.server.connect()
    try old.send("PASS :ann:\(AccountServer.password)", "NICK other", "USER a 0 * a")
    #expect(try old.expect("001").parameters[0] == "other")
    // Of one that is to be a person of its own, the name is taken.
    _ = try laptop.ask("ACCOUNT SET multiclient off")
    let apart = try server.server.connect()
    try apart.send("CAP LS 302", "AUTHENTICATE PLAIN")
    try apart.send("AUTHENTICATE \(AccountServer.plain("ann"))", "NICK other", "USER a 0 * a")
    try apart.send("CAP END")
    try apart.expect("433")
  }

  @Test("a name that another account has now leads to nobody of the account that had it")
  func renamed() throws {
    let server = try AccountServer {
      $0.operators = [OperatorAccount(name: "root", passwordHash: SettingsTests.hash)]
    }
    let ann = try server.registered("ann")
    _ = try ann.ask("OPER root secret")
    _ = try ann.ask("NICK boss")
    _ = try ann.ask("ACCOUNT RENAME ann anna")
    let other = try server.registered("ann")
    #expect(try other.ask("WHOIS ann").first("330")?.parameters[2] == "ann")
    #expect(try other.ask("WHOIS boss").first("330")?.parameters[2] == "anna")
    let phone = try server.loggedIn("x", as: "anna")
    #expect(try phone.ask("PING x").first?.parameters.last == "x")
    #expect(try ann.ask("ACCOUNT SESSIONS").count == 2)
  }

  @Test("two that set modes at the same time are counted once, and -o is both's")
  func modes() throws {
    let server = try AccountServer {
      $0.operators = [OperatorAccount(name: "root", passwordHash: SettingsTests.hash)]
    }
    let laptop = try server.registered("ann")
    let phone = try server.loggedIn("ann")
    for client in [laptop, phone] { try client.send("MODE ann +i") }
    _ = try (laptop.messagesUntilNow(), phone.messagesUntilNow())
    #expect(server.server.server.hub.registry.population.invisible == 1)
    for client in [laptop, phone] { _ = try client.ask("OPER root secret") }
    _ = try laptop.ask("MODE ann -o")
    #expect(try phone.ask("KILL bob").commands.last == "481")
    #expect(server.server.server.hub.registry.population.operators == 0)
  }

  @Test("MONITOR is each connection's own")
  func monitor() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann")
    let phone = try server.loggedIn("ann")
    _ = try laptop.ask("MONITOR + bob")
    _ = try phone.ask("MONITOR C")
    #expect(try phone.ask("MONITOR L").commands == ["733"])
    let bob = try server.server.client("bob")
    #expect(try laptop.messagesUntilNow().commands == ["730"])
    bob.close()
    #expect(try phone.messagesUntilNow().isEmpty)
  }

  @Test("a person has as many connections as it may, and whoever logs out leaves the person")
  func limits() throws {
    let server = try AccountServer { $0.accounts.sessions = 2 }
    let laptop = try server.registered("ann")
    let phone = try server.loggedIn("ann")
    #expect(throws: (any Error).self) { try server.loggedIn("third", as: "ann") }
    let guest = try server.server.client("guest", capabilities: ["sasl"])
    try guest.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("ann"))")
    try guest.expect("904")
    try phone.send("ACCOUNT LOGOUT")
    #expect(try phone.readToEnd().last?.command == "ERROR")
    #expect(try laptop.ask("WHOIS ann").first("330") != nil)
    _ = try laptop.ask("ACCOUNT LOGOUT")
    #expect(try laptop.ask("WHOIS ann").first("330") == nil)
  }
}
