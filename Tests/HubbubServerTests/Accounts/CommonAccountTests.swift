import HubbubCluster
import HubbubDial
import HubbubStore
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubServer

/// Accounts and registered rooms that several servers have in common.
@Suite struct CommonAccountTests {
  private let engine = ScriptedEngine()
  private static let capabilities = ["message-tags", "echo-message", "labeled-response", "batch"]

  private func nodes() throws -> (AccountServer, AccountServer) {
    (try AccountServer(node: 1, of: engine), try AccountServer(node: 2, of: engine))
  }

  @Test("an account that is made at one node leads in at every other, by every way")
  func everywhere() throws {
    let (one, two) = try nodes()
    let laptop = try one.registered("ann")
    let phone = try two.loggedIn("guest", as: "ann", capabilities: ["standard-replies"])
    // It is that person.
    #expect(try phone.ask("WHOIS ann").first("330")?.parameters.contains("ann") == true)
    let tablet = try two.loggedIn("ann", by: .scramSHA256)
    #expect(try tablet.ask("WHOIS ann").first("330") != nil)
    let bob = try two.server.client("bob", capabilities: ["standard-replies"])
    #expect(try bob.ask("NICK ann").commands == ["433"])
    #expect(try bob.ask("REGISTER * * short").codes == ["WEAK_PASSWORD"])
    #expect(try bob.ask("ACCOUNT INFO ann").codes == ["INFO"])
    // What one node changes holds at the others as soon as it is answered.
    #expect(try phone.ask("ACCOUNT PASSWORD another-horse keep").codes == ["PASSWORD_CHANGED"])
    #expect(throws: (any Error).self) { try one.loggedIn("x", as: "ann") }
    let again = try one.loggedIn("y", as: "ann", password: "another-horse")
    #expect(try again.ask("WHOIS ann").first("330") != nil)
    laptop.close()
  }

  @Test("of two who want one name at the same moment one has it, and all others have theirs")
  func race() throws {
    let (one, two) = try nodes()
    let servers = [one, two]
    let codes = Monitor<[String]>([])
    let clients = try (0..<8).map { try servers[$0 % 2].server.client("p\($0)") }
    let threads = try clients.enumerated().map { number, client in
      try NamedThread(name: "register-\(number)") {
        let found = try? client.ask("REGISTER * * :correct horse").map(\.command)
        codes.withLock { $0 += found ?? ["nothing"] }
      }
    }
    for thread in threads { thread.join() }
    #expect(codes.withLock { $0.filter { $0 == "REGISTER" }.count } == 8)
    let books = servers.map { $0.server.server.hub.accounts!.store.read { $0 } }
    #expect(books[0].everyAccount.map(\.name) == (0..<8).map { "p\($0)" })
    #expect(Set(books[0].everyAccount.map(\.id)).count == 8)
    #expect(books[0].everyAccount == books[1].everyAccount)
    #expect(books[0].digest == books[1].digest)
  }

  @Test("the connections of one person are at several nodes, and nobody sees more than one")
  func devices() throws {
    let (one, two) = try nodes()
    let laptop = try one.registered("ann", capabilities: Self.capabilities)
    try laptop.join("#r")
    let bob = try two.server.client("bob")
    try bob.join("#r")
    _ = try laptop.messagesUntilNow()
    let phone = try two.loggedIn("wish", as: "ann", capabilities: Self.capabilities)
    let told = try phone.messagesUntilNow()
    #expect(told.first("JOIN")?.parameters == ["#r"])
    #expect(told.first("353")?.parameters.last == "@ann bob")
    #expect(try bob.messagesUntilNow().isEmpty)
    // Each reads what the other says, in the room and in private.
    #expect(try phone.ask("@label=x PRIVMSG #r :one").texts == ["one"])
    #expect(try laptop.expect("PRIVMSG").parameters.last == "one")
    #expect(try bob.expect("PRIVMSG").source?.name == "ann")
    _ = try laptop.ask("PRIVMSG bob :two")
    #expect(try phone.expect("PRIVMSG").parameters == ["bob", "two"])
    _ = try bob.ask("PRIVMSG ann :three")
    #expect(try phone.expect("PRIVMSG").parameters.last == "three")
    #expect(try laptop.expect("PRIVMSG").parameters.last == "three")
    // Where one comes in the other does, and where one goes both do.
    _ = try laptop.ask("JOIN #s")
    #expect(try phone.expect("JOIN").parameters.first == "#s")
    _ = try phone.ask("PART #s")
    #expect(try laptop.expect("PART").parameters.first == "#s")
    _ = try phone.ask("MODE ann +i")
    #expect(try laptop.expect("MODE").parameters == ["ann", "+i"])
    _ = try phone.ask("NICK anna")
    #expect(try laptop.expect("NICK").parameters == ["anna"])
    _ = try bob.messagesUntilNow()
    // One of them goes, and the person stays.
    try laptop.send("QUIT")
    _ = try laptop.readToEnd()
    #expect(try bob.ask("WHOIS anna").first("312")?.parameters[2] == "n2.example")
    #expect(try !bob.messagesUntilNow().commands.contains("QUIT"))
    try phone.send("QUIT")
    #expect(try bob.expect("QUIT").source?.name == "anna")
  }

