import IRCWire
import Testing

@testable import HubbubServer

/// Names of services are nobody's.
@Suite struct ReservedNicknameTests {
  @Test(
    "services' names, and those that look like them, are reserved",
    arguments: [
      "NickServ", "nickserv", "NICKSERV", "ChanServ", "MemoServ", "OperServ", "HostServ", "BotServ",
      "AuthServ", "SaslServ", "Global", "Services", "N1ckServ", "NlckServ", "N|ckServ", "Mem0Serv",
      "NickS3rv", "Nick5erv", "SeenServ", "server", "G1oba1",
    ])
  func reserved(name: String) throws {
    #expect(ReservedNicknames(ReservedNicknames.usual).contains(name))
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    // "432 ERR_ERRONEUSNICKNAME"
    #expect(try ann.ask("NICK \(name)").commands == ["432"])
    #expect(try bob.ask("PRIVMSG \(name) :IDENTIFY secret").commands == ["401"])
    #expect(try bob.ask("NOTICE \(name) :IDENTIFY secret") == [])
    let newcomer = try server.connect()
    try newcomer.send("NICK \(name)", "USER x 0 * :x")
    try newcomer.expect("432")
    try newcomer.send("NICK cem")
    try newcomer.expect("001")
  }

  @Test(
    "people's names are free",
    arguments: ["ann", "serve", "Servant", "Conserve", "globe", "serv_", "NickServer", "operators"])
  func free(name: String) { #expect(!ReservedNicknames(ReservedNicknames.usual).contains(name)) }

  @Test(
    "brackets and case are as in CASEMAPPING=rfc1459",
    arguments: [("[Bot]", "{bot}"), ("a\\b", "A|B"), ("x^", "X^"), ("[bot]", "[BOT}")])
  func brackets(pattern: String, name: String) {
    #expect(ReservedNicknames([pattern]).contains(name))
  }

  @Test("the settings say which names are reserved, and what cannot be one is refused")
  func settings() throws {
    let server = try TestServer {
      $0.reservedNicknames = ReservedNicknames(["root", "x*"])
    }
    let ann = try server.client("ann")
    #expect(try ann.ask("NICK Root").commands == ["432"])
    #expect(try ann.ask("NICK xenia").commands == ["432"])
    #expect(try ann.ask("NICK NickServ").commands == ["NICK"])
    for pattern in ["root", "*Serv", "a?c", "[x]*"] {
      #expect(ReservedNicknames.isPattern(pattern), "\(pattern)")
    }
    for pattern in ["", "*", "??", "a b", "a!b", "é", ":x"] {
      #expect(!ReservedNicknames.isPattern(pattern), "\(pattern)")
    }
  }

  @Test("a person with a bare terminal is asked for another name")
  func terminal() throws {
    let server = try TestServer()
    let netcat = try Netcat(server.endpoint.port)
    try netcat.type("")
    try netcat.wait(for: "What is your name?")
    try netcat.type("NickServ")
    try netcat.wait(for: "NickServ is a name that nobody can have here. Another?")
    try netcat.type("nell")
    try netcat.wait(for: "Type, and everybody in the room reads it.")
  }
}
