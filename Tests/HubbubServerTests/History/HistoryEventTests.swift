import HubbubStore
import IRCWire
import Testing

@testable import HubbubServer

/// IRCv3 draft/event-playback, and what was taken back.
@Suite struct HistoryEventTests {
  private static func stage(
    _ more: String...
  ) throws -> (RememberingServer, ScriptedClient) {
    let stage = try RememberingServer()
    let capabilities = RememberingServer.capabilities + ["draft/event-playback"] + more
    return (stage, try stage.server.client("ann", capabilities: capabilities))
  }

  // "the server SHOULD send additional lines relevant to the chat history, including but not limited to TAGMSG, JOIN,
  // PART, QUIT, MODE, TOPIC, and NICK."
  @Test("events come again between what was said, as they were read live")
  func events() throws {
    let (stage, ann) = try Self.stage()
    let bob = try stage.reader("bob")
    try ann.send("JOIN #r")
    try ann.expect("366")
    var live: [Message] = []
    func note() throws { live += try ann.messagesUntilNow().filter { $0.tag("msgid") != nil } }
    try bob.join("#r")
    try note()
    for line in ["TOPIC #r :of tea", "MODE #r +v bob", "PRIVMSG #r :said", "MODE #r +l 5"] {
      live += try ann.ask(line).filter { $0.tag("msgid") != nil }
    }
    live += try ann.ask("@+draft/react=x;+draft/reply=y TAGMSG #r")
    _ = try bob.ask("NICK bert")
    try note()
    _ = try bob.ask("PART #r :tired")
    try note()
    try bob.join("#r")
    try note()
    live += try ann.ask("KICK #r bert :out")
    try bob.join("#r")
    bob.close()
    live += try ann.read { $0.command == "QUIT" }
    let page = try ann.page("AFTER #r msgid=\(live[0].tag("msgid")!) 100")
    #expect(page.map(Heard.init) == live.dropFirst().map(Heard.init))
    #expect(
      live.commands == [
        "JOIN", "TOPIC", "MODE", "PRIVMSG", "MODE", "TAGMSG", "NICK", "PART", "JOIN", "KICK",
        "JOIN", "QUIT",
      ])
  }

  // "If the client has not negotiated the event-playback capability, the server MUST NOT send any lines other than
  // PRIVMSG and NOTICE in the reply batch."
  @Test("without event-playback a page is of what was said alone, and as long as was asked for")
  func without() throws {
    let (stage, ann) = try Self.stage()
    let bob = try stage.reader("bob")
    try ann.join("#r")
    for number in 0..<6 {
      try ann.say("\(number)")
      _ = try ann.ask("TOPIC #r :\(number)")
      _ = try ann.ask("@+draft/react=x TAGMSG #r")
    }
    try bob.join("#r")
    #expect(try bob.texts("LATEST #r * 4") == ["2", "3", "4", "5"])
    #expect(try bob.page("LATEST #r * 4").count == 4)
    #expect(try ann.page("LATEST #r * 4").commands == ["PRIVMSG", "TOPIC", "TAGMSG", "JOIN"])
    // Whoever knows no tags is sent no TAGMSG, and gets four lines all the same.
    let cem = try stage.server.client(
      "cem", capabilities: ["batch", "draft/chathistory", "draft/event-playback"])
    try cem.join("#r")
    #expect(try cem.ask("CHATHISTORY LATEST #r * 4").commands.count == 6)
  }

  @Test("what was taken back is in no page, and those are told of it who know redactions")
  func redacted() throws {
    let (stage, ann) = try Self.stage("draft/message-redaction")
    let bob = try stage.reader("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.say("kept")
    let id = try ann.say("a word in haste").id!
    _ = try ann.ask("REDACT #r \(id) :sorry")
    #expect(try bob.texts("LATEST #r * 50") == ["kept"])
    let page = try ann.page("LATEST #r * 50").filter { $0.command != "JOIN" }
    #expect(page.commands == ["PRIVMSG", "REDACT"])
    #expect(page.last?.parameters == ["#r", id, "sorry"])
    // Its id still says where to go on.
    #expect(try bob.texts("BEFORE #r msgid=\(id) 50") == ["kept"])
    // A deletion is a mark in the index of words until it is merged.
    #expect(stage.server.server.hub.history?.store.writer.settle() == true)
    stage.server.stop()
    let bytes = try FileBytes.read(stage.folder.path(of: "history.db"))
    #expect(!bytes.contains("haste") && bytes.contains("kept"))
  }

  @Test("after a restart the room's operator can take a message back, and nobody else")
  func redactedLater() throws {
    let (stage, ann) = try Self.stage()
    try ann.join("#r")
    let old = try ann.say("old")
    try stage.restart()
    let op = try stage.reader("op", "draft/message-redaction", "draft/event-playback")
    let bob = try stage.reader("bob", "draft/message-redaction")
    try op.join("#r")
    try bob.join("#r")
    func answer(_ client: ScriptedClient, _ id: String) throws -> [String] {
      let answer = try client.ask("REDACT #r \(id)")
        .filter { ["FAIL", "REDACT"].contains($0.command) }
      return answer.map { $0.command == "FAIL" ? $0.parameters[1] : $0.command }
    }
    #expect(try answer(bob, old.id!) == ["REDACT_FORBIDDEN"])
    #expect(try answer(op, "\(old.id!)0") == ["UNKNOWN_MSGID"])
    #expect(try bob.texts("LATEST #r * 50") == ["old"])
    #expect(try answer(op, old.id!) == ["REDACT"])
    #expect(try bob.messagesUntilNow().last?.parameters == ["#r", old.id!])
    #expect(try bob.texts("LATEST #r * 50") == [])
    #expect(try answer(op, old.id!) == ["UNKNOWN_MSGID"])
  }
}
