import Foundation
import HubbubServer
import IRCWire
import Testing

/// People with nothing but netcat.
@Suite struct TerminalTests {
  @Test("netcat in a terminal: asked for a name, put into the lobby, and each line is said there")
  func conversation() throws {
    let server = try TestServer { $0.networkName = "Tea" }
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try Tmux("nc", "127.0.0.1", "\(server.endpoint.port)")
    try nc.type("")
    try nc.wait(for: "Welcome to Tea. What is your name?")
    try nc.type("not a name")
    try nc.wait(for: "Another?")
    try nc.type("BOB")
    try nc.wait(for: "Somebody is called BOB already. Another?")
    try nc.type("nell")
    #expect(try bob.expect("JOIN").source?.description == "nell!~nell@127.0.0.1")
    try nc.wait(for: "* Here: @bob nell")
    try nc.wait(for: "Type, and everybody in the room reads it.")

    try nc.type("hello, everybody")
    #expect(try bob.expect("PRIVMSG").parameters == ["#lobby", "hello, everybody"])
    try bob.send(
      "PRIVMSG #lobby :hello nell", "PRIVMSG nell :psst", "PRIVMSG #lobby :\u{1}ACTION nods\u{1}")
    try nc.wait(for: "<bob> hello nell")
    try nc.wait(for: "<bob> (to you) psst")
    try nc.wait(for: "* bob nods")
    try nc.type("//slash")
    #expect(try bob.expect("PRIVMSG").parameters == ["#lobby", "/slash"])
    try nc.type("/me sits down")
    #expect(try bob.expect("PRIVMSG").parameters == ["#lobby", "\u{1}ACTION sits down\u{1}"])
    try nc.type("/msg bob just you")
    #expect(try bob.expect("PRIVMSG").parameters == ["bob", "just you"])
    try nc.type("/msg nobody hm")
    try nc.wait(for: "* nobody: No such nick")
    try nc.type("/nick nelly")
    #expect(try bob.expect("NICK").parameters == ["nelly"])
    try nc.wait(for: "* nell is now nelly")
    try nc.type("/who")
    try nc.wait(for: "* Here: @bob nelly")
    try nc.type("/nonsense")
    try nc.wait(
      for: "There are /who, /nick NAME, /me DOES, /msg NAME TEXT, /join to come back, and /quit.")
    try bob.send("KICK #lobby nelly :mind the cat")
    try nc.wait(for: "mind the cat")
    try nc.type("/join #tea")
    try nc.wait(for: "Without an IRC client there is one room: #lobby.")
    try nc.type("/join")
    #expect(try bob.expect("JOIN").source?.name == "nelly")
    try nc.type("/quit good night")
    #expect(try bob.expect("QUIT").parameters == ["Quit: good night"])
    // netcat itself stays until Ctrl-D.
    try nc.wait(for: "* Quit: good night")
  }

