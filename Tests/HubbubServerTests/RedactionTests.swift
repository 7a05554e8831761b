import HubbubServer
import IRCWire
import Testing

/// IRCv3 draft/message-redaction and draft/channel-rename.
@Suite struct RedactionTests {
  private static let capabilities = [
    "draft/message-redaction", "draft/channel-rename", "echo-message", "message-tags",
  ]

  // "SHOULD forward this REDACT, with an appropriate prefix, to the target recipients that have negotiated the
  // capability" "MUST not forward this REDACT to target recipients that have not negotiated this capability"
  @Test("a redaction reaches those who negotiated it", arguments: [nil, "bad example"])
  func redacted(reason: String?) throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: Self.capabilities)
    try meeting.cem.join("#r")
    let id = try say("#r", meeting.bob)
    _ = try meeting.told
    // ann operates the room; bob takes his own back.
    for client in [meeting.ann, meeting.bob] {
      try client.send("REDACT #r \(id)" + (reason.map { " :\($0)" } ?? ""))
      let told = try meeting.told
      if client.connection === meeting.ann.connection {
        #expect(told[0].map(\.parameters) == [["#r", id] + [reason].compactMap(\.self)])
        #expect(told[0].map(\.parameters) == told[1].map(\.parameters))
        #expect(told[0].first?.source?.name == "ann")
      } else {
        // What was redacted cannot be redacted again.
        #expect(told[1].commands == ["FAIL"])
      }
      #expect(told[2] == [])
    }
    let own = try say("#r", meeting.bob)
    #expect(try meeting.bob.ask("REDACT #r \(own)").commands == ["REDACT"])
  }

  // "FAIL REDACT INVALID_TARGET <target>", "FAIL REDACT REDACT_FORBIDDEN <target> <target-msgid>", "FAIL REDACT
  // UNKNOWN_MSGID <target> <target-msgid>"
  @Test("who may not, or means nothing, is told why")
  func refused() throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: Self.capabilities)
    let id = try say("#r", meeting.ann)
    try meeting.ann.join("#other")
    let elsewhere = try say("#other", meeting.ann)
    _ = try meeting.told
    func fails(_ line: String, _ expected: String...) throws {
      let answer = try meeting.bob.ask(line)
      #expect(answer.commands == ["FAIL"], "\(line)")
      #expect(answer.first?.parameters.dropLast() == (["REDACT"] + expected)[...], "\(line)")
    }
    try fails("REDACT #r \(id)", "REDACT_FORBIDDEN", "#r", id)
    try fails("REDACT #r none", "UNKNOWN_MSGID", "#r", "none")
    try fails("REDACT #r \(elsewhere)", "UNKNOWN_MSGID", "#r", elsewhere)
    try fails(
      "REDACT #r \(id)0000000000000000000000", "UNKNOWN_MSGID", "#r", "\(id)0000000000000000000000")
    try fails("REDACT #none \(id)", "INVALID_TARGET", "#none")
    try fails("REDACT #other \(elsewhere)", "INVALID_TARGET", "#other")
    try fails("REDACT nobody \(id)", "INVALID_TARGET", "nobody")
    try fails("REDACT ann \(id)", "UNKNOWN_MSGID", "ann", id)
    #expect(try meeting.ann.messagesUntilNow() == [])
  }

  @Test("what was said to one person can be taken back by who said it")
  func inPrivate() throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: Self.capabilities)
    let id = try say("bob", meeting.ann)
    _ = try meeting.told
    #expect(try meeting.bob.ask("REDACT ann \(id)").commands == ["FAIL"])
    #expect(try meeting.ann.ask("REDACT bob \(id)").map(\.parameters) == [["bob", id]])
    #expect(try meeting.bob.messagesUntilNow().last?.parameters == ["bob", id])
  }

  // "A channel rename preserves all channel state, such as membership, mode and topic."
  @Test("a renamed room is the same room, and to those who do not know of it another one")
  func renamed() throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: ["server-time", "message-tags"])
    try meeting.ann.send("TOPIC #r :tea", "MODE #r +mv bob")
    _ = try meeting.told
    try meeting.ann.send("RENAME #r #new :typo")
    let told = try meeting.told
    #expect(told[0].map(\.parameters) == [["#r", "#new", "typo"]])
    #expect(told[0].commands == ["RENAME"])
    // "Send the client a PART message for the old channel name, with part message matching the rename reason"
    // "Send the client a JOIN message followed by the usual messages that would be sent"
    #expect(told[1].commands == ["PART", "JOIN", "332", "333", "353", "366"])
    #expect(told[1][0].parameters == ["#r", "typo"])
    #expect(told[1][0].tag("msgid") == told[0][0].tag("msgid"))
    #expect(told[1][0].tag("time") != nil && told[1][0].tag("time") == told[1][1].tag("time"))
    #expect(told[1][1].parameters == ["#new"])
    #expect(told[1][4].parameters.last == "@ann +bob")
    #expect(try meeting.ann.ask("MODE #new").first?.parameters.last == "+mnt")
    #expect(try meeting.bob.ask("PRIVMSG #new :x") == [])
    #expect(try meeting.ann.messagesUntilNow().texts == ["x"])
    // The old name is free.
    #expect(try meeting.cem.ask("JOIN #r").last { $0.command == "353" }?.parameters.last == "@cem")
  }

  // "Implementations MUST allow channels to be renamed while only changing the casing of a channel name." "This
  // fallback SHOULD NOT be used if the rename only changes the case of the channel name"
  @Test("other letters of the same name are no other room")
  func otherCase() throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: [])
    try meeting.ann.send("RENAME #r #R")
    let told = try meeting.told
    // "The server to client command MUST always include the third parameter"
    #expect(told[0].map(\.parameters) == [["#r", "#R", ""]])
    #expect(told[1] == [])
    #expect(try meeting.bob.ask("NAMES #r").first?.parameters[2] == "#R")
  }

  @Test("who may not rename, or to what, is told why")
  func notRenamed() throws {
    let meeting = try Meeting(ann: Self.capabilities) { configuration in
      configuration.rooms = [.init(name: "#fixed", operators: ["*!*@*"])]
    }
    try meeting.cem.join("#taken")
    try meeting.ann.join("#fixed")
    #expect(try meeting.bob.ask("RENAME #r #new").commands == ["482"])
    #expect(try meeting.cem.ask("RENAME #r #new").commands == ["442"])
    #expect(try meeting.ann.ask("RENAME #none #new").commands == ["403"])
    #expect(try meeting.ann.ask("RENAME #r").commands == ["461"])
    for (line, code) in [
      ("#r #taken", "CHANNEL_NAME_IN_USE"), ("#r room", "CANNOT_RENAME"),
      ("#fixed #new", "CANNOT_RENAME"),
    ] {
      let answer = try meeting.ann.ask("RENAME \(line)")
      #expect(answer.first?.parameters.prefix(2) == ["RENAME", code], "\(line)")
    }
  }

  /// Says something and returns its id.
  private func say(_ target: String, _ client: ScriptedClient) throws -> String {
    try client.send("PRIVMSG \(target) :x")
    return try #require(try client.expect("PRIVMSG").tag("msgid"))
  }
}
