import IRCWire
import Testing

/// PRIVMSG, NOTICE and TAGMSG, with message-tags and server-time.
@Suite struct SpeechTests {
  // "Client-only tags are client-initiated tags that servers MUST attach as-is to any relevant message relayed
  // to other clients." "Tags without the client-only prefix MUST be removed by the server before being relayed"
  // (IRCv3 message-tags)
  @Test("tags reach those who negotiated them, and nobody else", arguments: ["#r", "bob"])
  func tags(target: String) throws {
    let meeting = try Meeting(
      ann: ["message-tags", "echo-message"], bob: ["message-tags", "server-time"])
    try meeting.cem.join("#r")
    try meeting.ann.send("@+baz=fizz\\:buzz\\s\\\\;cat=dog;+steel PRIVMSG \(target) :hi")
    let told = try meeting.told
    let heard = try #require(told[1].last)
    #expect(heard.tag("+baz") == "fizz;buzz \\")
    #expect(heard.tag("+steel") == "")
    #expect(heard.tag("cat") == nil)
    #expect(heard.tag("time") != nil)
    let echo = told[0].last
    #expect(echo?.tag("msgid") == heard.tag("msgid"))
    #expect(echo?.tag("+baz") == heard.tag("+baz"))
    #expect(echo?.tag("time") == nil)
    #expect(told[2].last { $0.command == "PRIVMSG" }?.tags ?? [] == [])
  }

  // "Servers MUST NOT deliver TAGMSG to clients that haven't negotiated the message tags capability."
  @Test("a TAGMSG is for those with message-tags", arguments: ["#r", "bob", "@#r"])
  func tagMessage(target: String) throws {
    let meeting = try Meeting(ann: ["message-tags"], bob: ["message-tags"])
    try meeting.cem.join("#r")
    try meeting.ann.send("MODE #r +oo bob cem")
    _ = try meeting.told
    try meeting.ann.send("@+typing=active TAGMSG \(target)")
    let told = try meeting.told
    #expect(told[0] == [])
    #expect(told[1].commands == ["TAGMSG"])
    #expect(told[1].first?.parameters == [target])
    #expect(told[1].first?.tag("+typing") == "active")
    #expect(told[2] == [])
  }

  // "Clients MUST NOT send messages with tag data exceeding 4094 bytes" "Servers MUST reply with the
  // ERR_INPUTTOOLONG (417) error numeric if a client sends a message with more tag data than the allowed
  // limit." (IRCv3 message-tags)
  @Test("4094 bytes of tag data are let through whole, 4095 are refused", arguments: [4094, 4095])
  func tagLimit(bytes: Int) throws {
    let meeting = try Meeting(ann: ["message-tags"], bob: ["message-tags", "server-time"])
    let value = String(repeating: "a", count: bytes - "foo=bar;+baz=".utf8.count)
    try meeting.ann.send("@foo=bar;+baz=\(value) PRIVMSG #r :hi")
    let told = try meeting.told
    #expect(told[0].commands == (bytes == 4094 ? [] : ["417"]))
    #expect(told[1].map { $0.tag("+baz") } == (bytes == 4094 ? [value] : []))
    #expect(try meeting.ann.ask("PRIVMSG #r :after") == [])
    #expect(try meeting.bob.messagesUntilNow().texts == ["after"])
  }

  // A2. "automatic replies must never be sent in response to a NOTICE message. This rule also applies to servers
  // -- they must not send any error back to the client on receipt of a NOTICE command." (Modern IRC)
  @Test(
    "A2 a NOTICE is never answered",
    arguments: [
      "NOTICE", "NOTICE bob", "NOTICE bob :", "NOTICE nobody :x", "NOTICE #none :x", "NOTICE #o :x",
      "NOTICE @#o :x", "NOTICE a,b,c,d,e,f :x", "NOTICE bob :x", "NOTICE #r :x", "NOTICE away :x",
      "NOTICE :", "NOTICE , :x", "NOTICE bob :\u{1}VERSION\u{1}",
    ])
  func notices(line: String) throws {
    let meeting = try Meeting()
    try meeting.cem.join("#o")
    let away = try meeting.server.client("away")
    _ = try away.ask("AWAY :gone")
    #expect(try meeting.ann.ask(line) == [])
  }

  /// A2. Each answers every PRIVMSG, and neither is told anything that it would have to answer.
  @Test("A2 two bots that answer with NOTICE fall silent after one answer each")
  func bots() throws {
    let meeting = try Meeting()
    try meeting.ann.send("PRIVMSG bob :ping")
    try meeting.bob.expect("PRIVMSG")
    try meeting.bob.send("NOTICE ann :auto", "NOTICE gone :auto")
    #expect(try meeting.bob.messagesUntilNow() == [])
    #expect(try meeting.ann.messagesUntilNow().commands == ["NOTICE"])
  }

  // A3. "Clients MUST NOT include a source when sending a message." (Modern IRC)
  @Test(
    "A3 a forged prefix is ignored",
    arguments: [":bob", ":bob!~bob@127.0.0.1", ":hubbub.local", ":ann", ":"])
  func forged(prefix: String) throws {
    let meeting = try Meeting(ann: ["echo-message"])
    try meeting.ann.send("\(prefix) PRIVMSG #r :x", "\(prefix) TOPIC #r :y", "\(prefix) NICK anna")
    let heard = try meeting.told[1]
    #expect(heard.commands == ["PRIVMSG", "TOPIC", "NICK"])
    #expect(heard.allSatisfy { $0.source?.description == "ann!~ann@127.0.0.1" })
  }