  // A8
  @Test("A8 nothing that others write reaches a terminal as a command to it")
  func harmless() throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let nc = try Netcat(server.endpoint.port)
    try nc.type("hello")
    try nc.type("nell")
    try nc.wait(for: "Type, and everybody")
    let nasty =
      (1..<0x20).filter { $0 != 10 && $0 != 13 }.map { String(UnicodeScalar(UInt8($0))) }.joined()
      + "\u{7F}\u{9B}31m\u{85}\u{1B}[2J\u{1B}]0;title\u{7}"
    for line in [
      "PRIVMSG #lobby :\(nasty)", "NOTICE nell :\(nasty)", "TOPIC #lobby :\(nasty)",
      "PRIVMSG nell :\(nasty)",
      "PART #lobby :\(nasty)", "JOIN #lobby", "INVITE nell #other", "QUIT :\(nasty) the end",
    ] { try bob.send(line) }
    try nc.wait(for: "the end")
    let shown = nc.text.unicodeScalars
    let allowed: Set<UnicodeScalar> = ["\r", "\n"]
    #expect(shown.allSatisfy { !$0.properties.isControl || allowed.contains($0) })
    #expect(!nc.text.contains("PRIVMSG"))
    #expect(!nc.text.contains("!~"))
  }

  /// A terminal passes on what a key sends.
  @Test(
    "what is typed reaches others without control characters",
    arguments: ["\u{1B}[A", "\u{0}", "\u{7F}"])
  func typedControls(key: String) throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let terminal = try server.connect()
    try terminal.send("hello there", "nell")
    try bob.expect("JOIN")
    try terminal.send("a\(key)PRIVMSG b", "after")
    let heard = try bob.read { $0.parameters.last == "after" }
    #expect(heard.count == 2)
    #expect(heard[0].parameters.last == "a\(key == "\u{1B}[A" ? "[A" : "")PRIVMSG b")
  }

  @Test("what telnet says of itself is not said in the room, and what is no UTF-8 is refused")
  func telnet() throws {
    let server = try TestServer()
    let bob = try server.client("bob")
    try bob.join("#lobby")
    let terminal = try server.connect()
    try terminal.connection.send(bytes: [255, 253, 3, 255, 251, 31, 13, 10])
    try terminal.send("nell")
    try bob.expect("JOIN")
    try terminal.connection.send(bytes: [0x61, 255, 253, 6, 0x62, 13, 10, 0xE9, 13, 10])
    try terminal.send("after")
    #expect(
      try bob.read { $0.parameters.last == "after" }.map(\.parameters.last) == ["ab", "after"])
  }

  @Test("a terminal is asked for the server's password")
  func password() throws {
    let server = try TestServer {
      $0.password = "tea for two"
      $0.limits.passwordDelay = .zero
    }
    for (password, answer) in [("tea", "Password incorrect"), ("tea for two", "Type, and")] {
      let nc = try Netcat(server.endpoint.port)
      try nc.type("")
      try nc.wait(for: "What is your name?")
      try nc.type("nell\(password.count)")
      try nc.wait(for: "And the password")
      try nc.type(password)
      try nc.wait(for: answer)
    }
  }

  @Test("who cannot come into the lobby is not told that everybody reads it")
  func closedLobby() throws {
    let server = try TestServer {
      $0.rooms = [PersistentRoom(name: "#lobby", modes: "+k tea")]
    }
    let nc = try Netcat(server.endpoint.port)
    try nc.type("")
    try nc.type("nell")
    try nc.wait(for: "* #lobby: Cannot join channel (+k)")
    try nc.wait(for: "You are in no room; /join tries again.")
    #expect(!nc.text.contains("everybody in the room"))
  }

  @Test("who connects and says nothing is greeted, in words that a program passes over")
  func greeting() throws {
    let server = try TestServer {
      $0.limits.greeting = .milliseconds(10)
      $0.networkName = "Tea"
    }
    let silent = try server.connect()
    let notice = try silent.expect("NOTICE")
    #expect(notice.source?.name == "hubbub.local")
    #expect(notice.parameters == ["*", "This is Tea, a chat server. No IRC client? Press Enter."])
    // It is a client after all.
    try silent.send("NICK ann", "USER a 0 * :A")
    try silent.expect("001")
    let nc = try Netcat(server.endpoint.port)
    try nc.wait(for: "Press Enter.")
    try nc.type("")
    try nc.wait(for: "What is your name?")
  }

  @Test(
    "who speaks first is not greeted, nor is anybody where there is no lobby",
    arguments: [true, false])
  func noGreeting(hasLobby: Bool) throws {
    let server = try TestServer {
      $0.limits.greeting = .milliseconds(10)
      $0.limits.registration = .seconds(3)
      if !hasLobby { $0.lobby = nil }
    }
    let client = try server.connect()
    if hasLobby { try client.send("CAP LS") }
    // It hears nothing else until it is late.
    let heard = try client.readToEnd()
    #expect(heard.commands == (hasLobby ? ["CAP", "ERROR"] : ["ERROR"]))
    if !hasLobby {
      #expect(try server.connect().ask("hello").commands == ["421"])
    }
  }

  @Test("a terminal is never asked with PING, and may be silent for as long as it likes")
  func silence() throws {
    let server = try TestServer {
      $0.limits.pingAfter = .milliseconds(10)
      $0.limits.pingReply = .milliseconds(10)
    }
    let nc = try Netcat(server.endpoint.port)
    try nc.type("hello")
    try nc.type("nell")
    try nc.wait(for: "Type, and everybody")
    // Another one that is as silent is ended meanwhile, twice.
    for name in ["one", "two"] { _ = try server.client(name).readToEnd() }
    let bob = try server.client("bob")
    try bob.send("PRIVMSG nell :still there?")
    try nc.wait(for: "(to you) still there?")
    #expect(!nc.text.contains("PING"))
  }

  @Test(
    "the first line decides: a command of the protocol is a client's",
    arguments: ["PING x", "cap ls", "NICK ann", "QUIT"])
  func client(line: String) throws {
    let server = try TestServer()
    let client = try server.connect()
    try client.send(line, "what is this", "PING end")
    let answers = try client.readUntil("end")
    #expect(
      !answers.contains {
        $0.parameters.last?.contains("your name") == true || $0.command == "WELCOME"
      })
  }

  @Test("a server that stops says so in words")
  func stopping() throws {
    let server = try TestServer()
    let nc = try Netcat(server.endpoint.port)
    try nc.type("hello")
    try nc.type("nell")
    try nc.wait(for: "Type, and everybody")
    server.stop()
    try nc.wait(for: "* Server is stopping")
    #expect(!nc.text.contains("ERROR"))
  }
}

extension ScriptedClient {
  /// All that comes before the PONG with this token, or the end.
  fileprivate func readUntil(_ token: String) throws -> [Message] {
    do {
      return try read { $0.command == "PONG" && $0.parameters.last == token }
    } catch let end as Ended { return end.messages }
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isControl: Bool { generalCategory == .control }
}
