import IRCWire
import Testing

/// IRCv3 draft/multiline.
@Suite struct BatchTests {
  private static let capabilities = [
    "batch", "draft/multiline", "echo-message", "labeled-response", "message-tags", "server-time",
  ]

  private static let lines = [
    "@label=xyz;+k=v BATCH +123 draft/multiline #r", "@batch=123 PRIVMSG #r :hello",
    "@batch=123 PRIVMSG #r :", "@batch=123 PRIVMSG #r :how is ",
    "@batch=123;draft/multiline-concat PRIVMSG #r :everyone?", "BATCH -123",
  ]

  @Test("who negotiated it reads one message of several lines, as it was written")
  func whole() throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: Self.capabilities)
    for line in Self.lines { try meeting.ann.send(line) }
    let told = try meeting.told
    let (own, heard) = (told[0], told[1])
    for messages in [own, heard] {
      #expect(messages.commands == ["BATCH", "PRIVMSG", "PRIVMSG", "PRIVMSG", "PRIVMSG", "BATCH"])
      #expect(messages.texts == ["hello", "", "how is ", "everyone?"])
      let name = String(try #require(messages.first?.parameters.first).dropFirst())
      #expect(messages.first?.parameters == ["+\(name)", "draft/multiline", "#r"])
      #expect(messages.last?.parameters == ["-\(name)"])
      let inner = messages.dropFirst().dropLast()
      #expect(inner.allSatisfy { $0.tag("batch") == name && $0.tag("msgid") == nil })
      #expect(inner.last?.tag("draft/multiline-concat") == "")
    }
    // "Servers MUST only include the label tag on the opening BATCH command"
    #expect(own.map { $0.tag("label") } == ["xyz"] + Array(repeating: nil, count: 5))
    #expect(heard.allSatisfy { $0.tag("label") == nil })
    #expect(own[0].tag("msgid") == heard[0].tag("msgid"))
    #expect(own[0].tag("time") == heard[0].tag("time"))
    #expect(heard[0].tag("+k") == "v")
  }

  // "Servers MUST NOT send blank lines to clients that have not negotiated the multiline capability."
  // "Servers MUST only include a message ID on the first message of a batch when sending a fallback"
  @Test("all others read the lines one by one, without the blank ones")
  func apart() throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: ["message-tags", "server-time"])
    for line in Self.lines { try meeting.ann.send(line) }
    let told = try meeting.told
    let (own, heard) = (told[0], told[1])
    #expect(heard.texts == ["hello", "how is ", "everyone?"])
    #expect(heard.map { $0.tag("msgid") != nil } == [true, false, false])
    #expect(Set(heard.map { $0.tag("time") }).count == 1)
    #expect(heard.allSatisfy { $0.tag("+k") == "v" && $0.tag("batch") == nil })
    #expect(own.first?.tag("msgid") == heard.first?.tag("msgid"))
  }

  // "MULTILINE_MAX_BYTES <limit>", "MULTILINE_MAX_LINES <limit>", "MULTILINE_INVALID_TARGET <batch-target>
  // <provided-target>", "MULTILINE_INVALID: any other error"
  @Test(
    "what is wrong is said once, and nothing of it is heard",
    arguments: [
      (["@batch=9 PRIVMSG #r :x"], ["BATCH", "MULTILINE_INVALID"]),
      (["PRIVMSG #r :x"], ["BATCH", "MULTILINE_INVALID"]),
      (["@batch=1;draft/multiline-concat PRIVMSG #r :"], ["BATCH", "MULTILINE_INVALID"]),
      (["@batch=1 PRIVMSG bob :x"], ["BATCH", "MULTILINE_INVALID_TARGET", "#r", "bob"]),
      (
        ["@batch=1 PRIVMSG #r :1", "@batch=1 PRIVMSG #r :2", "@batch=1 PRIVMSG #r :3"],
        ["BATCH", "MULTILINE_MAX_LINES", "2"]
      ),
      (["@batch=1 PRIVMSG #r :0123456789abcdef"], ["BATCH", "MULTILINE_MAX_BYTES", "15"]),
      (["@batch=1 PRIVMSG #r :", "BATCH -1"], ["BATCH", "MULTILINE_INVALID"]),
      (["@batch=1 TAGMSG #r"], ["BATCH", "MULTILINE_INVALID"]),
      (["BATCH +2 draft/multiline #r"], ["BATCH", "MULTILINE_INVALID"]),
    ])
  func wrong(lines: [String], failure: [String]) throws {
    let meeting = try Meeting(ann: Self.capabilities) {
      $0.limits.multilineLines = 2
      $0.limits.multilineBytes = 15
    }
    try meeting.ann.send("@label=l BATCH +1 draft/multiline #r")
    for line in lines { try meeting.ann.send(line) }
    let answer = try meeting.ann.messagesUntilNow()
    #expect(answer.commands == ["FAIL"])
    #expect(answer.first?.parameters.dropLast() == failure[...])
    // After that a batch of the same name is a new one.
    for line in Self.short { try meeting.ann.send(line) }
    #expect(try meeting.told.prefix(2).map(\.texts) == [["again"], ["again"]])
  }

  @Test(
    "what comes of two that were begun at once is passed over, and both are said to be refused once"
  )
  func twoAtOnce() throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send(
      "BATCH +1 draft/multiline #r", "BATCH +2 draft/multiline #r", "@batch=2 PRIVMSG #r :x",
      "@batch=1 PRIVMSG #r :x", "BATCH -2", "BATCH -1")
    let answer = try meeting.ann.messagesUntilNow()
    #expect(answer.commands == ["FAIL"])
    #expect(try meeting.bob.messagesUntilNow() == [])
  }

  @Test(
    "a line of a batch that nobody began is refused, or said where batches of lines mean nothing")
  func stray() throws {
    let meeting = try Meeting(ann: Self.capabilities, bob: ["labeled-response", "batch"])
    let answer = try meeting.ann.ask("@batch=9 PRIVMSG #r :x")
    #expect(answer.first?.parameters.prefix(2) == ["BATCH", "MULTILINE_INVALID"])
    _ = try meeting.bob.ask("@batch=9;label=l PRIVMSG #r :y")
    #expect(try meeting.ann.messagesUntilNow().texts == ["y"])
  }

  private static let short = [
    "BATCH -1", "BATCH +1 draft/multiline #r", "@batch=1 PRIVMSG #r :again", "BATCH -1",
  ]

  // "Start and end messages of one batch MAY refer to another batch. If they do, they both MUST have batch tag,
  // and they MUST refer to the same batch." (IRCv3 batch)
  @Test("as a part of a labelled answer, it is a batch within a batch")
  func nested() throws {
    let meeting = try Meeting(ann: Self.capabilities)
    _ = try meeting.cem.ask("AWAY :lunch")
    for line in Self.lines { try meeting.ann.send(line.replacing("#r", with: "cem")) }
    let answer = try meeting.ann.messagesUntilNow()
    #expect(
      answer.commands == [
        "BATCH", "BATCH", "PRIVMSG", "PRIVMSG", "PRIVMSG", "PRIVMSG", "BATCH", "301", "BATCH",
      ])
    let outer = String(answer[0].parameters[0].dropFirst())
    let inner = String(answer[1].parameters[0].dropFirst())
    let batches = answer.map { message in message.tags.filter { $0.key == "batch" }.map(\.value) }
    #expect(
      batches == [[], [outer]] + Array(repeating: [inner], count: 4) + [[outer], [outer], []])
  }

  @Test("a label may come with the end as well", arguments: [nil, "first"])
  func labelAtTheEnd(first: String?) throws {
    let meeting = try Meeting(ann: Self.capabilities)
    try meeting.ann.send(
      "\(first.map { "@label=\($0) " } ?? "")BATCH +1 draft/multiline #r",
      "@batch=1 PRIVMSG #r :x", "@label=last BATCH -1")
    let answer = try meeting.ann.messagesUntilNow()
    #expect(answer.first?.tag("label") == first ?? "last")
    #expect(answer.compactMap { $0.tag("label") }.count == 1)
  }

  @Test(
    "other batches are refused",
    arguments: ["BATCH +1 other #r", "BATCH +1", "BATCH x", "BATCH -9"])
  func others(line: String) throws {
    let meeting = try Meeting(ann: Self.capabilities)
    #expect(try meeting.ann.ask(line).commands == ["FAIL"])
  }
}
