import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// How far one has read (IRCv3 draft/read-marker).
@Suite struct MarkerTests {
  private static let capabilities = ["draft/read-marker"]
  private static let early = "timestamp=2019-01-04T14:33:26.123Z"
  private static let late = "timestamp=2020-01-04T14:33:26.123Z"

  @Test("a marker moves forward only, and is told to the account's other connections")
  func moves() throws {
    let server = try AccountServer()
    let laptop = try server.registered("ann", capabilities: Self.capabilities)
    let phone = try server.loggedIn("ann", capabilities: Self.capabilities)
    let old = try server.loggedIn("ann")
    let bob = try server.server.client("bob", capabilities: Self.capabilities)
    _ = try (phone.messagesUntilNow(), old.messagesUntilNow())
    // "If there is no known last message read timestamp, the timestamp parameter is a literal `*`."
    #expect(try laptop.ask("MARKREAD bob").map(\.parameters) == [["bob", "*"]])
    #expect(try laptop.ask("MARKREAD bob \(Self.late)").map(\.parameters) == [["bob", Self.late]])
    #expect(try phone.messagesUntilNow().map(\.parameters) == [["bob", Self.late]])
    // "the server MUST reply to the client with a MARKREAD command carrying the server's stored
    // value"
    #expect(try phone.ask("MARKREAD BOB \(Self.early)").map(\.parameters) == [["bob", Self.late]])
    #expect(try laptop.messagesUntilNow().isEmpty)
    #expect(try old.messagesUntilNow().isEmpty)
    // "Servers MUST NOT leak read markers sent by a user to other users"
    #expect(try bob.messagesUntilNow().isEmpty)
    // A guest's own go with it.
    #expect(try bob.ask("MARKREAD ann \(Self.late)").map(\.parameters) == [["ann", Self.late]])
    #expect(try bob.ask("MARKREAD ann \(Self.early)").map(\.parameters) == [["ann", Self.late]])
    #expect(try old.ask("MARKREAD bob").commands == ["421"])
  }

  @Test("behind JOIN and before the end of the names stands the room's marker")
  func joins() throws {
    let folder = try TemporaryFolder()
    var server = try AccountServer(in: folder)
    var ann = try server.registered("ann", capabilities: Self.capabilities)
    #expect(try ann.ask("JOIN #r").commands == ["JOIN", "353", "MARKREAD", "366"])
    _ = try ann.ask("MARKREAD #R \(Self.late)")
    let phone = try server.loggedIn("ann", capabilities: Self.capabilities)
    #expect(try phone.messagesUntilNow().first("MARKREAD")?.parameters == ["#r", Self.late])
    // What one connection joins is told to the other with the marker as well.
    _ = try phone.ask("JOIN #s")
    #expect(try ann.messagesUntilNow().commands == ["JOIN", "353", "MARKREAD", "366"])
    server.server.stop()
    server = try AccountServer(in: folder)
    ann = try server.loggedIn("ann", capabilities: Self.capabilities)
    #expect(try ann.ask("JOIN #r").first("MARKREAD")?.parameters == ["#r", Self.late])
    let guest = try server.server.client("guest", capabilities: Self.capabilities)
    #expect(try guest.ask("JOIN #r").first("MARKREAD")?.parameters == ["#r", "*"])
  }

  @Test("what is no marker is refused in the specification's words")
  func refused() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.capabilities)
    // "FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters"
    #expect(try ann.ask("MARKREAD").codes == ["NEED_MORE_PARAMS"])
    for line in ["#r *", "#r timestamp=yesterday", "#r msgid=1", "!x", "#r timestamp"] {
      #expect(try ann.ask("MARKREAD \(line)").codes == ["INVALID_PARAMS"], "\(line)")
    }
    // What lies ahead would never be moved again.
    let told = try ann.ask("MARKREAD bob timestamp=2999-01-01T00:00:00.000Z")
    #expect(told.first?.parameters.last?.hasPrefix("timestamp=2999") == false)
  }
}
