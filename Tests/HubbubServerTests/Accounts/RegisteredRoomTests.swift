import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// ROOM: rooms that are kept.
@Suite struct RegisteredRoomTests {
  private static let replies = ["standard-replies"]

  @Test("a registered room has +r, and is there with all of it when everybody has left")
  func kept() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    try ann.join("#r")
    let answer = try ann.ask("ROOM REGISTER #r")
    #expect(answer.commands == ["MODE", "NOTE"])
    #expect(answer[0].parameters == ["#r", "+r"])
    #expect(answer[0].source?.name == "hubbub.local")
    _ = try ann.ask("MODE #r +k-t key")
    _ = try ann.ask("TOPIC #r :Tea, anybody?")
    _ = try ann.ask("PART #r")
    let guest = try server.server.client("guest")
    #expect(try guest.ask("JOIN #r").commands == ["475"])
    let joined = try guest.ask("JOIN #r key")
    #expect(joined.first("332")?.parameters.last == "Tea, anybody?")
    #expect(joined.first("353")?.parameters.last == "guest")
    #expect(try guest.ask("MODE #r").first?.parameters == ["guest", "#r", "+nrk", "key"])
    #expect(try ann.ask("JOIN #r").first("353")?.parameters.last?.contains("@ann") == true)
  }

  @Test("it is there after a restart: topic with its author, modes, key, lists and creation time")
  func restart() throws {
    let folder = try TemporaryFolder()
    let first = try AccountServer(in: folder)
    let ann = try first.registered("ann", capabilities: Self.replies)
    try first.makeAccount("bob")
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    _ = try ann.ask("MODE #r +kl key 10")
    _ = try ann.ask("MODE #r +bI *!*@192.0.2.0/24 ~a:bob")
    _ = try ann.ask("TOPIC #r :Tea")
    _ = try ann.ask("ROOM ACCESS #r ADD bob voice")
    let before =
      try ann.ask("MODE #r") + ann.ask("TOPIC #r") + ann.ask("MODE #r b")
      + ann.ask("MODE #r I")
    first.server.stop()
    let second = try AccountServer(in: folder)
    let again = try second.loggedIn("ann")
    try again.join("#r")
    let after =
      try again.ask("MODE #r") + again.ask("TOPIC #r") + again.ask("MODE #r b")
      + again.ask("MODE #r I")
    #expect(after.map(\.parameters) == before.map(\.parameters))
    let bob = try second.loggedIn("bob")
    #expect(try bob.ask("JOIN #r key").first("353")?.parameters.last?.contains("+bob") == true)
  }

  @Test("standing is given on JOIN and on login, and taken at once")
  func access() throws {
    let server = try AccountServer()
    try server.makeAccount("bob")
    let ann = try server.registered("ann", capabilities: Self.replies)
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    let bob = try server.server.client("bobby", capabilities: ["sasl"])
    try bob.join("#r")
    _ = try ann.messagesUntilNow()
    let added = try ann.ask("ROOM ACCESS #r ADD bob halfop")
    #expect(added.codes == ["ACCESS_SET"])
    try bob.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("bob"))")
    try bob.expect("903")
    #expect(try ann.messagesUntilNow().first("MODE")?.parameters == ["#r", "+h", "bobby"])
    #expect(
      try ann.ask("ROOM ACCESS #r ADD bob op").first("MODE")?.parameters == [
        "#r", "+o-h", "bobby", "bobby",
      ])
    #expect(
      try ann.ask("ROOM ACCESS #r DEL bob").first("MODE")?.parameters == ["#r", "-o", "bobby"])
    _ = try ann.ask("ROOM ACCESS #r ADD bob deny")
    _ = try bob.ask("PART #r")
    #expect(try bob.ask("JOIN #r").commands == ["474"])
    #expect(try bob.ask("ROOM ACCESS #r ADD bob op").codes == ["NOT_ALLOWED"])
    #expect(try ann.ask("ROOM ACCESS #r LIST").codes == ["ACCESS", "ACCESS", "END_OF_ACCESS"])
  }

  @Test("it changes hands only with consent")
  func transfer() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    let bob = try server.registered("bob", capabilities: Self.replies)
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    #expect(try bob.ask("ROOM ACCEPT #r").codes == ["NOT_ALLOWED"])
    #expect(try ann.ask("ROOM TRANSFER #r bob").codes == ["OFFERED"])
    #expect(try bob.messagesUntilNow().first("NOTICE")?.parameters.last?.contains("#r") == true)
    #expect(try bob.ask("ROOM ACCEPT #r").codes == ["ACCEPTED"])
    #expect(
      try bob.ask("ROOM INFO #r").first?.parameters.dropLast() == [
        "ROOM", "INFO", "#r", "founder", "bob",
      ])
    #expect(try ann.ask("ROOM TRANSFER #r ann").codes == ["NOT_ALLOWED"])
  }

  @Test("DROP wants the code that it gave, and then the room ends with its last member")
  func drop() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    let first = try ann.ask("ROOM DROP #r")
    #expect(first.codes == ["DROP_CODE"])
    #expect(try ann.ask("ROOM DROP #r 1").codes == ["DROP_CODE"])
    let code = try ann.ask("ROOM DROP #r").first!.parameters[3]
    let dropped = try ann.ask("ROOM DROP #r \(code)")
    #expect(dropped.first("MODE")?.parameters == ["#r", "-r"])
    #expect(dropped.codes == ["DROPPED"])
    _ = try ann.ask("PART #r")
    #expect(try ann.ask("LIST #r").commands == ["321", "323"])
  }

  @Test("who does not operate it, or has no account, registers nothing")
  func refusals() throws {
    let server = try AccountServer()
    let op = try server.server.client("op", capabilities: Self.replies)
    try op.join("#r")
    #expect(try op.ask("ROOM REGISTER #r").codes == ["ACCOUNT_REQUIRED"])
    let ann = try server.registered("ann", capabilities: Self.replies)
    #expect(try ann.ask("ROOM REGISTER #r").codes == ["NOT_ALLOWED"])
    try ann.join("#r")
    #expect(try ann.ask("ROOM REGISTER #r").codes == ["NOT_ALLOWED"])
    #expect(try ann.ask("ROOM INFO #r").codes == ["NO_SUCH_ROOM"])
  }

  @Test("a room that is registered is not registered by another who operates it")
  func registeredOnce() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    let bob = try server.registered("bob", capabilities: Self.replies)
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    try bob.join("#r")
    _ = try ann.ask("MODE #r +o bob")
    #expect(try bob.ask("ROOM REGISTER #r").codes == ["NOT_ALLOWED"])
    _ = try bob.ask("RENAME #r #q")
    #expect(try bob.ask("ROOM REGISTER #q").codes == ["NOT_ALLOWED"])
    #expect(try bob.ask("ROOM LIST").codes == ["END_OF_ROOMS"])
  }

  @Test("of a secret room that is registered nobody outside learns")
  func secret() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    let eve = try server.registered("eve", capabilities: Self.replies)
    try ann.join("#s")
    _ = try ann.ask("MODE #s +s")
    _ = try ann.ask("ROOM REGISTER #s")
    for request in ["INFO #s", "ACCESS #s LIST", "DROP #s", "TRANSFER #s eve", "ACCEPT #s"] {
      #expect(try eve.ask("ROOM \(request)").codes == ["NO_SUCH_ROOM"])
    }
  }

  @Test("a device's password gives no room away")
  func device() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    try server.makeAccount("bob")
    try ann.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    let password = try #require(
      ann.ask("ACCOUNT DEVICE ADD phone").first("NOTE")?.parameters[3])
    let phone = try server.server.client("ann-2", password: "ann@phone:\(password)")
    _ = try phone.messagesUntilNow()
    for request in ["DROP #r", "TRANSFER #r bob", "ACCESS #r ADD bob op"] {
      let answer = try phone.ask("ROOM \(request)")
      #expect(answer.first?.parameters.last?.contains("password of the account") == true)
    }
  }

  @Test("what is said in a secret room is for those who are there, after a restart as well")
  func restricted() throws {
    let folder = try TemporaryFolder()
    let first = try AccountServer(in: folder) { $0.history.isEnabled = true }
    let ann = try first.registered("ann", capabilities: Self.replies)
    try ann.join("#r")
    _ = try ann.ask("MODE #r +s")
    _ = try ann.ask("ROOM REGISTER #r")
    first.server.stop()
    let second = try AccountServer(in: folder) { $0.history.isEnabled = true }
    let again = try second.loggedIn("ann")
    try again.join("#r")
    _ = try again.ask("PRIVMSG #r :between us")
    let later = try second.server.client(
      "later", capabilities: ["batch", "draft/chathistory", "message-tags"])
    try later.join("#r")
    let page = try later.ask("CHATHISTORY LATEST #r * 50")
    #expect(page.first?.command == "BATCH")
    #expect(page.first("PRIVMSG") == nil)
  }

  @Test("a registered room that is renamed is kept under its new name")
  func rename() throws {
    let folder = try TemporaryFolder()
    let first = try AccountServer(in: folder)
    let ann = try first.registered("ann", capabilities: Self.replies)
    try ann.join("#old")
    _ = try ann.ask("ROOM REGISTER #old")
    _ = try ann.ask("RENAME #old #new")
    first.server.stop()
    let second = try AccountServer(in: folder)
    let again = try second.loggedIn("ann", capabilities: Self.replies)
    #expect(try again.ask("ROOM LIST").first?.parameters[2] == "#new")
    #expect(try again.ask("JOIN #new").first("353")?.parameters.last == "@ann")
  }

  @Test("CS OP gives who is entitled to it its status")
  func chanServ() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann")
    try ann.join("#r")
    #expect(try ann.ask("CS REGISTER #r").commands == ["MODE", "NOTICE"])
    _ = try ann.ask("MODE #r -o ann")
    #expect(try ann.ask("PRIVMSG ChanServ :OP #r").first?.parameters == ["#r", "+o", "ann"])
    let guest = try server.server.client("guest")
    try guest.join("#r")
    #expect(try guest.ask("CS OP #r").commands == ["NOTICE"])
  }
}
