import HubbubServer
import IRCWire
import Testing

/// "To those outside, a secret room does not exist: everything but JOIN answers as of a room that is not there."
@Suite struct SecretRoomTests {
  private static let capabilities = [
    "message-tags", "batch", "draft/multiline", "draft/message-redaction", "draft/relaymsg",
    "draft/channel-rename", "standard-replies", "echo-message",
  ]

  /// `%` stands for the room.
  static let lines = [
    "PRIVMSG % :x", "NOTICE % :x", "TAGMSG %", "PRIVMSG @% :x", "PRIVMSG +% :x", "TAGMSG @%",
    "PRIVMSG ann,% :x", "PRIVMSG % :\u{1}VERSION\u{1}", "NAMES %", "NAMES #mine,%", "WHO %",
    "WHO % o", "WHO % %nuh,1", "WHOIS %", "WHOIS sue", "WHOWAS %", "LIST %", "LIST %,#mine",
    "LIST *", "TOPIC %", "TOPIC % :x", "MODE %", "MODE % b", "MODE % +b", "MODE % +beI",
    "MODE % +o ann", "MODE % +b a!*@*", "MODE #mine +f %", "MODE % +f #mine", "PART %",
    "PART % :x", "PART %,#none", "KICK % sue", "KICK % nobody", "KICK % ann :x", "INVITE ann %",
    "INVITE sue %", "INVITE nobody %", "INVITE", "REDACT % abc", "REDACT % abc :x",
    "RENAME % #other", "RELAYMSG % a/b :x", "STATS f %", "STATS f", "SAMODE % +o ann",
    "ISON sue", "USERHOST sue", "MONITOR + sue", "BATCH +1 draft/multiline %",
    "@batch=1 PRIVMSG % :x", "BATCH -1",
  ]

  @Test(
    "a secret room answers whoever is outside as one that is not there, byte for byte",
    arguments: ["+s", "+s-n", "+s-nt", "+sm-n", "+sk-n key", "+sl-n 1", "+si-n", "+sU-n", "+sC-n"])
  func silent(modes: String) throws {
    let (secret, absent) = ("#SECRET", "#absent")
    let answers = try [secret, absent].map { name in
      let server = try TestServer { $0.hasOpenStatistics = true }
      let sue = try server.client("sue")
      let ann = try server.client("ann", capabilities: Self.capabilities)
      try sue.join("#Secret")
      _ = try sue.ask("TOPIC #Secret :hidden")
      _ = try sue.ask("MODE #Secret \(modes)")
      try ann.join("#mine")
      _ = try ann.messagesUntilNow()
      let answers = try Self.lines.map { line in
        let asked = line.replacing("%nuh", with: "%%nuh").split(
          separator: "%%", omittingEmptySubsequences: false
        ).map { $0.replacing("%", with: name) }.joined(separator: "%")
        return try ann.ask(asked).map { message in
          // Times and ids are never the same.
          var shown = message
          shown.tags = []
          return "\(shown)".replacing(name, with: "<room>")
        }
      }
      // Nothing that was said reached it.
      #expect(try sue.messagesUntilNow().filter { $0.parameters.first != "sue" } == [])
      return answers
    }
    for (line, (first, second)) in zip(Self.lines, zip(answers[0], answers[1])) {
      // They tell the time.
      let steady = { (text: String) in !text.contains("\"249\"") && !text.contains("\"317\"") }
      #expect(first.filter(steady) == second.filter(steady), "\(line)")
    }
  }

  @Test("a name that a secret room has is refused as one that no room can have")
  func renaming() throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.cem.join("#s")
    _ = try meeting.cem.ask("MODE #s +s")
    let secret = try meeting.ann.ask("RENAME #r #s")
    let impossible = try meeting.ann.ask("RENAME #r x")
    #expect(secret.commands == ["FAIL"])
    #expect(
      secret.first?.parameters.map { $0 == "#s" ? "x" : $0 } == impossible.first?.parameters)
    // Its members know of it.
    _ = try meeting.cem.ask("MODE #s -s")
    #expect(try meeting.ann.ask("RENAME #r #s").first?.parameters[1] == "CHANNEL_NAME_IN_USE")
  }

  @Test("who was ended in a room is not told to whoever founds another of its name")
  func ended() throws {
    let server = try TestServer {
      $0.operators = [.init(name: "o", passwordHash: SettingsTests.hash)]
    }
    let op = try server.client("op")
    try op.send("OPER o secret")
    try op.expect("381")
    let sue = try server.client("sue")
    try sue.join("#s")
    _ = try op.ask("KILL sue :x")
    _ = try sue.readToEnd()
    #expect(server.log.waitForLine(containing: "disconnect", "nick=sue") != nil)
    let ann = try server.client("ann")
    try ann.join("#s")
    let shown = try ann.ask("STATS f #s").filter { $0.command == "249" }
    #expect(!shown.isEmpty)
    #expect(!shown.contains { $0.parameters.last?.contains("sue") == true })
  }

  @Test("open statistics show no invisible member to those outside", arguments: [true, false])
  func openStatistics(isInside: Bool) throws {
    let meeting = try Meeting { $0.hasOpenStatistics = true }
    _ = try meeting.bob.ask("MODE bob +i")
    if isInside { try meeting.cem.join("#r") }
    for question in ["STATS f #r", "STATS f"] {
      let shown = try meeting.cem.ask(question).compactMap(\.parameters.last)
      #expect(shown.contains { $0.contains("nick=ann") })
      #expect(shown.contains { $0.contains("nick=bob") } == isInside)
    }
  }
}
