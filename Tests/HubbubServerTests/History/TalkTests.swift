import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// What two people with accounts say to each other is remembered, for these two.
@Suite struct TalkTests {
  private static let capabilities = RememberingServer.capabilities + ["draft/message-redaction"]

  private func server(in folder: TemporaryFolder) throws -> AccountServer {
    try AccountServer(in: folder) {
      $0.history.isEnabled = true
      $0.accounts.perNetworkAndDay = 100
    }
  }

  @Test("both read it with the ids, times and order of when it was said, under whatever names")
  func pages() throws {
    let folder = try TemporaryFolder()
    var server = try server(in: folder)
    var ann = try server.registered("ann", capabilities: Self.capabilities)
    let bob = try server.registered("bob", capabilities: Self.capabilities)
    var said: [Message] = []
    said += try ann.ask("PRIVMSG bob :one").filter { $0.command == "PRIVMSG" }
    let heard = try bob.messagesUntilNow().filter { $0.command == "PRIVMSG" }
    #expect(heard.map(Heard.init) == said.map(Heard.init))
    _ = try bob.ask("NICK robert")
    said += try bob.ask("PRIVMSG ann :two").filter { $0.command == "PRIVMSG" }
    said += try ann.ask("NOTICE robert :three").filter { $0.command == "NOTICE" }
    func texts(_ page: [Message]) -> [String?] { page.map(\.parameters.last) }
    let forAnn = try ann.page("LATEST robert * 10")
    #expect(texts(forAnn) == ["one", "two", "three"])
    #expect(forAnn.map { $0.tag("msgid") } == said.map { $0.tag("msgid") })
    #expect(forAnn.map { $0.tag("time") } == said.map { $0.tag("time") })
    // One's own lines were said to the other, the other's to oneself.
    #expect(forAnn.map { $0.parameters[0] } == ["robert", "ann", "robert"])
    #expect(
      try bob.page("LATEST ann * 10").map { $0.parameters[0] } == ["robert", "ann", "robert"])
    #expect(try texts(ann.page("BEFORE robert msgid=\(said[2].tag("msgid")!) 1")) == ["two"])
    // Also by the account's name, whoever is not here, and after a restart.
    server.server.stop()
    server = try self.server(in: folder)
    ann = try server.loggedIn("ann", capabilities: Self.capabilities)
    #expect(try texts(ann.page("LATEST bob * 10")) == ["one", "two", "three"])
    let epoch = said[0].tag("msgid")
    #expect(try ann.page("LATEST bob * 10").first?.tag("msgid") == epoch)
    let again = try server.loggedIn("bob", capabilities: Self.capabilities)
    _ = try again.ask("PRIVMSG ann :four")
    #expect(try texts(ann.page("AFTER bob msgid=\(said[2].tag("msgid")!) 10")) == ["four"])
    let targets = try ann.ask(
      "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2999-01-01T00:00:00.000Z 9")
    #expect(targets.filter { $0.command == "CHATHISTORY" }.map { $0.parameters[1] } == ["bob"])
    #expect(try texts(again.ask("SEARCH text=three").filter { $0.command == "NOTICE" }) == [])
  }

  @Test("what was said before one of them wanted nothing kept is taken back all the same")
  func takenBackLater() throws {
    let folder = try TemporaryFolder()
    let server = try server(in: folder)
    let ann = try server.registered("ann", capabilities: Self.capabilities)
    let bob = try server.registered("bob", capabilities: Self.capabilities)
    _ = try ann.ask("PRIVMSG bob :secret")
    ann.close()
    let again = try server.loggedIn("x", as: "ann", capabilities: Self.capabilities)
    #expect(again.isThere(try again.page("LATEST bob * 9"), "secret"))
    let id = try #require(try again.page("LATEST bob * 9").first?.tag("msgid"))
    _ = try bob.ask("ACCOUNT SET keep-direct off")
    _ = try again.ask("REDACT bob \(id)")
    while try again.isThere(again.page("LATEST bob * 9"), "secret") {}
  }

  @Test("nobody else reads it, and of guests and of those who do not want it nothing is kept")
  func privacy() throws {
    let server = try server(in: TemporaryFolder())
    let ann = try server.registered("ann", capabilities: Self.capabilities)
    let bob = try server.registered("bob", capabilities: Self.capabilities)
    let eve = try server.registered("eve", capabilities: Self.capabilities)
    let guest = try server.server.client("guest", capabilities: Self.capabilities)
    _ = try ann.ask("PRIVMSG bob :secret")
    for target in ["ann", "bob", "@1:2", "nobody"] {
      for question in [
        "LATEST \(target) * 10", "AROUND \(target) timestamp=2030-01-01T00:00:00Z 9",
      ] {
        let answer = try eve.ask("CHATHISTORY \(question)")
        #expect(answer.texts.isEmpty, "\(question)")
      }
      #expect(try guest.fault("LATEST \(target) * 10").first == "INVALID_TARGET")
    }
    #expect(try eve.ask("SEARCH text=secret").texts.isEmpty)
    #expect(try bob.ask("SEARCH text=secret").texts == ["secret"])
    _ = try guest.ask("PRIVMSG ann :from a guest")
    #expect(try ann.page("LATEST guest * 10").isEmpty)
    _ = try bob.ask("ACCOUNT SET keep-direct off")
    _ = try ann.ask("PRIVMSG bob :unkept")
    #expect(try ann.page("LATEST bob * 10").texts == ["secret"])
    // Nobody who has the name later reads it.
    _ = try bob.ask("NICK robert")
    let thief = try server.server.client("bobby", capabilities: Self.capabilities)
    #expect(try thief.fault("LATEST ann * 10").first == "INVALID_TARGET")
  }

  @Test("what was said in private is taken back by the account that said it, also later")
  func redaction() throws {
    let folder = try TemporaryFolder()
    var server = try server(in: folder)
    var ann = try server.registered("ann", capabilities: Self.capabilities)
    var bob = try server.registered("bob", capabilities: Self.capabilities)
    var ids: [String] = []
    for text in ["one", "two", "three"] {
      ids.append(try #require(try ann.ask("PRIVMSG bob :\(text)").last?.tag("msgid")))
    }
    _ = try ann.ask("REDACT bob \(ids[0])")
    #expect(try ann.page("LATEST bob * 10").texts == ["two", "three"])
    #expect(try bob.read { $0.command == "REDACT" }.last?.parameters == ["bob", ids[0]])
    #expect(try bob.ask("REDACT ann \(ids[1])").codes == ["UNKNOWN_MSGID"])
    server.server.stop()
    server = try self.server(in: folder)
    ann = try server.loggedIn("ann", capabilities: Self.capabilities)
    bob = try server.loggedIn("bob", capabilities: Self.capabilities)
    #expect(try bob.ask("REDACT ann \(ids[1])").codes == ["UNKNOWN_MSGID"])
    #expect(try ann.ask("REDACT bob \(ids[1])").codes == [])
    #expect(try bob.page("LATEST ann * 10").texts == ["three"])
    // In a room as well: by the account, from whatever connection.
    try ann.join("#r")
    let carol = try server.registered("carol", capabilities: Self.capabilities)
    try carol.join("#r")
    let id = try #require(try carol.ask("PRIVMSG #r :oops").last?.tag("msgid"))
    try carol.send("QUIT")
    _ = try carol.readToEnd()
    let back = try server.loggedIn("carol", capabilities: Self.capabilities)
    try back.join("#r")
    _ = try back.messagesUntilNow()
    #expect(try bob.ask("JOIN #r").first("366") != nil)
    #expect(try bob.ask("REDACT #r \(id)").codes == ["REDACT_FORBIDDEN"])
    let redacted = try back.ask("REDACT #r \(id)")
    #expect(redacted.codes == [], "\(redacted)")
    #expect(try ann.page("LATEST #r * 10").texts.isEmpty)
  }

  @Test("who stays is told on return what was said in private, before what comes live")
  func replay() throws {
    let server = try server(in: TemporaryFolder())
    let live = ["message-tags", "server-time", "batch"]
    let ann = try server.registered("ann", capabilities: live)
    let bob = try server.registered("bob", capabilities: live)
    _ = try ann.ask("ACCOUNT SET stay on")
    _ = try bob.ask("PRIVMSG ann :heard")
    #expect(try ann.messagesUntilNow().texts == ["heard"])
    try ann.send("QUIT")
    _ = try ann.readToEnd()
    for text in ["one", "two"] { _ = try bob.ask("PRIVMSG ann :\(text)") }
    let back = try server.loggedIn("ann", capabilities: live)
    let told = try back.messagesUntilNow()
    #expect(told.texts == ["one", "two"])
    #expect(told.first("BATCH")?.parameters.dropFirst() == ["chathistory", "bob"])
    #expect(told.first("PRIVMSG")?.parameters[0] == "ann")
    _ = try bob.ask("PRIVMSG ann :three")
    #expect(try back.messagesUntilNow().texts == ["three"])
    try back.send("QUIT")
    _ = try back.readToEnd()
    #expect(try server.loggedIn("ann", capabilities: live).messagesUntilNow().texts.isEmpty)
  }
}

extension ScriptedClient {
  fileprivate func isThere(_ page: [Message], _ text: String) -> Bool {
    page.contains { $0.parameters.last == text }
  }
}
