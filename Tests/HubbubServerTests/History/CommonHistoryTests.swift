import HubbubCluster
import HubbubDial
import IRCWire
import TestSupport
import Testing

@testable import HubbubServer
@testable import HubbubStore

/// What is remembered by each server of a network: the same under the same ids.
@Suite struct CommonHistoryTests {
  private static let capabilities =
    RememberingServer.capabilities + ["draft/message-redaction", "standard-replies"]
  private let engine = ScriptedEngine()

  private func node(
    _ number: NodeID, _ change: (inout Configuration) -> Void
  ) throws -> AccountServer {
    try node(number, in: nil, change)
  }

  private func node(
    _ number: NodeID, in folder: TemporaryFolder? = nil,
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> AccountServer {
    try AccountServer(node: number, of: engine, in: folder) {
      $0.accounts.perNetworkAndDay = 100
      change(&$0)
    }
  }

  private func client(_ server: AccountServer, _ nickname: String) throws -> ScriptedClient {
    try server.server.client(nickname, capabilities: Self.capabilities)
  }

  private func leave(_ client: ScriptedClient) throws {
    try client.send("QUIT")
    _ = try client.readToEnd()
  }

  /// What a page shows, with ids and times.
  private func shown(_ client: ScriptedClient, _ question: String) throws -> [String] {
    try client.page(question).map {
      "\($0.tag("msgid") ?? "?") \($0.tag("time") ?? "?") \($0.source?.name ?? "?") "
        + ($0.parameters.last ?? "?")
    }
  }

  private func texts(_ client: ScriptedClient, _ question: String) throws -> [String] {
    try client.page(question).compactMap(\.parameters.last)
  }

  /// Asks until a page is as it is to be: the disk of a busy machine may be late.
  private func hasPage(
    _ client: ScriptedClient, _ question: String, where isRight: ([String]) -> Bool
  ) throws -> Bool {
    let deadline = ContinuousClock.now + ScriptedClient.patience
    while try !isRight(texts(client, question)) {
      if ContinuousClock.now > deadline { return false }
    }
    return true
  }

  private func hasPage(
    _ client: ScriptedClient, _ question: String, _ wanted: [String]
  ) throws -> Bool {
    try hasPage(client, question) { $0 == wanted }
  }

  @Test("a page tells the same at every node, whichever of them it was said at")
  func pages() throws {
    let (one, two) = (try node(1), try node(2))
    let (ann, bob) = (try client(one, "ann"), try client(two, "bob"))
    try ann.join("#r")
    try bob.join("#r")
    for number in 0..<6 { _ = try [ann, bob][number % 2].ask("PRIVMSG #r :line \(number)") }
    _ = try ann.ask("NOTICE #r :last")
    for client in [ann, bob] {
      #expect(try hasPage(client, "LATEST #r * 20") { $0.count == 7 })
    }
    let page = try shown(ann, "LATEST #r * 20")
    #expect(try shown(bob, "LATEST #r * 20") == page)
    // All go, and the room goes on where somebody makes it again.
    try leave(ann)
    try leave(bob)
    let cem = try client(two, "cem")
    try cem.join("#r")
    let dan = try client(one, "dan")
    try dan.join("#r")
    _ = try cem.ask("PRIVMSG #r :anew")
    _ = try dan.messagesUntilNow()
    for client in [cem, dan] {
      #expect(try hasPage(client, "LATEST #r * 20") { $0.count == 8 })
    }
    let both = try shown(dan, "LATEST #r * 20")
    #expect(Array(both.prefix(7)) == page)
    #expect(try shown(cem, "LATEST #r * 20") == both)
  }

  @Test("what is said to one person is kept at both nodes, under one id")
  func talks() throws {
    let (one, two) = (try node(1), try node(2))
    let ann = try one.registered("ann", capabilities: Self.capabilities)
    let bob = try two.registered("bob", capabilities: Self.capabilities)
    let said = try ann.ask("PRIVMSG bob :one").first("PRIVMSG")?.tag("msgid")
    #expect(try bob.expect("PRIVMSG").tag("msgid") == said)
    _ = try bob.ask("PRIVMSG ann :two")
    _ = try ann.messagesUntilNow()
    #expect(try hasPage(ann, "LATEST bob * 9", ["one", "two"]))
    #expect(try hasPage(bob, "LATEST ann * 9", ["one", "two"]))
    let page = try shown(ann, "LATEST bob * 9")
    #expect(try shown(bob, "LATEST ann * 9") == page)
    // Taken back at one, it is gone at both.
    _ = try ann.ask("REDACT bob \(try #require(said))")
    _ = try bob.messagesUntilNow()
    #expect(try hasPage(ann, "LATEST bob * 9", ["two"]))
    #expect(try hasPage(bob, "LATEST ann * 9", ["two"]))
  }

  @Test("a node that comes back soon has missed nothing")
  func shortAbsence() throws {
    let one = try node(1)
    var two = try node(2)
    let (ann, bob) = (try client(one, "ann"), try client(two, "bob"))
    try ann.join("#r")
    try bob.join("#r")
    _ = try ann.ask("PRIVMSG #r :first")
    two.server.stop()
    _ = try ann.ask("PRIVMSG #r :second")
    two = try node(2, in: two.folder)
    let cem = try client(two, "cem")
    try cem.join("#r")
    for client in [cem, ann] {
      #expect(try hasPage(client, "LATEST #r * 9", ["first", "second"]))
    }
    let page = try shown(cem, "LATEST #r * 9")
    #expect(try shown(ann, "LATEST #r * 9") == page)
    #expect(try cem.ask("CHATHISTORY LATEST #r * 9").codes.isEmpty)
  }

  @Test("what a node was away for longer than the log reaches back it shows as a gap")
  func absence() throws {
    let one = try node(1) { $0.cluster.snapshotBytes = 1 }
    var two = try node(2)
    let (ann, bob) = (try client(one, "ann"), try client(two, "bob"))
    try ann.join("#r")
    try bob.join("#r")
    let first = try ann.ask("PRIVMSG #r :first").last?.tag("msgid")
    _ = try bob.ask("PRIVMSG #r :second")
    two.server.stop()
    for number in 0..<3 {
      let before = try engine.newestSnapshot()?.revision ?? 0
      _ = try ann.ask("PRIVMSG #r :missed \(number)")
      while try engine.newestSnapshot()?.revision ?? 0 <= before {}
    }
    two = try node(2, in: two.folder)
    let dan = try client(two, "dan")
    try dan.join("#r")
    _ = try ann.ask("PRIVMSG #r :last")
    _ = try dan.messagesUntilNow()
    #expect(
      try hasPage(dan, "LATEST #r * 9") { page in
        page.first == "first" && page.last == "last" && !page.contains("missed 0")
      })
    #expect(try dan.ask("CHATHISTORY LATEST #r * 9").codes == ["GAP"])
    // Whoever may takes back what was said before, at every node.
    _ = try ann.ask("REDACT #r \(try #require(first))")
    _ = try dan.messagesUntilNow()
    #expect(try hasPage(dan, "LATEST #r * 9") { $0.first == "second" })
    #expect(try hasPage(ann, "LATEST #r * 9") { $0.first == "second" })
    #expect(try hasPage(ann, "LATEST #r * 9") { $0.contains("missed 0") })
  }

