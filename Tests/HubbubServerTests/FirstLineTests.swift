import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// What the first lines of a connection show: a program that speaks IRC, or a person who types.
@Suite struct FirstLineTests {
  @Test(
    "a command of another server, or one with tags, is a program's, which registers behind it",
    arguments: [
      "WEBIRC secret gateway host.example 192.0.2.7", "STARTTLS", "PROTOCTL NAMESX",
      "AUTHENTICATE PLAIN", "@a=b FOO", "@label=1 FOO bar", "@+x FOO", "@a=b foo", "starttls",
      "protoctl namesx", "SERVER a.example 1 :x", "REGISTER * * secret", "NickServ IDENTIFY x",
      ":ann PROTOCTL NAMESX", "@a=b :x SASL PLAIN", "SQUERY x :y", "JOIN #a", "PRIVMSG #a :x",
    ])
  func programs(line: String) throws {
    let server = try TestServer()
    let client = try server.connect()
    let answer = try client.ask(line)
    #expect(answer.count == 1)
    #expect(["421", "451"].contains(answer.first?.command))
    try client.send("NICK ann", "USER a 0 * :A")
    let welcome = try client.expect("001")
    #expect(welcome.parameters.first == "ann")
  }

  @Test(
    "at the question for a name, a command makes it a client again, and nothing is lost",
    arguments: [
      ["", "NICK ann", "USER a 0 * :A"],
      ["", "", "USER a 0 * :A", "NICK ann"],
      ["hello", "nick ann", "user a 0 * :A"],
      ["hello", "Nick ann", "User a 0 * :A"],
      ["\t", "CAP LS 302", "NICK ann", "USER a 0 * :A", "CAP END"],
      ["hello", "@a=b NICK ann", ":ann USER a 0 * :A"],
      ["", ":x NICK :ann", "USER a 0 * :A"],
      ["", "PROTOCTL NAMESX", "NICK ann", "USER a 0 * :A"],
      ["", "STARTTLS", "NICK ann", "USER a 0 * :A"],
      ["", "PING x", "NICK ann", "USER a 0 * :A"],
      ["good morning", "not a name", "NICK ann", "USER a 0 * :A"],
    ])
  func clientAfterAll(lines: [String]) throws {
    let server = try TestServer()
    let client = try server.connect()
    for line in lines { try client.send(line) }
    #expect(try client.expect("422").parameters.first == "ann")
    // It reads the protocol again, and not text.
    let joined = try client.ask("JOIN #r")
    #expect(joined.commands.suffix(3) == ["JOIN", "353", "366"])
    let bob = try server.client("bob")
    try bob.join("#r")
    _ = try client.messagesUntilNow()
    _ = try bob.ask("PRIVMSG #r :hello")
    let heard = try client.messagesUntilNow()
    #expect(heard.commands == ["PRIVMSG"] && heard.texts == ["hello"])
  }

  @Test("with the server's password before the nickname as well")
  func password() throws {
    let server = try TestServer { $0.password = "tea for two" }
    let client = try server.connect()
    try client.send("", "PASS :tea for two", "NICK ann", "USER a 0 * :A")
    try client.expect("001")
  }

  @Test("a client after all is asked with PING again, and is ended if it does not answer")
  func pinged() throws {
    let server = try TestServer {
      $0.limits.pingAfter = .milliseconds(10)
      $0.limits.pingReply = .milliseconds(10)
    }
    let client = try server.connect()
    try client.send("", "NICK ann", "USER a 0 * :A")
    #expect(try client.readToEnd().commands.contains("PING"))
  }

  @Test(
    "a word that is a command elsewhere may be a person's name",
    arguments: ["nick", "Nick", "pass", "PASS", "User", "cap", "quit", "list", "version"])
  func names(name: String) throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try server.connect()
    try nc.send("", name, "hello")
    #expect(try bob.expect("PRIVMSG").source?.name == name)
  }

  @Test(
    "a person may begin with any words, and answer with them",
    arguments: ["hello", "hi there", "check this out", "error?", "watch this", ":)", "nicked"])
  func people(line: String) throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try server.connect()
    try nc.send(line, "it's \(line)", "nell", "hello")
    #expect(try bob.expect("PRIVMSG").source?.name == "nell")
  }

  @Test("a person whose name begins like a command is asked again when it presses Enter")
  func nickCave() throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try server.connect()
    try nc.send("", "Nick Cave", "", "cave", "hello")
    #expect(try bob.expect("PRIVMSG").source?.name == "cave")
  }

  @Test("in the lobby, what looks like a command is said")
  func said() throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try server.connect()
    try nc.send("", "nell", "NICK ann", "CAP LS 302")
    #expect(try bob.expect("PRIVMSG").parameters.last == "NICK ann")
    #expect(try bob.expect("PRIVMSG").parameters.last == "CAP LS 302")
  }

  @Test("what shows nothing decides nothing: a person may follow it")
  func unclear() throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try server.connect()
    try nc.send("@bob hi", "hello", "nell", "here I am")
    #expect(try bob.expect("PRIVMSG").source?.name == "nell")
  }

  // MARK: Line ends

  @Test(
    "lines that end as old scripts and telnet end them are lines",
    arguments: ["\n\r", "\r\r\n", "\r\0", "\r", "\n", "\r\n", "\r\0\r\n"])
  func lineEnds(ending: String) throws {
    let server = try TestServer()
    let ann = try server.connect()
    try ann.connection.send(
      bytes: Array("NICK ann\(ending)USER a 0 * :A\(ending)PING x\(ending)".utf8))
    let answers = try ann.read { $0.command == "PONG" }
    #expect(answers.commands.contains("001"))
    #expect(!answers.commands.contains("400"))
  }

  @Test(
    "a person whose Enter is none of CR LF is answered as well",
    arguments: ["\r\0", "\r", "\n\r", "\r\r\n"])
  func enter(ending: String) throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try server.connect()
    try nc.connection.send(bytes: Array(ending.utf8))
    try nc.connection.send(bytes: Array("nell\(ending)".utf8))
    try bob.expect("JOIN")
    try nc.connection.send(bytes: Array("hello\(ending)you\(ending)".utf8))
    #expect(try bob.expect("PRIVMSG").parameters.last == "hello")
    #expect(try bob.expect("PRIVMSG").parameters.last == "you")
  }

  @Test(
    "neither a CR nor a NUL within a line reaches anybody",
    arguments: ["\r", "\0", "\0\r", "\r\0\0"])
  func within(bytes: String) throws {
    let server = try TestServer()
    let (ann, bob) = (try server.client("ann"), try RawClient(server.endpoint))
    try bob.send("NICK bob", "USER b 0 * :B", "JOIN #r")
    _ = try bob.messagesUntilNow()
    try ann.join("#r")
    try ann.connection.send(bytes: Array("PRIVMSG #r :a\(bytes)b\r\nPRIVMSG #r :after\r\n".utf8))
    _ = try ann.messagesUntilNow()
    let texts = try bob.messagesUntilNow().texts
    #expect(texts.last == "after")
    #expect(texts.allSatisfy { !$0.utf8.contains(0) && !$0.utf8.contains(13) })
  }
}
