import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// What the founder of a registered room sets of its history.
@Suite struct RoomSettingsTests {
  private static let capabilities = RememberingServer.capabilities

  private func server(in folder: TemporaryFolder) throws -> AccountServer {
    try AccountServer(in: folder) { $0.history.isEnabled = true }
  }

  private func founder(_ server: AccountServer) throws -> ScriptedClient {
    let ann = try server.registered("ann", capabilities: Self.capabilities)
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    return ann
  }

  @Test("a room is kept for as long as its founder says, which whoever comes is told")
  func history() throws {
    let folder = try TemporaryFolder()
    var server = try server(in: folder)
    var ann = try founder(server)
    _ = try ann.ask("PRIVMSG #r :one")
    #expect(try ann.ask("ROOM SET #r history 7d").codes == ["SET"])
    #expect(try ann.page("LATEST #r * 10").texts == ["one"])
    let bob = try server.server.client("bob", capabilities: Self.capabilities)
    try bob.send("JOIN #r")
    #expect(try bob.expect("NOTE").parameters[3] == "7d")
    // What is there goes at once, and nothing more is kept.
    #expect(try ann.ask("ROOM SET #r history off").codes == ["SET"])
    while try !ann.page("LATEST #r * 10").isEmpty {}
    _ = try ann.ask("PRIVMSG #r :two")
    #expect(try ann.page("LATEST #r * 10").isEmpty)
    let carol = try server.server.client("carol", capabilities: Self.capabilities)
    #expect(try carol.ask("JOIN #r").first("NOTE") == nil)
    server.server.stop()
    server = try self.server(in: folder)
    ann = try server.loggedIn("ann", capabilities: Self.capabilities)
    #expect(try ann.ask("JOIN #r").first("NOTE") == nil)
    _ = try ann.ask("PRIVMSG #r :three")
    #expect(try ann.page("LATEST #r * 10").isEmpty)
    #expect(try ann.ask("ROOM SET #r history default").codes == ["SET"])
    _ = try ann.ask("PRIVMSG #r :four")
    #expect(try ann.page("LATEST #r * 10").texts == ["four"])
    let info = try ann.ask("ROOM INFO #r").map { $0.parameters.dropFirst(3).prefix(2) }
    #expect(info.contains(["history", "default"]))
  }

  @Test("what is said is for those who were there, or for whoever is in, as the founder says")
  func visibility() throws {
    let folder = try TemporaryFolder()
    var server = try server(in: folder)
    var ann = try founder(server)
    _ = try ann.ask("PRIVMSG #r :open")
    #expect(try ann.ask("ROOM SET #r visibility joined").codes == ["SET"])
    _ = try ann.ask("PRIVMSG #r :for those here")
    var bob = try server.server.client("bob", capabilities: Self.capabilities)
    try bob.join("#r")
    #expect(try bob.page("LATEST #r * 10").texts == ["open"])
    _ = try ann.ask("PRIVMSG #r :for both")
    #expect(try bob.page("LATEST #r * 10").texts == ["open", "for both"])
    server.server.stop()
    server = try self.server(in: folder)
    ann = try server.loggedIn("ann", capabilities: Self.capabilities)
    try ann.join("#r")
    _ = try ann.ask("PRIVMSG #r :later")
    bob = try server.server.client("bob", capabilities: Self.capabilities)
    try bob.join("#r")
    #expect(try bob.page("LATEST #r * 10").texts == ["open"])
    _ = try ann.ask("MODE #r +i")
    #expect(try ann.ask("ROOM SET #r visibility members").codes == ["SET"])
    _ = try ann.ask("PRIVMSG #r :for all who are in")
    #expect(try bob.page("LATEST #r * 10").texts == ["open", "for all who are in"])
    _ = try ann.ask("INVITE carol #r")
  }

  @Test("others may not, and what it cannot be is refused with what it can")
  func refused() throws {
    let server = try server(in: TemporaryFolder())
    let ann = try founder(server)
    let bob = try server.registered("bob", capabilities: Self.capabilities)
    try bob.join("#r")
    _ = try ann.ask("MODE #r +o bob")
    _ = try bob.messagesUntilNow()
    #expect(try bob.ask("ROOM SET #r history off").codes == ["NOT_ALLOWED"])
    #expect(try ann.ask("ROOM SET #r history soon").codes == ["INVALID_VALUE"])
    #expect(try ann.ask("ROOM SET #r visibility public").codes == ["INVALID_VALUE"])
    #expect(try ann.ask("ROOM SET #r colour blue").codes == ["UNKNOWN_SETTING"])
    #expect(try ann.ask("ROOM SET #r history").codes == ["NEED_MORE_PARAMS"])
    #expect(try ann.ask("ROOM SET #x history 7d").codes == ["NO_SUCH_ROOM"])
  }
}
