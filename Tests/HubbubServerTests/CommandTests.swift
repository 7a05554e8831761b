import IRCWire
import Testing

@testable import HubbubServer

@Suite struct CommandTests {
  @Test("a client is greeted once NICK and USER have come, in either order")
  func registration() throws {
    let server = try TestServer { $0.messageOfTheDay = ["Be kind."] }
    let client = try server.connect()
    try client.send("USER ann 0 * :Ann", "JOIN #early", "NICK ann")
    let messages = try client.read { $0.command == "376" }
    // "451 ERR_NOTREGISTERED: Returned when a client command cannot be parsed as they are not yet registered."
    #expect(messages.commands.first == "451")
    let welcome = ["001", "002", "003", "004", "005", "005", "005"]
    let population = ["251", "252", "253", "254", "255", "265", "266"]
    #expect(messages.commands.dropFirst() == welcome + population + ["375", "372", "376"][...])
    #expect(messages.last { $0.command == "372" }?.parameters.last == "- Be kind.")
  }

  @Test(
    "nicknames",
    arguments: [
      ("9lives", "432"), ("a b", nil), ("", "431"), ("ANN", "433"), ("#room", "432"),
      ("a!b", "432"),
      (String(repeating: "n", count: 33), "432"), (String(repeating: "n", count: 32), nil),
    ] as [(String, String?)])
  func nicknames(wanted: String, refusal: String?) throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    let answer = try bob.ask("NICK :\(wanted)")
    #expect(answer.first?.command == (refusal ?? (wanted.contains(" ") ? "432" : "NICK")))
    _ = ann
  }

  @Test("a nickname is freed when its owner's connection dies")
  func freed() throws {
    let server = try TestServer()
    let first = try server.client("ann")
    first.close()
    #expect(server.log.waitForLine(containing: "disconnect", "nick=ann") != nil)
    _ = try server.client("ann")
  }

  @Test("capabilities are negotiated, and a request is acknowledged or refused whole")
  func capabilities() throws {
    let server = try TestServer()
    let client = try server.connect()
    let names = try client.offered().map { String($0.prefix { $0 != "=" }) }
    try client.send("NICK ann", "USER ann 0 * :Ann")
    // Those that need a certificate, accounts or history are not there without.
    let absent = Capability.ofHistory.union([
      .strictTransport, .sasl, .accountNotify, .accountTag, .accountRegistration,
    ])
    #expect(names == Capability.names.filter { !absent.contains($0.capability) }.map(\.name))
    try client.send("CAP REQ :server-time no-such-thing", "CAP REQ :server-time")
    #expect(try client.expect("CAP").parameters[1] == "NAK")
    #expect(try client.expect("CAP").parameters[1] == "ACK")
    try client.send("CAP LIST", "CAP WHAT", "CAP END")
    #expect(try client.expect("CAP").parameters == ["ann", "LIST", "cap-notify server-time"])
    try client.expect("410")
    try client.expect("001")
  }

  @Test("PRIVMSG reaches everyone in the room but its author, and comes back with echo-message")
  func echo() throws {
    let server = try TestServer()
    let ann = try server.client("ann", capabilities: ["echo-message", "message-tags"])
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.expect("JOIN")
    try bob.send("PRIVMSG #r :from bob")
    #expect(try bob.messagesUntilNow().isEmpty)
    try ann.send("@+draft/reply=1;x=2 PRIVMSG #r,bob :from ann")
    let seen = try ann.messagesUntilNow()
    #expect(seen.texts == ["from bob", "from ann", "from ann"])
    #expect(seen.allSatisfy { $0.tag("msgid") != nil })
    #expect(seen[1].tags.filter(\.isClientOnly) == [Tag("+draft/reply", "1")])
    #expect(seen[2].parameters[0] == "bob")
    #expect(try bob.messagesUntilNow().texts == ["from ann", "from ann"])
  }

  @Test(
    "errors are said to the one who erred, and NOTICE is never answered",
    arguments: [
      ("PRIVMSG", "411"), ("PRIVMSG #r", "412"), ("PRIVMSG nobody :x", "401"),
      ("PRIVMSG #none :x", "403"), ("PRIVMSG #other :x", "404"), ("NOTICE nobody :x", nil),
      ("NOTICE #other :x", nil), ("PRIVMSG a,b,c,d,e :x", "407"), ("JOIN", "461"),
      ("JOIN room", "403"), ("JOIN #a\u{7}b", "476"), ("PART #none", "403"), ("PART #other", "442"),
      ("TOPIC #other :x", "442"), ("KICK #other ann", "442"), ("KICK #r nobody", "441"),
      ("INVITE nobody #r", "401"), ("INVITE other #r", "341"), ("MODE #r +q x", "472"),
      ("MODE #r +o nobody", "401"), ("MODE #r +l", "696"), ("MODE #r +l x", "696"),
      ("MODE #r +k a,b", "525"), ("MODE other +i", "502"), ("MODE ann +z", "501"),
      ("WHOIS nobody", "401"), ("WHOIS", "431"), ("NICK", "431"), ("USER a 0 * :a", "462"),
      ("PASS x", "462"), ("NONSENSE", "421"), ("PING", "409"), ("CAP", "461"),
      ("AWAY :gone", "306"),
      ("AWAY", "305"), ("WHO nobody", "315"), ("NAMES #none", "366"), ("LIST #none", "321"),
      ("MOTD", "422"), ("PRIVMSG #r :\u{0}", "400"), ("PRIVMSG , :x", "411"),
      ("NOTICE ,, :x", nil),
      ("LIST >1,>2,>3,>4,>5,>6,>7,>8,>9,>10,>11,>12,>13,>14,>15,>16,>17", "407"),
      ("LIST >1,>2,>3,>4,>5,>6,>7,>8,>9,>10,>11,>12,>13,>14,>15,>16", "321"),
    ] as [(String, String?)])
  func errors(line: String, numeric: String?) throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let other = try server.client("other")
    try ann.join("#r")
    try other.join("#other")
    #expect(try ann.ask(line).first?.command == numeric)
  }

  @Test("what is not UTF-8 is refused with FAIL and never relayed")
  func invalidUTF8() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.connection.send(bytes: Array("PRIVMSG #r :".utf8) + [0xC3, 0x28, 13, 10])
    let failure = try ann.expect("FAIL")
    #expect(failure.parameters.prefix(2) == ["PRIVMSG", "INVALID_UTF8"])
    #expect(try bob.messagesUntilNow().texts.isEmpty)
  }

  @Test("a long message is cut at a character, and a line that is too long costs only itself")
  func longLines() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    let text = String(repeating: "ä", count: 245)
    try ann.send("PRIVMSG #r :\(text)", "PRIVMSG #r :\(text)\(text)", "PRIVMSG #r :after")
    try ann.expect("417")
    let texts = try bob.messagesUntilNow().texts
    #expect(texts.count == 2)
    #expect(text.hasPrefix(texts[0]))
    #expect(texts[1] == "after")
  }

  @Test("room modes let in and keep out whom they say")
  func roomModes() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.join("#r")
    #expect(try ann.ask("MODE #r").first?.parameters == ["ann", "#r", "+nt"])
    try ann.send("MODE #r +kl-t+i key 2")
    #expect(try ann.expect("MODE").parameters == ["#r", "+kl-t+i", "key", "2"])
    #expect(try bob.ask("JOIN #r key").commands == ["473"])
    #expect(try ann.ask("INVITE bob #r").first?.command == "341")
    #expect(try bob.expect("INVITE").parameters == ["bob", "#r"])
    // The invitation opens the door, the key notwithstanding.
    #expect(try bob.ask("JOIN #r").commands.first == "JOIN")
    let cem = try server.client("cem")
    try ann.send("MODE #r -i")
    try ann.expect("MODE")
    #expect(try cem.ask("JOIN #r key").commands == ["471"])
    #expect(try bob.ask("TOPIC #r :anybody").commands == ["MODE", "TOPIC"])
    try ann.send("MODE #r +m-t")
    try bob.expect("MODE")
    #expect(try bob.ask("PRIVMSG #r :x").last?.command == "404")
    try ann.send("MODE #r +v bob")
    _ = try bob.read { $0.command == "MODE" && $0.parameters.contains("bob") }
    #expect(try bob.ask("PRIVMSG #r :x").isEmpty)
    #expect(try bob.ask("MODE #r +o bob").commands == ["482"])
  }

  /// A5
  @Test(
    "a secret room is shown to its members only",
    arguments: [
      "LIST", "NAMES #s", "WHO #s", "WHOIS ann", "TOPIC #s", "WHO ann",
    ])
  func secret(line: String) throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.join("#s")
    try ann.send("MODE #s +s", "TOPIC #s :hidden")
    _ = try ann.messagesUntilNow()
    let shown = try bob.ask(line)
    #expect(!shown.contains { $0.parameters.contains("hidden") })
    let naming = shown.filter { ["322", "353", "352", "319"].contains($0.command) }
    #expect(!naming.contains { $0.parameters.contains { $0.contains("#s") } })
    #expect(try ann.ask("LIST").contains { $0.command == "322" })
  }

  @Test("who and whois tell what is to be known")
  func people() throws {
    let server = try TestServer()
    let ann = try server.client("ann", capabilities: ["multi-prefix"])
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.send("MODE #r +v ann", "AWAY :tea")
    _ = try ann.messagesUntilNow()
    let who = try ann.ask("WHO #r").filter { $0.command == "352" }
    #expect(who.map { $0.parameters[5] + $0.parameters[6] } == ["annG@+", "bobH"])
    let whois = try bob.ask("WHOIS ann")
    #expect(whois.commands.filter { $0 != "MODE" } == ["311", "319", "312", "301", "317", "318"])
    #expect(try bob.ask("PRIVMSG ann :hi").commands == ["301"])
    try bob.send("MODE bob +i")
    #expect(try bob.expect("MODE").parameters == ["bob", "+i"])
  }

  /// C3, one after the other: the racing form is in HubbubRoomsTests.
  @Test("kicked, renamed and gone: each seen once, in its place")
  func comingsAndGoings() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    for room in ["#a", "#b"] {
      try ann.join(room)
      try bob.join(room)
    }
    try bob.send("NICK rob")
    try bob.expect("NICK")
    try ann.send("KICK #a rob :out")
    try bob.expect("KICK")
    try bob.send("QUIT :done")
    _ = try bob.readToEnd()
    let seen = try ann.read { $0.command == "QUIT" }.filter { $0.command != "353" }
    #expect(
      seen.commands.filter { ["NICK", "KICK", "QUIT"].contains($0) } == ["NICK", "KICK", "QUIT"])
    #expect(seen.last?.parameters == ["Quit: done"])
    #expect(try ann.messagesUntilNow().isEmpty)
  }
}