  @Test("a room that was renamed has all that was said in it, also at a node that comes back")
  func renamed() throws {
    let one = try node(1)
    var two = try node(2)
    let (ann, bob) = (try client(one, "ann"), try client(two, "bob"))
    try ann.join("#a")
    _ = try ann.ask("PRIVMSG #a :one")
    _ = try ann.ask("RENAME #a #b")
    _ = try ann.ask("PRIVMSG #b :two")
    try bob.join("#a")
    _ = try bob.ask("PRIVMSG #a :another room")
    #expect(try hasPage(bob, "LATEST #a * 9", ["another room"]))
    // It reads all of it again, from the network's beginning.
    for _ in 0..<2 {
      two.server.stop()
      two = try node(2, in: two.folder)
      let cem = try client(two, "cem")
      try cem.join("#b")
      #expect(try hasPage(cem, "LATEST #b * 9", ["one", "two"]))
      try cem.join("#a")
      #expect(try hasPage(cem, "LATEST #a * 9", ["another room"]))
      cem.close()
    }
  }

  @Test("who comes into many rooms and says nothing costs no other room its history")
  func silentRooms() throws {
    let limit: (inout Configuration) -> Void = { $0.history.rooms = 3 }
    let (one, two) = (try node(1, limit), try node(2, limit))
    let (ann, bob) = (try client(one, "ann"), try client(two, "bob"))
    try ann.join("#kept")
    _ = try ann.ask("PRIVMSG #kept :line")
    _ = try ann.ask("PART #kept")
    for number in 0..<5 {
      _ = try bob.ask("JOIN #silent\(number)")
      _ = try bob.ask("PART #silent\(number)")
    }
    try bob.join("#kept")
    try ann.join("#kept")
    for client in [ann, bob] { #expect(try hasPage(client, "LATEST #kept * 9", ["line"])) }
    #expect(try ann.ask("JOIN #other").first("JOIN") != nil)
    #expect(try ann.ask("RENAME #other #silent1").codes.isEmpty)
  }

  @Test("what a crash has taken from a node's file it hears again, and nothing is stored twice")
  func crash() throws {
    let one = try node(1)
    var two = try node(2)
    let (ann, bob) = (try client(one, "ann"), try client(two, "bob"))
    try ann.join("#r")
    try bob.join("#r")
    for number in 0..<3 { _ = try ann.ask("PRIVMSG #r :line \(number)") }
    #expect(try hasPage(bob, "LATEST #r * 9", ["line 0", "line 1", "line 2"]))
    two.server.stop()
    // As if the last were not written yet, and what comes before the next was.
    let database = try Database(two.folder.path(of: "history.db"))
    try database.run("DELETE FROM message WHERE text = 'line 2'")
    two = try node(2, in: two.folder)
    let cem = try client(two, "cem")
    try cem.join("#r")
    #expect(try hasPage(cem, "LATEST #r * 9", ["line 0", "line 1", "line 2"]))
    #expect(two.server.log.find { $0.contains("refused by the history") } == nil)
  }

  @Test("what a founder has deleted is gone at every node")
  func clearing() throws {
    let (one, two) = (try node(1), try node(2))
    let ann = try one.registered("ann", capabilities: Self.capabilities)
    let bob = try client(two, "bob")
    try ann.join("#r")
    try bob.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    _ = try bob.ask("PRIVMSG #r :line")
    #expect(try hasPage(bob, "LATEST #r * 9", ["line"]))
    #expect(try ann.ask("HISTORY CLEAR #r").codes == ["CLEARED"])
    for client in [ann, bob] { #expect(try hasPage(client, "LATEST #r * 9", [])) }
  }

  @Test("what an account has said is deleted at every node, also at one that comes later")
  func erasure() throws {
    let (one, two) = (try node(1), try node(2))
    var three = try node(3)
    let ann = try one.registered("ann", capabilities: Self.capabilities)
    let bob = try client(two, "bob")
    try ann.join("#r")
    try bob.join("#r")
    _ = try ann.ask("PRIVMSG #r :mine")
    _ = try bob.ask("PRIVMSG #r :other")
    three.server.stop()
    #expect(
      try ann.ask("ACCOUNT ERASE :\(AccountServer.password)").codes.contains("ERASED"))
    #expect(try hasPage(bob, "LATEST #r * 9", ["other"]))
    three = try node(3, in: three.folder)
    let cem = try client(three, "cem")
    try cem.join("#r")
    #expect(try hasPage(cem, "LATEST #r * 9", ["other"]))
  }

  @Test("how long a room keeps what is said holds at every node")
  func keeping() throws {
    let (one, two) = (try node(1), try node(2))
    let ann = try one.registered("ann", capabilities: Self.capabilities)
    let bob = try client(two, "bob")
    try ann.join("#r")
    try bob.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    _ = try ann.ask("PRIVMSG #r :kept")
    #expect(try ann.ask("ROOM SET #r history off").codes == ["SET"])
    // Which the other has done by the time it has caught up with what follows.
    while two.server.server.hub.registry.room(named: "#r").flatMap({
      ($0.keeper as? RememberedRoom)?.keepsNothing
    }) != true {}
    _ = try ann.ask("PRIVMSG #r :not kept")
    _ = try bob.messagesUntilNow()
    #expect(try hasPage(bob, "LATEST #r * 9", []))
  }

  @Test("whoever stays does so when its node goes, and is told at another what it has missed")
  func staying() throws {
    let capabilities = ["message-tags", "server-time", "batch", "echo-message"]
    let (one, two) = (try node(1), try node(2))
    let ann = try one.registered("ann", capabilities: capabilities)
    try ann.join("#r")
    _ = try ann.ask("ACCOUNT SET stay on")
    let bob = try two.server.client("bob", capabilities: capabilities)
    try bob.join("#r")
    _ = try bob.ask("PRIVMSG #r :heard")
    #expect(try ann.read { $0.command == "PRIVMSG" }.texts == ["heard"])
    try leave(ann)
    #expect(one.server.log.waitForLine(containing: "disconnect", "ann") != nil)
    #expect(try bob.ask("NAMES #r").first("353")?.parameters.last == "@ann bob")
    _ = try bob.ask("PRIVMSG #r :missed")
    // Its node goes, in order or not, and it stays.
    while two.server.server.hub.accounts?.store.read({ $0.staying(1) }) == nil {}
    one.server.stop()
    #expect(try bob.ask("NAMES #r").first("353")?.parameters.last == "@ann bob")
    let back = try two.loggedIn("x", as: "ann", capabilities: capabilities)
    #expect(try back.messagesUntilNow().texts == ["missed"])
    // Also with a connection that breaks off with its node.
    let three = try node(3)
    let cem = try three.server.client("cem")
    try cem.join("#r")
    engine.expire(2)
    #expect(try cem.read { $0.command == "QUIT" }.last?.source?.name == "bob")
    #expect(try cem.ask("NAMES #r").first("353")?.parameters.last == "@ann cem")
    // When it is not to stay any more, it goes.
    let again = try three.loggedIn("x", as: "ann", capabilities: capabilities)
    _ = try again.ask("ACCOUNT SET stay off")
    try leave(again)
    #expect(try cem.read { $0.command == "QUIT" }.last?.source?.name == "ann")
  }

  @Test("who stayed with a server that begins a network can be ended at every node")
  func stayingBefore() throws {
    let folder = try TemporaryFolder()
    let alone = try AccountServer(in: folder) { $0.history.isEnabled = true }
    let ann = try alone.registered("ann")
    try ann.join("#r")
    _ = try ann.ask("ACCOUNT SET stay on")
    try leave(ann)
    #expect(alone.server.log.waitForLine(containing: "disconnect", "ann") != nil)
    alone.server.stop()
    let (one, two) = (try node(1, in: folder), try node(2))
    let (bob, cem) = (try client(one, "bob"), try client(two, "cem"))
    try bob.join("#r")
    try cem.join("#r")
    #expect(try cem.ask("WHOIS ann").first("401") == nil)
    let hub = two.server.server.hub
    hub.expel(try #require(hub.registry.member(named: "ann")), because: "ended")
    for client in [bob, cem] {
      #expect(try client.read { $0.command == "QUIT" }.last?.source?.name == "ann")
    }
    // That she stays no longer is written down by and by, at both.
    let deadline = ContinuousClock.now + ScriptedClient.patience
    let other = one.server.server.hub
    var areSame = false
    while !areSame, ContinuousClock.now < deadline {
      _ = try (bob.messagesUntilNow(), cem.messagesUntilNow())
      areSame = other.registry.digest() == hub.registry.digest()
    }
    #expect(areSame)
  }

  @Test(
    "a network begins with the history of its first server",
    arguments: HistorySettings.EmptyRooms.allCases)
  func founding(emptyRooms: HistorySettings.EmptyRooms) throws {
    let folder = try TemporaryFolder()
    let alone = try AccountServer(in: folder) {
      $0.history.isEnabled = true
      $0.history.emptyRooms = emptyRooms
    }
    let ann = try alone.registered("ann", capabilities: Self.capabilities)
    let bob = try alone.registered("bob", capabilities: Self.capabilities)
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    _ = try ann.ask("PRIVMSG #r :before")
    _ = try ann.ask("PRIVMSG bob :private")
    bob.close()
    alone.server.stop()
    let change: (inout Configuration) -> Void = { $0.history.emptyRooms = emptyRooms }
    let (one, two) = (try node(1, in: folder, change), try node(2, change))
    let again = try one.loggedIn("ann", capabilities: Self.capabilities)
    try again.join("#r")
    #expect(try hasPage(again, "LATEST #r * 9", ["before"]))
    let bob2 = try two.loggedIn("bob", capabilities: Self.capabilities)
    try bob2.join("#r")
    _ = try bob2.ask("PRIVMSG #r :since")
    _ = try bob2.ask("PRIVMSG ann :since")
    _ = try again.messagesUntilNow()
    #expect(try hasPage(again, "LATEST #r * 9", ["before", "since"]))
    #expect(try hasPage(again, "LATEST bob * 9", ["private", "since"]))
    #expect(try hasPage(bob2, "LATEST #r * 9", ["since"]))
    #expect(try hasPage(bob2, "LATEST ann * 9", ["since"]))
  }
}
