import HubbubServer
import IRCWire
import Testing

/// Who may not speak in a room says nothing there by any other command either.
@Suite struct SilenceTests {
  /// Every mode that keeps bob, who has no voice, from speaking to all.
  static let silencers = ["+m", "+b bob!*@*", "+b *!*@127.0.0.1", "+U", "+mU"]

  private static let capabilities = [
    "away-notify", "draft/message-redaction", "message-tags", "setname", "echo-message",
  ]

  /// ann operates #r, where the mode silences bob.
  private static func meeting(_ mode: String) throws -> Meeting {
    let meeting = try Meeting(ann: capabilities, bob: capabilities)
    _ = try meeting.ann.ask("MODE #r -t")
    _ = try meeting.ann.ask("MODE #r \(mode)")
    _ = try meeting.told
    return meeting
  }

  private static func words(_ messages: [Message]) -> [Message] {
    messages.filter { $0.parameters.contains { $0.contains("smuggled") } }
  }

  @Test("PART has no words of the silenced", arguments: silencers)
  func part(mode: String) throws {
    let meeting = try Self.meeting(mode)
    #expect(try meeting.bob.ask("PART #r :smuggled").commands == ["PART"])
    let told = try meeting.told
    #expect(told[0].map(\.parameters) == [["#r"]])
  }

  @Test("QUIT has no words of the silenced, in no room", arguments: silencers)
  func quit(mode: String) throws {
    let meeting = try Self.meeting(mode)
    // cem reads of it in a room where bob may speak, and in that one alone.
    try meeting.bob.join("#free")
    try meeting.cem.join("#free")
    _ = try meeting.told
    try meeting.bob.send("QUIT :smuggled")
    _ = try meeting.bob.readToEnd()
    #expect(try meeting.ann.expect("QUIT").parameters == ["Quit"])
    #expect(try meeting.cem.expect("QUIT").parameters == ["Quit"])
  }

  @Test(
    "whoever may speak takes leave in its own words",
    arguments: ["-m", "+mv bob", "+bv bob!*@* bob"])
  func farewell(mode: String) throws {
    let meeting = try Self.meeting(mode)
    #expect(try meeting.bob.ask("PART #r :so long").first?.parameters == ["#r", "so long"])
    try meeting.bob.send("JOIN #free")
    try meeting.cem.join("#free")
    try meeting.bob.send("QUIT :so long")
    #expect(try meeting.cem.expect("QUIT").parameters == ["Quit: so long"])
  }

  @Test("an end that the silenced did not word keeps its reason")
  func end() throws {
    let meeting = try Self.meeting("+m")
    meeting.bob.close()
    let reason = try meeting.ann.expect("QUIT").parameters[0]
    #expect(reason != "Quit" && !reason.isEmpty)
  }

  @Test("AWAY says that the silenced are away, and not what they say of it", arguments: silencers)
  func away(mode: String) throws {
    let meeting = try Self.meeting(mode)
    #expect(try meeting.bob.ask("AWAY :smuggled").commands == ["306"])
    #expect(try meeting.told[0].map(\.parameters) == [["Away"]])
    // Whoever asks is told.
    #expect(try meeting.cem.ask("PRIVMSG bob :x").first?.parameters.last == "smuggled")
    #expect(try meeting.bob.ask("AWAY").commands.last == "305")
    #expect(try meeting.told[0].map(\.parameters) == [[]])
  }

  @Test("who comes into a room where it may not speak brings no words along")
  func awayAtJoin() throws {
    let meeting = try Self.meeting("+m")
    _ = try meeting.cem.ask("AWAY :smuggled")
    try meeting.cem.join("#r")
    let told = try meeting.told
    #expect(told[0].commands == ["JOIN", "AWAY"])
    #expect(Self.words(told[0]) == [])
  }

  @Test("TOPIC is for those who may speak", arguments: silencers)
  func topic(mode: String) throws {
    let meeting = try Self.meeting(mode)
    #expect(try meeting.bob.ask("TOPIC #r :smuggled").commands == ["404"])
    #expect(try meeting.told[0] == [])
    #expect(try meeting.ann.ask("TOPIC #r").commands == ["331"])
  }

  @Test("SETNAME is for those who may speak", arguments: silencers)
  func setName(mode: String) throws {
    let meeting = try Self.meeting(mode)
    let answer = try meeting.bob.ask("SETNAME :smuggled")
    // "FAIL SETNAME CANNOT_CHANGE_REALNAME" (IRCv3 setname)
    #expect(answer.first?.parameters.prefix(2) == ["SETNAME", "CANNOT_CHANGE_REALNAME"])
    #expect(try meeting.told[0] == [])
  }

  @Test("the silenced take back what they said without a word", arguments: silencers)
  func redaction(mode: String) throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: Self.capabilities)
    let said = try meeting.bob.ask("PRIVMSG #r :before")
    let id = try #require(said.first?.tag("msgid"))
    _ = try meeting.ann.ask("MODE #r \(mode)")
    _ = try meeting.told
    _ = try meeting.bob.ask("REDACT #r \(id) :smuggled")
    #expect(try meeting.told[0].map(\.parameters) == [["#r", id]])
  }

  @Test("whom a ban silences keeps its name and invites nobody; +m is no ban")
  func name() throws {
    let meeting = try Self.meeting("+b *!*@127.0.0.1")
    let answer = try meeting.bob.ask("NICK smuggled")
    #expect(answer.map(\.command) == ["435"])
    #expect(answer.first?.parameters.dropLast() == ["bob", "smuggled", "#r"])
    #expect(try meeting.bob.ask("NICK BOB").commands == ["NICK"])
    #expect(try meeting.bob.ask("INVITE cem #r").commands == ["404"])
    #expect(try meeting.cem.messagesUntilNow() == [])
    _ = try meeting.ann.ask("MODE #r -b+m *!*@127.0.0.1")
    _ = try meeting.told
    #expect(try meeting.bob.ask("NICK rob").commands == ["NICK"])
    _ = try meeting.ann.ask("MODE #r +b *!*@127.0.0.1")
    _ = try meeting.bob.ask("PART #r")
    #expect(try meeting.bob.ask("NICK bob").commands == ["NICK"])
  }

  @Test("an empty reason is none", arguments: ["PART #r :", "QUIT :"])
  func empty(line: String) throws {
    let meeting = try Meeting()
    try meeting.bob.send(line)
    let heard = try meeting.ann.read { ["PART", "QUIT"].contains($0.command) }.last
    #expect(heard?.parameters == (line.hasPrefix("PART") ? ["#r"] : ["Quit"]))
  }

  @Test("only operators' invitations open what keeps others out")
  func invitation() throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r +b cem!*@*")
    #expect(try meeting.bob.ask("INVITE cem #r").commands.contains("341"))
    #expect(try meeting.cem.ask("JOIN #r").commands == ["INVITE", "474"])
    #expect(try meeting.ann.ask("INVITE cem #r").commands == ["341"])
    #expect(try meeting.cem.ask("JOIN #r").commands.contains("JOIN"))
  }
}
