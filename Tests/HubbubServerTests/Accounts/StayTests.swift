import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// People who stay in their rooms without a connection, and what they are told on return.
@Suite struct StayTests {
  private static let live = ["message-tags", "server-time", "batch", "echo-message"]

  /// A server that remembers, and somebody who stays.
  private func server(
    in folder: TemporaryFolder, _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> AccountServer {
    try AccountServer(in: folder) {
      $0.history.isEnabled = true
      change(&$0)
    }
  }

  private func staying(_ server: AccountServer) throws -> ScriptedClient {
    let ann = try server.registered("ann", capabilities: Self.live)
    try ann.join("#r")
    #expect(try ann.ask("ACCOUNT SET stay on").last?.parameters.last == "stay is on now")
    return ann
  }

  private func leave(_ client: ScriptedClient) throws {
    try client.send("QUIT")
    _ = try client.readToEnd()
  }

  @Test("whoever stays is away when its last connection goes, and back with the next one")
  func stays() throws {
    let server = try server(in: TemporaryFolder())
    let bob = try server.server.client("bob", capabilities: ["away-notify"])
    let ann = try staying(server)
    try bob.join("#r")
    try leave(ann)
    #expect(try bob.expect("AWAY").parameters == ["*"])
    #expect(try bob.ask("NAMES #r").first("353")?.parameters.last?.contains("@ann") == true)
    #expect(try bob.ask("PRIVMSG ann :hello").first("301")?.parameters[1] == "ann")
    #expect(try bob.ask("LUSERS").first("251")?.parameters.last?.contains("2 users") == true)
    #expect(try bob.ask("NICK ann").commands == ["433"])
    let back = try server.loggedIn("x", as: "ann")
    #expect(try bob.expect("AWAY").parameters == [])
    #expect(try back.ask("NAMES #r").first("353")?.parameters.last?.contains("@ann") == true)
    _ = try back.ask("ACCOUNT SET stay off")
    try leave(back)
    #expect(try bob.expect("QUIT").source?.name == "ann")
  }

  @Test("a device is told what it missed, once, in order, and reads on from there")
  func replay() throws {
    let server = try server(in: TemporaryFolder())
    let bob = try server.server.client("bob", capabilities: Self.live)
    let ann = try staying(server)
    try bob.join("#r")
    _ = try bob.ask("PRIVMSG #r :heard")
    #expect(try ann.read { $0.command == "PRIVMSG" }.texts == ["heard"])
    try leave(ann)
    var said: [String?] = []
    for number in 0..<3 {
      said.append(try bob.ask("PRIVMSG #r :missed \(number)").last?.tag("msgid"))
    }
    let back = try server.loggedIn("ann", capabilities: Self.live)
    var told = try back.messagesUntilNow()
    let batch = try #require(told.first("BATCH"))
    #expect(batch.parameters.dropFirst() == ["chathistory", "#r"])
    #expect(told.texts == ["missed 0", "missed 1", "missed 2"])
    #expect(told.filter { $0.command == "PRIVMSG" }.map { $0.tag("msgid") } == said)
    _ = try bob.ask("PRIVMSG #r :live")
    #expect(try back.messagesUntilNow().texts == ["live"])
    // Nothing is told twice, and nothing to whom asks for itself, wants none, or is new.
    try leave(back)
    told = try server.loggedIn("ann", capabilities: Self.live).messagesUntilNow()
    #expect(told.texts.isEmpty)
    let asking = try server.loggedIn(
      "ann", as: "ann@phone", capabilities: Self.live + ["draft/chathistory"])
    #expect(try asking.messagesUntilNow().texts.isEmpty)
  }

  @Test("a client without batches is told in plain lines, and of many the last 500")
  func plain() throws {
    let server = try server(in: TemporaryFolder())
    let bob = try server.server.client("bob")
    let ann = try server.registered("ann")
    _ = try ann.ask("ACCOUNT SET stay on")
    try ann.join("#r")
    try bob.join("#r")
    _ = try ann.messagesUntilNow()
    try leave(ann)
    for number in 0..<510 { try bob.send("PRIVMSG #r :\(number)") }
    _ = try bob.messagesUntilNow()
    let told = try server.loggedIn("ann").messagesUntilNow()
    #expect(told.texts == (10..<510).map { "\($0)" })
    let note = told.first { $0.command == "NOTICE" && $0.parameters[0] == "#r" }
    #expect(note?.parameters.last == "The last 500 lines that you missed:")
  }

  @Test("who stays is in its rooms again after a restart, and is told what it missed before")
  func restart() throws {
    let folder = try TemporaryFolder()
    var server = try server(in: folder)
    let ann = try staying(server)
    let bob = try server.server.client("bob")
    try ann.join("#s")
    _ = try ann.ask("MODE #s +i")
    try bob.join("#r")
    try leave(ann)
    _ = try bob.ask("PRIVMSG #r :missed")
    server.server.stop()
    server = try self.server(in: folder)
    let carol = try server.server.client("carol")
    try carol.join("#r")
    #expect(try carol.ask("NAMES #r").first("353")?.parameters.last?.contains("ann") == true)
    #expect(try carol.ask("WHOIS ann").first("301")?.parameters.last == "*")
    let back = try server.loggedIn("ann", capabilities: Self.live)
    let told = try back.messagesUntilNow()
    #expect(told.filter { $0.command == "JOIN" }.map { $0.parameters[0] } == ["#r", "#s"])
    #expect(told.texts == ["missed"])
    _ = try back.ask("ACCOUNT SET stay off")
    server.server.stop()
    server = try self.server(in: folder)
    #expect(try server.server.client("carol").ask("WHOIS ann").first("401") != nil)
  }

  @Test("KILL, a ban and a suspended account end a stay, and it does not come back")
  func ends() throws {
    let folder = try TemporaryFolder()
    let operators: (inout Configuration) -> Void = {
      $0.operators = [OperatorAccount(name: "root", passwordHash: SettingsTests.hash)]
    }
    var server = try server(in: folder, operators)
    let bob = try server.server.client("bob")
    _ = try bob.ask("OPER root secret")
    for line in ["KILL ann :enough", "DLINE ann :banned", "ACCOUNT SUSPEND ann"] {
      let isFirst = try bob.ask("ACCOUNT INFO ann").last?.parameters.last?.contains(
        "no such account")
      let ann = try isFirst == true ? staying(server) : server.loggedIn("ann")
      if isFirst != true { try ann.join("#r") }
      try bob.join("#r")
      _ = try bob.messagesUntilNow()
      try leave(ann)
      #expect(try bob.ask("ISON ann").last?.parameters.last == "ann", "\(line)")
      _ = try bob.ask(line)
      #expect(try bob.ask("ISON ann").last?.parameters.last == "", "\(line)")
      _ = try bob.ask("UNDLINE 127.0.0.1")
      _ = try bob.ask("PART #r")
    }
    server.server.stop()
    server = try self.server(in: folder, operators)
    #expect(try server.server.client("bob").ask("ISON ann").last?.parameters.last == "")
  }

  @Test(
    "a stay of an account that is renamed or erased ends, and is nobody's who has the name next")
  func renamed() throws {
    let server = try server(in: TemporaryFolder()) {
      $0.operators = [OperatorAccount(name: "root", passwordHash: SettingsTests.hash)]
    }
    let bob = try server.server.client("bob")
    _ = try bob.ask("OPER root secret")
    let ann = try staying(server)
    try bob.join("#r")
    try leave(ann)
    _ = try bob.ask("ACCOUNT RENAME ann anna")
    #expect(try bob.ask("ISON ann").last?.parameters.last == "")
    let other = try server.loggedIn("anna")
    try other.join("#r")
    try leave(other)
    #expect(try bob.ask("ISON anna").last?.parameters.last == "anna")
    _ = try bob.ask("ACCOUNT REMOVE anna")
    #expect(try bob.ask("ISON anna").last?.parameters.last == "")
    #expect(server.server.server.hub.staying.count == 0)
    #expect(
      server.server.server.hub.registry.person(ofAccount: "anna") == nil)
  }

