import HubbubServer
import IRCWire
import Testing

/// What an operator of the server can do for a room: SAMODE, and looking at secret ones.
@Suite struct MendingTests {
  /// A room whose operator has left, bob in it, and op, who operates the server.
  private struct Scene {
    let server: TestServer
    let bob: ScriptedClient
    let op: ScriptedClient

    init(_ modes: String = "+nt", op capabilities: [String] = []) throws {
      server = try TestServer {
        $0.operators = [.init(name: "root", passwordHash: SettingsTests.hash)]
      }
      let ann = try server.client("ann")
      bob = try server.client("bob")
      op = try server.client("op", capabilities: capabilities)
      try ann.join("#r")
      try bob.join("#r")
      _ = try ann.ask("MODE #r \(modes)")
      _ = try ann.ask("PART #r")
      try op.send("OPER root secret")
      try op.expect("381")
      _ = try op.messagesUntilNow()
      _ = try bob.messagesUntilNow()
    }
  }

  @Test(
    "SAMODE gives a room an operator again; the room is told, and the log",
    arguments: [true, false])
  func samode(isInside: Bool) throws {
    let scene = try Scene("+s")
    // An invitation is for operators; it comes in as anybody would.
    if isInside { try scene.op.join("#r") }
    _ = try scene.bob.messagesUntilNow()
    let answer = try scene.op.ask("SAMODE #r +o bob")
    #expect(answer.commands == [isInside ? "MODE" : "NOTICE"])
    let heard = try scene.bob.expect("MODE")
    #expect(heard.parameters == ["#r", "+o", "bob"])
    #expect(heard.source?.description == "hubbub.local")
    #expect(
      scene.server.log.waitForLine(
        containing: "command=SAMODE", "account=root", "channel=#r", "changed=+o bob") != nil)
    #expect(try scene.bob.ask("MODE #r +m").commands == ["MODE"])
  }

  @Test("SAMODE carries its label, and names no account of whoever asked")
  func label() throws {
    let scene = try Scene(op: ["labeled-response", "batch", "message-tags"])
    try scene.op.join("#r")
    let answer = try scene.op.ask("@label=1 SAMODE #r +m")
    #expect(answer.map(\.command) == ["MODE"])
    #expect(answer.first?.tag("label") == "1")
  }

  @Test(
    "SAMODE is for operators, and says what it cannot do",
    arguments: [
      ("bob", "SAMODE #r +o bob", "481"), ("bob", "SAMODE #none +o bob", "481"),
      ("op", "SAMODE #r", "461"), ("op", "SAMODE", "461"), ("op", "SAMODE #none +o bob", "403"),
      ("op", "SAMODE bob +i", "403"), ("op", "SAMODE #r +o nobody", "401"),
      ("op", "SAMODE #r +o op", "441"), ("op", "SAMODE #r +z", "472"),
      ("op", "SAMODE #r +nt", "NOTICE"), ("op", "SAMODE #r b", "368"),
      ("op", "SAMODE #r +l x", "696"),
    ])
  func refused(who: String, line: String, numeric: String) throws {
    let scene = try Scene()
    let client = who == "bob" ? scene.bob : scene.op
    #expect(try client.ask(line).map(\.command) == [numeric])
    #expect(try scene.bob.messagesUntilNow() == [])
  }

  @Test(
    "MODE and its like do no more for an operator of the server",
    arguments: [
      ("MODE #r +o bob", "403"), ("TOPIC #r :x", "403"), ("KICK #r bob", "403"),
      ("INVITE op #r", "403"), ("PRIVMSG #r :x", "403"), ("RENAME #r #q", "403"),
      ("JOIN #r", "473"),
    ])
  func plain(line: String, numeric: String) throws {
    let scene = try Scene("+si")
    #expect(try scene.op.ask(line).commands == [numeric])
    #expect(try scene.bob.messagesUntilNow() == [])
  }

  @Test(
    "an operator sees a secret room where it looks for it, and that is written down",
    arguments: [
      ("NAMES #r", "353", "NAMES"), ("WHO #r", "352", "WHO"), ("LIST", "322", "LIST"),
      ("LIST #r", "322", "LIST"), ("TOPIC #r", "331", "TOPIC"), ("MODE #r", "324", "MODE"),
      ("MODE #r b", "368", "MODE"), ("WHOIS bob", "319", "WHOIS"), ("STATS f #r", "249", "STATS"),
    ])
  func sight(line: String, numeric: String, command: String) throws {
    let scene = try Scene("+s")
    _ = try scene.bob.ask("MODE bob +i")
    #expect(try scene.op.ask(line).commands.contains(numeric))
    #expect(
      scene.server.log.waitForLine(containing: "operator", "command=\(command)", "account=root")
        != nil)
    let stranger = try scene.server.client("stranger")
    #expect(try !stranger.ask(line).commands.contains(numeric))
  }

  @Test("what everybody sees is not written down")
  func unaudited() throws {
    let scene = try Scene()
    for line in ["NAMES #r", "WHO #r", "LIST", "TOPIC #r", "MODE #r", "WHOIS bob", "STATS f #r"] {
      _ = try scene.op.ask(line)
    }
    let isWritten = ["NAMES", "WHO", "LIST", "TOPIC", "MODE", "WHOIS", "STATS"].contains {
      command in
      scene.server.log.find { $0.contains("operator") && $0.contains("command=\(command) ") } != nil
    }
    #expect(!isWritten)
  }

  @Test("KILL needs no reason", arguments: ["KILL bob", "KILL bob :"])
  func kill(line: String) throws {
    let scene = try Scene()
    try scene.op.send(line)
    let last = try scene.bob.readToEnd()
    #expect(last.last?.parameters == ["Closing Link: 127.0.0.1 (Killed (op (No reason given)))"])
  }
}