  // "If a message cannot be delivered to a channel, the server SHOULD respond with an ERR_CANNOTSENDTOCHAN
  // (404) numeric" (Modern IRC)
  @Test(
    "what cannot be delivered is refused, and nobody hears it",
    arguments: [
      ("MODE #r +m", "bob", "404"), ("MODE #r +b bob!*@*", "bob", "404"),
      ("MODE #r +b *!*@127.0.0.1", "bob", "404"), ("MODE #r +n", "cem", "404"),
      ("MODE #r -n", "cem", nil), ("MODE #r +b-n cem!*@*", "cem", "404"),
      ("MODE #r +bev bob!*@* nobody!*@* bob", "bob", nil),
      ("MODE #r +be bob!*@* *!~bob@*", "bob", nil),
      ("MODE #r +b zoe!*@*", "bob", nil), ("MODE #r +mv bob", "bob", nil),
      ("MODE #r +mh bob", "bob", nil),
    ] as [(String, String, String?)])
  func undelivered(mode: String, speaker: String, refusal: String?) throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask(mode)
    _ = try meeting.told
    let client = speaker == "bob" ? meeting.bob : meeting.cem
    let answer = try client.ask("PRIVMSG #r :x")
    #expect(answer.map(\.command) == [refusal].compactMap(\.self))
    if refusal != nil { #expect(answer.first?.parameters.prefix(2) == [speaker, "#r"]) }
    #expect(try meeting.ann.messagesUntilNow().texts == (refusal == nil ? ["x"] : []))
  }

  // "the message will be delivered only to the members of that channel with the given or higher status in the
  // channel" (Modern IRC, PRIVMSG)
  @Test(
    "STATUSMSG reaches those of the prefix and above",
    arguments: [("@", ["op"]), ("%", ["op", "half"]), ("+", ["op", "half", "voice"])])
  func statusMessage(prefix: String, hearers: [String]) throws {
    let meeting = try Meeting()
    let names = ["op", "half", "voice", "none"]
    let clients = try names.map { try meeting.server.client($0) }
    for client in clients { try client.join("#r") }
    _ = try meeting.ann.ask("MODE #r +ohv op half voice")
    for client in clients { _ = try client.messagesUntilNow() }
    // The speaker itself has the status, and hears nothing.
    #expect(try meeting.ann.ask("PRIVMSG \(prefix)#r :x") == [])
    for (name, client) in zip(names, clients) {
      let heard = try client.messagesUntilNow()
      #expect(heard.map(\.parameters) == (hearers.contains(name) ? [["\(prefix)#r", "x"]] : []))
    }
    #expect(try meeting.cem.ask("PRIVMSG \(prefix)#r :x").commands == ["404"])
  }

  @Test(
    "+C keeps requests to programs out, and lets ACTION pass",
    arguments: [("\u{1}VERSION\u{1}", false), ("\u{1}ACTION waves\u{1}", true), ("text", true)])
  func ctcp(text: String, isHeard: Bool) throws {
    let meeting = try Meeting()
    try meeting.ann.send("MODE #r +C")
    _ = try meeting.told
    #expect(try meeting.bob.ask("PRIVMSG #r :\(text)").commands == (isHeard ? [] : ["404"]))
    #expect(try meeting.ann.messagesUntilNow().texts == (isHeard ? [text] : []))
  }

  // RPL_AWAY "with the away message, when a PRIVMSG command is directed at the away user (not to a channel they
  // are on)" (Modern IRC)
  @Test("who writes to somebody away is told, once for each message")
  func away() throws {
    let meeting = try Meeting()
    #expect(try meeting.bob.ask("AWAY :at lunch").commands == ["306"])
    let answer = try meeting.ann.ask("PRIVMSG bob :x")
    #expect(answer.map(\.parameters) == [["ann", "bob", "at lunch"]])
    #expect(answer.commands == ["301"])
    #expect(try meeting.ann.ask("PRIVMSG #r :x") == [])
    #expect(try meeting.bob.messagesUntilNow().texts == ["x", "x"])
    // An empty message is none.
    #expect(try meeting.bob.ask("AWAY :").commands == ["305"])
    #expect(try meeting.ann.ask("PRIVMSG bob :x") == [])
  }

  @Test(
    "a bot's messages carry the tag bot, without a value",
    arguments: ["PRIVMSG #r :x", "NOTICE bob :x", "TOPIC #r :x", "NICK anna"])
  func bot(line: String) throws {
    let meeting = try Meeting(bob: ["message-tags"])
    _ = try meeting.ann.ask("MODE ann +B")
    _ = try meeting.bob.messagesUntilNow()
    try meeting.ann.send(line)
    let heard = try meeting.told[1]
    // "Servers MUST NOT send this tag with a value" (IRCv3 bot mode)
    #expect(heard.map { $0.tag("bot") } == [""])
  }
}
