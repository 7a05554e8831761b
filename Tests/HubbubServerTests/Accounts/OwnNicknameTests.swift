import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// Nicknames that are an account's own.
@Suite struct OwnNicknameTests {
  @Test("an account's name is refused to others with 433 and what to do, also on the way in")
  func refused() throws {
    let server = try AccountServer()
    try server.makeAccount("ann")
    let guest = try server.server.client("guest")
    let answer = try guest.ask("NICK ANN")
    #expect(answer.commands == ["433"])
    #expect(answer[0].parameters.prefix(2) == ["guest", "ANN"])
    #expect(answer[0].parameters.last?.contains("belongs to an account") == true)
    let error = #expect(throws: Registration.Failure.self) { try server.server.client("ann") }
    #expect(error == .nicknameInUse("ann"))
    _ = try server.loggedIn("ann")
  }

  @Test("REGAIN gives the name back, and who had it goes on as a guest")
  func regain() throws {
    let server = try AccountServer()
    let holder = try server.server.client("ann")
    let owner = try server.registered("anna")
    try owner.join("#r")
    try holder.join("#r")
    // Nobody takes a name from whoever uses it.
    #expect(try owner.ask("ACCOUNT NICK ADD ann").codes == ["ACCOUNT_EXISTS"])
    _ = try holder.ask("NICK other")
    #expect(try owner.ask("ACCOUNT NICK ADD ann").last?.command == "NOTICE")
    #expect(try holder.ask("NICK ann").commands == ["433"])
    #expect(try owner.ask("REGAIN other").codes == ["NOT_ALLOWED"])
    _ = try owner.ask("ACCOUNT LOGOUT")
    _ = try owner.ask("NICK ghost")
    let back = try server.server.client("x", capabilities: ["sasl"])
    _ = try back.ask("JOIN #r")
    try back.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("anna"))")
    try back.expect("903")
    // A guest that had the name before it belonged to anybody.
    let renamed = try back.ask("REGAIN ann")
    #expect(renamed.last?.command == "NICK")
    #expect(renamed.last?.parameters == ["ann"])
  }

  @Test("a guest who holds the name is renamed, and sees it once", arguments: [true, false])
  func renamed(isInRoom: Bool) throws {
    let server = try AccountServer()
    let ann = try server.registered("ann")
    _ = try ann.ask("ACCOUNT LOGOUT")
    if isInRoom { try ann.join("#r") }
    // The name is the account's, and whoever has just logged out is a guest with it.
    let owner = try server.loggedIn("ann-2", as: "ann")
    if isInRoom { try owner.join("#r") }
    #expect(try owner.ask("REGAIN").filter { $0.command == "NICK" }.last?.parameters == ["ann"])
    let told = try ann.messagesUntilNow().filter {
      $0.command == "NICK" && $0.source?.name == "ann"
    }
    #expect(told.count == 1)
    #expect(told.first?.parameters.first?.hasPrefix("Guest-") == true)
    #expect(try ann.ask("WHOIS ann").first("330") != nil)
  }

  @Test("GHOST ends a connection of the account's own that has the name")
  func ghost() throws {
    let server = try AccountServer()
    let old = try server.registered("ann")
    // Else they would be one person.
    _ = try old.ask("ACCOUNT SET multiclient off")
    let new = try server.loggedIn("ann-2", as: "ann")
    #expect(try new.ask("NS GHOST ann").last?.command == "NOTICE")
    #expect(try old.readToEnd().last?.parameters.last?.contains("Its account came again") == true)
    #expect(try new.ask("NICK ann").commands == ["NICK"])
    let guest = try server.server.client("guest")
    #expect(try guest.ask("NS GHOST ann").last?.parameters.last?.contains("not your") == true)
  }
}
