import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// What people and rooms say of themselves (IRCv3 draft/metadata-2 and -3).
@Suite struct MetadataTests {
  private static let second = ["batch", "message-tags", "draft/metadata-2"]
  private static let third = ["batch", "message-tags", "draft/metadata-3"]

  /// Somebody who has been told all that one is told first.
  private func client(
    _ server: TestServer, _ nickname: String, _ capabilities: [String]
  ) throws -> ScriptedClient {
    let client = try server.client(nickname, capabilities: capabilities)
    _ = try client.messagesUntilNow()
    return client
  }

  /// Answers without their batch, whose lines all carry its name.
  private func lines(_ answer: [Message]) throws -> [[String]] {
    let start = try #require(answer.first("BATCH"))
    let name = String(start.parameters[0].dropFirst())
    #expect(start.parameters.dropFirst() == ["metadata"])
    #expect(answer.last?.parameters == ["-\(name)"])
    let inside = answer.filter { $0.command != "BATCH" }
    #expect(inside.allSatisfy { $0.tag("batch") == name })
    return inside.map { [$0.command] + $0.parameters }
  }

  @Test("a key is set, read, listed, changed and taken away")
  func ownKeys() throws {
    let server = try TestServer()
    let ann = try client(server, "ann", Self.second)
    #expect(
      try ann.ask("METADATA * SET URL :http://a").map(\.parameters) == [
        ["ann", "*", "url", "*", "http://a"]
      ])
    #expect(
      try lines(ann.ask("METADATA * GET url $x mail")) == [
        ["761", "ann", "*", "url", "*", "http://a"],
        ["FAIL", "METADATA", "KEY_INVALID", "$x", "Invalid key"],
        ["766", "ann", "*", "mail", "no matching key"],
      ])
    let bob = try client(server, "bob", Self.second)
    #expect(
      try lines(bob.ask("METADATA ann LIST")) == [["761", "bob", "ann", "url", "*", "http://a"]])
    #expect(try bob.ask("METADATA ann SET url :x").codes == ["KEY_NO_PERMISSION"])
    #expect(try bob.ask("METADATA nobody LIST").codes == ["INVALID_TARGET"])
    #expect(try bob.ask("METADATA * FLY").codes == ["INVALID_SUBCOMMAND"])
    #expect(try ann.ask("METADATA * SET url").map(\.parameters) == [["ann", "*", "url", "*"]])
    #expect(try ann.ask("METADATA * SET url").commands == ["768"])
    for number in 0..<MetadataBook.maxKeys { _ = try ann.ask("METADATA * SET k\(number) :v") }
    #expect(try ann.ask("METADATA * SET more :v").codes == ["LIMIT_REACHED"])
    #expect(try lines(ann.ask("METADATA * CLEAR")).count == MetadataBook.maxKeys)
    #expect(try lines(ann.ask("METADATA * LIST")).isEmpty)
    let plain = try server.client("old")
    #expect(try plain.ask("METADATA * LIST").commands == ["421"])
  }

  @Test("those who have subscribed are told of those they share a room with, or watch, in its form")
  func notices() throws {
    let server = try TestServer()
    let ann = try client(server, "ann", Self.second)
    let bob = try client(server, "bob", Self.second)
    let carol = try client(server, "carol", Self.third)
    let dora = try client(server, "dora", Self.second + ["extended-monitor"])
    let other = try client(server, "other", Self.second)
    for client in [ann, bob, carol, other] { try client.join("#r") }
    _ = try dora.ask("MONITOR + ann")
    for client in [bob, carol, dora] {
      #expect(try client.ask("METADATA * SUB url mail").filter { $0.command == "770" }.count == 1)
    }
    for client in [ann, bob, carol, dora, other] { _ = try client.messagesUntilNow() }
    _ = try ann.ask("METADATA * SET url :http://a")
    for client in [bob, dora] {
      let told = try client.messagesUntilNow()
      #expect(
        told.map { [$0.command] + $0.parameters } == [
          ["METADATA", "ann", "url", "*", "http://a"]
        ])
      #expect(told.first?.source?.name == "ann")
    }
    #expect(
      try carol.messagesUntilNow().map(\.parameters) == [
        ["carol", "ann", "url", "*", "http://a"]
      ])
    #expect(try other.messagesUntilNow().isEmpty)
    #expect(try ann.messagesUntilNow().isEmpty)
    // A room's, by those who operate it.
    #expect(try bob.ask("METADATA #r SET url :x").codes == ["KEY_NO_PERMISSION"])
    _ = try ann.ask("METADATA #r SET mail :m@x")
    #expect(try bob.messagesUntilNow().map(\.parameters) == [["#r", "mail", "*", "m@x"]])
    _ = try bob.ask("METADATA * UNSUB mail")
    _ = try ann.ask("METADATA #r SET mail :n@x")
    #expect(try bob.messagesUntilNow().isEmpty)
    #expect(try bob.ask("METADATA * SUBS").map(\.parameters) == [["bob", "url"]])
    // What is there is told to whoever comes and has subscribed, and to whoever subscribes then.
    let eve = try client(server, "eve", Self.second)
    _ = try eve.ask("METADATA * SUB url")
    let joined = try eve.ask("JOIN #r").filter { $0.command == "METADATA" }
    #expect(joined.map(\.parameters) == [["ann", "url", "*", "http://a"]])
    let later = try eve.ask("METADATA * SUB mail").filter { $0.command == "METADATA" }
    #expect(later.map(\.parameters) == [["#r", "mail", "*", "n@x"]])
    #expect(
      try lines(eve.ask("METADATA #r SYNC")) == [
        ["METADATA", "#r", "mail", "*", "n@x"], ["METADATA", "ann", "url", "*", "http://a"],
      ])
  }

  @Test("too many subscriptions are refused from the first that is too many")
  func manySubscriptions() throws {
    let server = try TestServer()
    let ann = try client(server, "ann", Self.second)
    let keys = (0...MetadataBook.maxSubscriptions).map { "k\($0)" }
    for key in keys.dropLast(2) { _ = try ann.ask("METADATA * SUB \(key)") }
    let answer = try ann.ask("METADATA * SUB \(keys.suffix(2).joined(separator: " ")) url")
    #expect(
      answer.map { $0.parameters.dropFirst() } == [
        ["TOO_MANY_SUBS", keys.last!, "Too many subscriptions"], [keys.dropLast().last!],
      ])
  }

  @Test("an account's and a registered room's keys last, and are shown as one comes in")
  func lasting() throws {
    let folder = try TemporaryFolder()
    var server = try AccountServer(in: folder)
    var ann = try client(server.server, "ann", Self.second)
    _ = try ann.ask("METADATA * SET display-name :Ann")
    _ = try ann.ask("REGISTER * * :\(AccountServer.password)")
    try ann.join("#r")
    _ = try ann.ask("METADATA #r SET url :http://r")
    _ = try ann.ask("ROOM REGISTER #r")
    server.server.stop()
    server = try AccountServer(in: folder)
    ann = try server.loggedIn("ann", capabilities: Self.second)
    let own = try ann.messagesUntilNow().first("METADATA")
    #expect(own?.parameters == ["ann", "display-name", "*", "Ann"])
    let guest = try client(server.server, "guest", Self.second)
    let welcome = try server.server.client("g2", capabilities: Self.second).messagesUntilNow()
    #expect(welcome.filter { $0.command == "BATCH" }.count == 2)
    #expect(
      try lines(guest.ask("METADATA #r LIST")) == [
        ["761", "guest", "#r", "url", "*", "http://r"]
      ])
    _ = try ann.ask("ACCOUNT ERASE :\(AccountServer.password)")
    #expect(server.server.server.hub.accounts?.store.read { $0.metadata(of: "a1") } != nil)
  }

  @Test("with draft/metadata-3 one's own keys may be set before one is in")
  func beforeConnect() throws {
    let server = try TestServer()
    let early = try server.connect()
    try early.send("CAP REQ :draft/metadata-3 batch", "METADATA * SET url :http://e")
    try early.expect("761")
    try early.send("METADATA ann LIST")
    try early.expect("451")
    try early.send("NICK early", "USER e 0 * :E", "CAP END")
    try early.expect("BATCH")
    #expect(try early.expect("761").parameters == ["early", "early", "url", "*", "http://e"])
    // What a guest says of itself goes with it.
    let id = try #require(server.server.hub.registry.member(named: "early")?.id)
    try early.send("QUIT")
    _ = try early.readToEnd()
    #expect(server.server.hub.metadata.values(of: .guest(id), nil).isEmpty)
  }
}