  @Test("whoever is banned while it is here does not stay either, and LOGOUT ends what was kept")
  func expelled() throws {
    let folder = try TemporaryFolder()
    var server = try server(in: folder) {
      $0.operators = [OperatorAccount(name: "root", passwordHash: SettingsTests.hash)]
    }
    let bob = try server.server.client("bob")
    _ = try bob.ask("OPER root secret")
    let ann = try staying(server)
    try bob.join("#r")
    // Not asked: the QUIT may come before the answer.
    try bob.send("DLINE ann :out")
    _ = try ann.readToEnd()
    #expect(try bob.expect("QUIT").source?.name == "ann")
    _ = try bob.ask("UNDLINE 127.0.0.1")
    let back = try server.loggedIn("ann")
    _ = try back.ask("JOIN #r")
    _ = try back.ask("ACCOUNT LOGOUT")
    server.server.stop()
    server = try self.server(in: folder)
    #expect(try server.server.client("carol").ask("ISON ann").last?.parameters.last == "")
  }

  @Test("what a room's other name is, and who operated it, is known after a restart")
  func rooms() throws {
    let folder = try TemporaryFolder()
    var server = try server(in: folder)
    let bob = try server.server.client("bob", capabilities: ["draft/channel-rename"])
    try bob.join("#old")
    let ann = try server.registered("ann", capabilities: Self.live)
    _ = try ann.ask("ACCOUNT SET stay on")
    try ann.join("#old")
    try leave(ann)
    _ = try bob.ask("RENAME #old #new")
    server.server.stop()
    server = try self.server(in: folder)
    let names = try server.server.client("carol").ask("WHOIS ann").first("319")
    #expect(names?.parameters.last == "#new")
  }

  @Test("as many stay as may, and for as long")
  func limits() throws {
    let server = try server(in: TemporaryFolder()) { $0.accounts.staying = 0 }
    let bob = try server.server.client("bob")
    let ann = try staying(server)
    try bob.join("#r")
    try leave(ann)
    #expect(try bob.expect("QUIT").source?.name == "ann")
    let other = try self.server(in: TemporaryFolder()) { $0.accounts.stay = .zero }
    let carol = try other.server.client("carol")
    let stayer = try staying(other)
    try carol.join("#r")
    try leave(stayer)
    #expect(try carol.expect("QUIT").parameters.last?.contains("too long") == true)
  }
}
