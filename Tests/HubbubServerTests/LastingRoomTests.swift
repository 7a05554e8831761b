import IRCWire
import Testing

@testable import HubbubServer

/// Rooms that the settings name.
@Suite struct LastingRoomTests {
  private static func server() throws -> TestServer {
    try TestServer {
      $0.rooms = [
        PersistentRoom(
          name: "#Tea", topic: "Tea, anybody?", modes: "+ntk pot", operators: ["ann!*@*"])
      ]
    }
  }

  @Test(
    "it is there before anybody comes, with its topic and modes, and belongs to nobody who joins")
  func start() throws {
    let server = try Self.server()
    let bob = try server.client("bob")
    let list = try bob.ask("LIST").filter { $0.command == "322" }
    #expect(list.map(\.parameters) == [["bob", "#Tea", "0", "Tea, anybody?"]])
    #expect(try bob.ask("JOIN #tea").commands == ["475"])
    let joined = try bob.ask("JOIN #tea pot")
    #expect(joined.first { $0.command == "332" }?.parameters.last == "Tea, anybody?")
    #expect(joined.first { $0.command == "353" }?.parameters.last == "bob")
    #expect(try bob.ask("MODE #tea").first?.parameters == ["bob", "#Tea", "+ntk", "pot"])
    #expect(try bob.ask("TOPIC #tea :mine").commands == ["482"])
  }

  @Test("who the settings name operates it as soon as they join, and all are told")
  func operators() throws {
    let server = try Self.server()
    let bob = try server.client("bob")
    _ = try bob.ask("JOIN #tea pot")
    let ann = try server.client("ann")
    let joined = try ann.ask("JOIN #tea pot")
    #expect(joined.last { $0.command == "353" }?.parameters.last?.contains("@ann") == true)
    let seen = try bob.messagesUntilNow()
    #expect(seen.commands == ["JOIN", "MODE"])
    #expect(seen.last?.parameters == ["#Tea", "+o", "ann"])
    #expect(try ann.ask("TOPIC #tea :green").commands == ["TOPIC"])
  }

  @Test("it stays as it is when the last one leaves, and cannot be renamed")
  func staying() throws {
    let server = try Self.server()
    let ann = try server.client("ann", capabilities: ["draft/channel-rename"])
    _ = try ann.ask("JOIN #tea pot")
    _ = try ann.ask("TOPIC #tea :green")
    #expect(
      try ann.ask("RENAME #tea #coffee").first?.parameters.prefix(2) == ["RENAME", "CANNOT_RENAME"])
    _ = try ann.ask("PART #tea")
    let joined = try ann.ask("JOIN #tea pot")
    #expect(joined.first { $0.command == "332" }?.parameters.last == "green")
  }

  @Test("a room that is over does not answer for a new one of its name")
  func staleRoom() throws {
    let server = try TestServer()
    let ann = try server.client("ann")
    let bob = try server.client("bob")
    try ann.join("#s")
    try bob.join("#s")
    _ = try ann.ask("TOPIC #s :old")
    _ = try bob.ask("PRIVMSG #s :x")
    _ = try ann.ask("KICK #s bob")
    _ = try ann.ask("PART #s")
    try ann.join("#s")
    #expect(try bob.ask("TOPIC #s").commands.suffix(1) == ["331"])
  }
}
