import HubbubServer
import IRCWire
import Testing

/// `+f`, `+U`, `+C` and RELAYMSG.
@Suite struct ModerationTests {
  // MARK: +f

  // "470 ERR_LINKCHANNEL: <original channel> <target channel> :Forwarding to another channel"
  @Test(
    "+f leads those on who may not come in",
    arguments: ["+i", "+k key", "+l 1", "+b cem!*@*"])
  func forward(door: String) throws {
    let meeting = try Meeting()
    try meeting.ann.join("#hall")
    _ = try meeting.ann.ask("MODE #r \(door)")
    #expect(try meeting.ann.ask("MODE #r +f #HALL").first?.parameters == ["#r", "+f", "#hall"])
    let answer = try meeting.cem.ask("JOIN #r")
    #expect(answer.commands == ["470", "JOIN", "353", "366"])
    #expect(answer.first?.parameters.prefix(3) == ["cem", "#r", "#hall"])
    #expect(answer.dropFirst().first?.parameters == ["#hall"])
    #expect(
      try meeting.ann.ask("MODE #r").last { $0.command == "324" }?.parameters[2].contains("f")
        == true)
    _ = try meeting.ann.ask("MODE #r -f")
    let bea = try meeting.server.client("cem2")
    _ = try meeting.ann.ask("MODE #r +b cem2!*@*")
    #expect(try bea.ask("JOIN #r").first?.command != "470")
  }

  @Test("the settings can lead from one lasting room to another")
  func lasting() throws {
    let server = try TestServer {
      $0.rooms = [PersistentRoom(name: "#door", modes: "+if #hall"), PersistentRoom(name: "#hall")]
    }
    let ann = try server.client("ann")
    #expect(try ann.ask("JOIN #door").commands.prefix(2) == ["470", "JOIN"])
  }

  @Test("rooms that lead to each other end in a refusal, and one that is gone leads nowhere")
  func circle() throws {
    let meeting = try Meeting()
    try meeting.ann.join("#q")
    _ = try meeting.ann.ask("MODE #q +if #r")
    _ = try meeting.ann.ask("MODE #r +if #q")
    let answer = try meeting.cem.ask("JOIN #r").commands
    #expect(answer.last == "473")
    #expect(answer.count <= 5)
    _ = try meeting.ann.ask("PART #q")
    #expect(try meeting.cem.ask("JOIN #r").commands == ["473"])
    // Whoever founds another of the name gets nobody sent.
    try meeting.bob.join("#q")
    #expect(try meeting.cem.ask("JOIN #r").commands == ["473"])
  }

  @Test(
    "+f leads to where its setter operates alone",
    arguments: [
      ("#none", "403"), ("none", "403"), ("#theirs", "442"), ("#ours", "482"), ("#r", "696"),
      ("#secret", "403"),
    ])
  func forwardTarget(name: String, numeric: String) throws {
    let meeting = try Meeting()
    for room in ["#theirs", "#ours", "#secret"] { try meeting.cem.join(room) }
    _ = try meeting.cem.ask("MODE #secret +s")
    try meeting.ann.join("#ours")
    #expect(try meeting.ann.ask("MODE #r +f \(name)").commands == [numeric])
    #expect(try meeting.ann.ask("MODE #r +f").commands == ["696"])
  }

  // MARK: +U

  @Test("+U: what those without a voice say is heard by operators alone", arguments: ["+U", "+Um"])
  func operatorModerated(modes: String) throws {
    let meeting = try Meeting(bob: ["echo-message"])
    let (half, voice) = (try meeting.server.client("half"), try meeting.server.client("voice"))
    for client in [meeting.cem, half, voice] { try client.join("#r") }
    _ = try meeting.ann.ask("MODE #r +hv half voice")
    _ = try meeting.ann.ask("MODE #r \(modes)")
    _ = try Meeting.told(meeting.ann, meeting.bob, meeting.cem, half, voice)
    try meeting.bob.send("PRIVMSG #r :psst", "PRIVMSG +#r :hm")
    var told = try Meeting.told(meeting.bob, meeting.ann, half, meeting.cem, voice)
    #expect(told.map(\.texts) == [["psst", "hm"], ["psst", "hm"], ["psst", "hm"], [], []])
    #expect(told[1].first?.parameters == ["#r", "psst"])
    try voice.send("PRIVMSG #r :hello")
    told = try Meeting.told(voice, meeting.ann, half, meeting.bob, meeting.cem)
    #expect(told.map(\.texts) == [[]] + Array(repeating: ["hello"], count: 4))
  }

  @Test("+U is for members: others are refused")
  func operatorModeratedOutside() throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r +U-n")
    #expect(try meeting.cem.ask("PRIVMSG #r :x").commands == ["404"])
    #expect(try meeting.ann.messagesUntilNow().texts == [])
  }

  // MARK: +C

  @Test(
    "+C keeps out every request and every answer to one, and lets ACTION pass",
    arguments: [
      ("PRIVMSG", "\u{1}VERSION\u{1}", false), ("NOTICE", "\u{1}VERSION 1.0\u{1}", false),
      ("PRIVMSG", "\u{1}ACTION waves\u{1}", true), ("NOTICE", "\u{1}ACTION waves\u{1}", true),
      ("PRIVMSG", "\u{1}ACTION\u{1}", true), ("PRIVMSG", "\u{1}ACTIONS x\u{1}", false),
      ("PRIVMSG", "\u{1}PING 1", false), ("PRIVMSG", "text", true),
    ])
  func requests(command: String, text: String, isHeard: Bool) throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r +C")
    _ = try meeting.told
    let refusal = isHeard || command == "NOTICE" ? [] : ["404"]
    #expect(try meeting.bob.ask("\(command) #r :\(text)").commands == refusal)
    #expect(try meeting.ann.messagesUntilNow().count == (isHeard ? 1 : 0))
  }

  // MARK: RELAYMSG

  private static let bridge = ["draft/relaymsg", "batch", "labeled-response", "echo-message"]

  // "the IRCd will translate the message to a PRIVMSG: @relaymsg=<botnick> :spoofednick!<ident>@<host> PRIVMSG
  // <channel> :<message>" (IRCv3 draft/relaymsg)
  @Test("RELAYMSG speaks for somebody elsewhere, and says who does")
  func relay() throws {
    let meeting = try Meeting(ann: Self.bridge, bob: ["draft/relaymsg"])
    try meeting.cem.join("#r")
    _ = try meeting.told
    let echo = try meeting.ann.ask("@label=x RELAYMSG #r zoé/tea :hi")
    #expect(echo.map(\.command) == ["PRIVMSG"])
    #expect(echo.first?.tag("label") == "x")
    let told = try meeting.told
    for heard in [echo, told[1], told[2].filter { $0.command == "PRIVMSG" }] {
      #expect(heard.first?.source?.description == "zoé/tea!relay@hubbub.local")
      #expect(heard.first?.parameters == ["#r", "hi"])
    }
    #expect(echo.first?.tag("draft/relaymsg") == "ann")
    #expect(told[1].first?.tag("draft/relaymsg") == "ann")
    #expect(told[2].last?.tags == [])
    // Who speaks for others is known by its own name: nobody can be called so.
    #expect(try meeting.bob.ask("NICK zoe/tea").commands == ["432"])
  }

  @Test(
    "RELAYMSG is for operators, and for names that nobody can have",
    arguments: [
      ("ann", "#r zoe :hi", "INVALID_NICK"), ("ann", "#r zoe!/x :hi", "INVALID_NICK"),
      ("ann", "#r z@e/x :hi", "INVALID_NICK"), ("ann", "#r /x :hi", "INVALID_NICK"),
      ("ann", "#r zoe/ :hi", "INVALID_NICK"), ("ann", "#r NickServ/x :hi", "INVALID_NICK"),
      ("ann", "#r z\u{200B}oe/x :hi", "INVALID_NICK"),
      ("ann", "#r z\u{202E}oe/x :hi", "INVALID_NICK"),
      ("ann", "#r @zoe/x :hi", "INVALID_NICK"), ("ann", "#r zoe/x :", "BLANK_MSG"),
      ("ann", "#none zoe/x :hi", "INVALID_TARGET"), ("ann", "bob zoe/x :hi", "INVALID_TARGET"),
      ("bob", "#r zoe/x :hi", "PRIVS_NEEDED"), ("cem", "#r zoe/x :hi", "PRIVS_NEEDED"),
    ])
  func relayRefused(who: String, rest: String, code: String) throws {
    let meeting = try Meeting(ann: Self.bridge)
    let client = ["ann": meeting.ann, "bob": meeting.bob, "cem": meeting.cem][who]!
    let answer = try client.ask("RELAYMSG \(rest)")
    #expect(answer.map { $0.parameters.prefix(2) } == [["RELAYMSG", code]])
    #expect(try meeting.told.flatMap(\.self).texts == [])
  }

  @Test("the separator is announced with the capability")
  func capability() throws {
    let server = try TestServer()
    let client = try server.connect()
    #expect(try client.offered().contains("draft/relaymsg=/"))
  }
}