  @Test("somebody whose one node dies goes on by the connection to another")
  func nodeDies() throws {
    let (one, two) = try nodes()
    let laptop = try one.registered("ann")
    try laptop.join("#r")
    let phone = try two.loggedIn("x", as: "ann")
    let bob = try two.server.client("bob")
    try bob.join("#r")
    _ = try phone.messagesUntilNow()
    let gone = try one.server.client("gone")
    try gone.join("#r")
    engine.expire(1)
    #expect(try bob.expect("QUIT").source?.name == "gone")
    _ = try phone.ask("PRIVMSG #r :still here")
    #expect(try bob.expect("PRIVMSG").source?.name == "ann")
  }

  @Test("an account's connections are listed and ended wherever they are")
  func sessions() throws {
    let (one, two) = try nodes()
    let laptop = try one.registered("ann", capabilities: ["standard-replies"])
    let phone = try two.loggedIn("x", as: "ann")
    let listed = try laptop.ask("ACCOUNT SESSIONS").filter { $0.codeOfNote == "SESSION" }
    #expect(listed.count == 2)
    #expect(listed.map { $0.parameters[3] } == ["ann", "ann"])
    let number = try #require(listed.last?.parameters[2])
    #expect(try laptop.ask("ACCOUNT LOGOUT \(number)").codes == ["LOGGED_OUT"])
    #expect(try phone.readToEnd().contains { $0.parameters.last?.contains("Logged out") == true })
    let tablet = try two.loggedIn("x", as: "ann")
    #expect(try laptop.ask("ACCOUNT PASSWORD :another horse").codes == ["PASSWORD_CHANGED"])
    #expect(
      try tablet.readToEnd().contains { $0.parameters.last?.contains("password") == true })
    // It is on its way out at the other node.
    while try laptop.ask("ACCOUNT SESSIONS").filter({ $0.codeOfNote == "SESSION" }).count != 1 {}
  }

  @Test("how far somebody has read its devices at other nodes are told, once")
  func markers() throws {
    let (one, two) = try nodes()
    let capabilities = ["draft/read-marker"]
    let laptop = try one.registered("ann", capabilities: capabilities)
    try laptop.join("#Room")
    let phone = try two.loggedIn("x", as: "ann", capabilities: capabilities)
    _ = try phone.messagesUntilNow()
    let time = "timestamp=2026-01-01T00:00:00.000Z"
    #expect(try laptop.ask("MARKREAD #room \(time)").first("MARKREAD")?.parameters.last == time)
    #expect(try phone.expect("MARKREAD").parameters == ["#Room", time])
    #expect(try phone.ask("MARKREAD #room").first("MARKREAD")?.parameters == ["#Room", time])
    #expect(try laptop.messagesUntilNow().isEmpty)
  }

  @Test("who has shown whose it is and not come in yet is ended as well, and does not come in")
  func unregistered() throws {
    let (one, two) = try nodes()
    let ann = try one.registered("ann", capabilities: ["standard-replies"])
    let thief = try two.server.connect()
    try thief.send("CAP LS 302", "NICK thief", "USER t 0 * t", "CAP REQ sasl")
    try thief.send("AUTHENTICATE PLAIN")
    try thief.expect("AUTHENTICATE")
    try thief.send("AUTHENTICATE \(AccountServer.plain("ann"))")
    try thief.expect("903")
    #expect(try ann.ask("ACCOUNT PASSWORD another-horse").codes == ["PASSWORD_CHANGED"])
    #expect(try thief.readToEnd().contains { $0.parameters.last?.contains("password") == true })
    _ = one
  }

  @Test("what a node has done by halves to a room the others put right")
  func halves() throws {
    let (one, two) = try nodes()
    let ann = try two.registered("ann", capabilities: ["standard-replies"])
    let bob = try two.registered("bob")
    try ann.join("#r")
    try bob.join("#r")
    _ = try ann.ask("ROOM REGISTER #r")
    #expect(try bob.expect("MODE").parameters == ["#r", "+r"])
    let hub = one.server.server.hub
    let store = two.server.server.hub.accounts!.store
    let stream = try #require(store.read { $0.room(named: "#r") }?.stream)
    // The accounts know of it, and the room does not.
    try store.setAccess(stream, 2, .op, actor: "test")
    let half = try store.makeStream()
    _ = try store.registerRoom(
      "#half", half, founder: 1, state: "", visibility: .members, from: 0, actor: "test")
    // The other node has heard of it too.
    while hub.accounts!.store.read({ $0.room(half) }) == nil {}
    var faults: Set<RoomFault> = []
    #expect(!hub.mendRooms(&faults))
    #expect(faults.count == 2)
    #expect(try bob.messagesUntilNow().first("MODE") == nil)
    #expect(!hub.mendRooms(&faults))
    #expect(try bob.expect("MODE").parameters == ["#r", "+o", "bob"])
    #expect(hub.mendRooms(&faults))
    #expect(hub.accounts!.store.read { $0.room(half) } == nil)
    // The other way round.
    try store.dropRoom(stream, actor: "test")
    while hub.accounts!.store.read({ $0.room(stream) }) != nil {}
    for _ in 0..<2 { _ = hub.mendRooms(&faults) }
    #expect(try bob.expect("MODE").parameters == ["#r", "-r"])
    #expect(hub.mendRooms(&faults))
  }

  @Test("a registered room is kept at every node, with everybody's standing in it")
  func rooms() throws {
    var (one, two) = try nodes()
    let ann = try one.registered("ann", capabilities: ["standard-replies"])
    let bob = try two.registered("bob", capabilities: ["standard-replies"])
    try ann.join("#r")
    let note = try ann.ask("ROOM REGISTER #r").codes
    #expect(note == ["HISTORY_KEPT", "REGISTERED"])
    _ = try ann.ask("TOPIC #r :tea")
    try bob.join("#r")
    #expect(try bob.ask("ROOM INFO #r").codes.contains("INFO"))
    #expect(try ann.ask("ROOM ACCESS #r ADD bob op").codes == ["ACCESS_SET"])
    #expect(try bob.expect("MODE").parameters == ["#r", "+o", "bob"])
    #expect(try bob.ask("ROOM REGISTER #r").codes == ["NOT_ALLOWED"])
    for client in [ann, bob] {
      try client.send("QUIT")
      _ = try client.readToEnd()
    }
    // Both go, and come again: the room is as it was.
    let folders = [one.folder, two.folder]
    one.server.stop()
    two.server.stop()
    (one, two) = (
      try AccountServer(node: 1, of: engine, in: folders[0]),
      try AccountServer(node: 2, of: engine, in: folders[1])
    )
    let again = try two.loggedIn("bob")
    let told = try again.ask("JOIN #r")
    #expect(told.first("332")?.parameters.last == "tea")
    #expect(told.first("353")?.parameters.last == "@bob")
    let other = try one.server.client("other")
    let names = try other.ask("JOIN #r").first("353")?.parameters.last
    #expect(names == "@bob other")
  }

  @Test("a network begins with what its first server had, and nobody else's is lost in it")
  func founding() throws {
    let folder = try TemporaryFolder()
    let alone = try AccountServer(in: folder) { $0.history.isEnabled = true }
    let ann = try alone.registered("ann", capabilities: ["standard-replies"])
    try ann.join("#r")
    let note = try ann.ask("ROOM REGISTER #r").codes
    #expect(note == ["HISTORY_KEPT", "REGISTERED"])
    _ = try ann.ask("TOPIC #r :tea")
    alone.server.stop()
    let one = try AccountServer(node: 1, of: engine, in: folder)
    let two = try AccountServer(node: 2, of: engine)
    let again = try two.loggedIn("ann")
    let told = try again.ask("JOIN #r")
    #expect(told.first("332")?.parameters.last == "tea")
    #expect(told.first("353")?.parameters.last == "@ann")
    // Whoever has accounts of its own is told what to do, and keeps them.
    let other = try TemporaryFolder()
    let third = try AccountServer(in: other)
    _ = try third.registered("cem")
    third.server.stop()
    let error = #expect(throws: SettingsError.self) {
      try AccountServer(node: 3, of: engine, in: other)
    }
    #expect("\(try #require(error))".contains("accounts that are not this network's"))
    let fourth = try AccountServer(in: other)
    #expect(try fourth.loggedIn("cem").ask("WHOIS cem").first("330") != nil)
    one.server.stop()
    // What a node has on its disk is what the network had.
    let last = try AccountServer(in: folder)
    #expect(try last.loggedIn("ann").ask("WHOIS ann").first("330") != nil)
  }

  @Test("what nodes have on their disks is what the network has, also after a disk that was lost")
  func files() throws {
    var (one, two) = try nodes()
    let ann = try one.registered("ann", capabilities: ["standard-replies"])
    _ = try two.registered("bob")
    #expect(try ann.ask("ACCOUNT NICK ADD anna").codes == ["NICK_ADDED"])
    two.server.stop()
    #expect(try ann.ask("ACCOUNT SET stay on").codes == ["SET"])
    // It comes with nothing.
    two = try AccountServer(node: 2, of: engine)
    #expect(try two.loggedIn("bob").ask("WHOIS bob").first("330") != nil)
    let folders = [one.folder, two.folder]
    one.server.stop()
    two.server.stop()
    let books = try folders.map { folder in
      let store = try AccountStore(folder.path(of: "accounts.db"))
      defer { store.close() }
      return store.read { $0 }
    }
    #expect(books[0].everyAccount.map(\.name) == ["ann", "bob"])
    #expect(books[0].everyAccount == books[1].everyAccount)
    #expect(books[0].nicknames(of: 1) == ["anna"])
    #expect(books[1].nicknames(of: 1) == ["anna"])
    #expect(books[0].secret == books[1].secret)
  }
}

extension Message {
  var codeOfNote: String? { command == "NOTE" ? parameters[1] : nil }
}
