import Glibc
import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// ACCOUNT: what somebody does with its own account, and operators with others'.
@Suite struct OwnAccountTests {
  private static let replies = ["standard-replies"]

  @Test("a recovery code sets another password, once, and ends the other sessions")
  func recover() throws {
    let server = try AccountServer()
    let ann = try server.server.client("ann", capabilities: Self.replies)
    let code = try #require(
      try ann.ask("REGISTER * * :correct horse").first("NOTE")?.parameters[2])
    let guest = try server.server.client("guest", capabilities: Self.replies)
    let wrong = try guest.ask("ACCOUNT RECOVER ann 00000-00000-00000-00000-00000-0 newpassword")
    #expect(wrong.codes == ["INVALID_CODE"])
    #expect(try guest.ask("ACCOUNT RECOVER nobody \(code) newpassword").codes == ["INVALID_CODE"])
    // It may become the account's person, whose other connection is about to end.
    let done = try guest.ask("ACCOUNT RECOVER ann \(code) newpassword").filter {
      $0.command != "NICK"
    }
    // The owner hears of the wrong one.
    #expect(done.commands == ["900", "NOTICE", "NOTE"])
    #expect(done[2].parameters.prefix(2) == ["ACCOUNT", "RECOVERY_CODE"])
    #expect(try ann.readToEnd().last?.command == "ERROR")
    let again = try server.server.client("g2").ask("ACCOUNT RECOVER ann \(code) otherpassword")
    #expect(again.codes == ["INVALID_CODE"])
    _ = try server.loggedIn("ann", password: "newpassword", by: .scramSHA256)
  }

  // What the browser's client waits for: NOTE ACCOUNT DEVICE_PASSWORD <device> <password>
  @Test(
    "a device has a password of its own, which does not change the account",
    arguments: [Account.Mechanism.plain, .scramSHA256])
  func device(mechanism: Account.Mechanism) throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    let note = try #require(try ann.ask("ACCOUNT DEVICE ADD web-1").first)
    #expect(note.parameters.prefix(3) == ["ACCOUNT", "DEVICE_PASSWORD", "web-1"])
    #expect(note.parameters.count == 5)
    let web = try server.loggedIn(
      "ann-web", as: "ann@web-1", password: note.parameters[3], by: mechanism,
      capabilities: Self.replies)
    for line in ["PASSWORD newpassword", "DEVICE ADD other", "ERASE x", "SET stay on"] {
      #expect(try web.ask("ACCOUNT \(line)").codes == ["ACCOUNT_REQUIRED"])
    }
    let sessions = try ann.ask("ACCOUNT SESSIONS")
    #expect(sessions.codes == ["SESSION", "SESSION"])
    #expect(sessions.last?.parameters.dropFirst(3).prefix(2) == ["ann", "web-1"])
    #expect(try ann.ask("ACCOUNT DEVICE DEL web-1").codes == ["DEVICE_REMOVED"])
    #expect(try web.readToEnd().last?.command == "ERROR")
    #expect(throws: Registration.Failure.self) {
      try server.loggedIn("x", as: "ann@web-1", password: note.parameters[3], by: mechanism)
    }
  }

  @Test("a device takes its own way in back, and no other's")
  func ownDevice() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    let password = try ann.ask("ACCOUNT DEVICE ADD a").first!.parameters[3]
    _ = try ann.ask("ACCOUNT DEVICE ADD b")
    let device = try server.loggedIn(
      "d", as: "ann@a", password: password, capabilities: Self.replies)
    #expect(try device.ask("ACCOUNT DEVICE DEL b").codes == ["ACCOUNT_REQUIRED"])
    #expect(try device.ask("ACCOUNT DEVICE DEL a").codes == ["DEVICE_REMOVED"])
    #expect(try ann.ask("ACCOUNT DEVICE LIST").codes == ["DEVICE", "END_OF_DEVICES"])
  }

  @Test("another password ends the other sessions, unless told not to", arguments: [true, false])
  func password(keeps: Bool) throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    let other = try server.loggedIn("ann-2", as: "ann")
    #expect(try ann.ask("ACCOUNT PASSWORD short").codes == ["WEAK_PASSWORD"])
    #expect(
      try ann.ask("ACCOUNT PASSWORD newpassword\(keeps ? " keep" : "")").codes == [
        "PASSWORD_CHANGED"
      ])
    if keeps {
      #expect(try other.messagesUntilNow() == [])
    } else {
      #expect(try other.readToEnd().last?.command == "ERROR")
    }
    #expect(throws: Registration.Failure.self) { try server.loggedIn("x", as: "ann") }
    _ = try server.loggedIn("y", as: "ann", password: "newpassword")
  }

  @Test("LOGOUT others ends the other sessions, LOGOUT logs this one out")
  func logout() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann", capabilities: Self.replies)
    let other = try server.loggedIn("ann-2", as: "ann")
    #expect(try ann.ask("ACCOUNT LOGOUT 99999").codes == ["NO_SUCH_ENTRY"])
    #expect(try ann.ask("ACCOUNT LOGOUT others").first?.parameters[2] == "1")
    #expect(try other.readToEnd().last?.command == "ERROR")
    // As long as it is one of two connections, the person stays when one logs out.
    let reason = "Logged out by its account"
    #expect(server.server.log.waitForLine(containing: "disconnect", reason) != nil)
    // "<client> <nick>!<user>@<host> :<message>" (901)
    #expect(
      try ann.ask("ACCOUNT LOGOUT").first?.parameters.prefix(2) == ["ann", "ann!~ann@127.0.0.1"])
    #expect(try ann.ask("ACCOUNT SESSIONS").codes == ["ACCOUNT_REQUIRED"])
  }

  @Test("an erased account is gone, and its name is nobody's until an operator frees it")
  func erase() throws {
    let server = try AccountServer {
      $0.operators = [.init(name: "root", passwordHash: try! PasswordHash.make("oper"))]
    }
    let ann = try server.registered("ann", capabilities: Self.replies)
    #expect(try ann.ask("ACCOUNT ERASE wrong").codes == ["INVALID_PASSWORD"])
    let erased = try ann.ask("ACCOUNT ERASE :correct horse")
    #expect(erased.commands == ["901", "NOTE"])
    #expect(try ann.ask("REGISTER * * :correct horse").codes == ["ACCOUNT_EXISTS"])
    #expect(throws: Registration.Failure.self) { try server.loggedIn("x", as: "ann") }
    let root = try server.server.client("root", capabilities: Self.replies)
    #expect(try root.ask("ACCOUNT FREE ann").commands == ["481"])
    _ = try root.ask("OPER root oper")
    #expect(try root.ask("ACCOUNT FREE ann").codes == ["FREE"])
    #expect(try ann.ask("REGISTER * * :correct horse").first("REGISTER") != nil)
  }

  @Test("with an account, what it said goes; what others said, and guests of its name, stays")
  func eraseMessages() throws {
    let stage = try RememberingServer { $0.limits.passwordDelay = .zero }
    let bob = try stage.reader("bob")
    try bob.join("#r")
    let guest = try stage.reader("guest")
    try guest.join("#r")
    try guest.say("of a guest")
    let ann = try stage.reader("ann")
    try ann.join("#r")
    _ = try ann.ask("REGISTER * * :correct horse")
    try ann.say("mine")
    try bob.say("of bob")
    #expect(try ann.ask("ACCOUNT ERASE :correct horse").codes.contains("ERASED"))
    // What was said is deleted by and by.
    let deadline = ContinuousClock.now + ScriptedClient.patience
    var texts = try bob.texts("LATEST #r * 50")
    while texts.contains("mine"), ContinuousClock.now < deadline {
      sched_yield()
      texts = try bob.texts("LATEST #r * 50")
    }
    #expect(texts == ["of a guest", "of bob"])
  }

  @Test("operators suspend accounts and make codes for those who are locked out")
  func operators() throws {
    let server = try AccountServer {
      $0.operators = [.init(name: "root", passwordHash: try! PasswordHash.make("oper"))]
    }
    let ann = try server.registered("ann")
    let root = try server.server.client("root", capabilities: Self.replies)
    _ = try root.ask("OPER root oper")
    #expect(try root.ask("ACCOUNT SUSPEND ann").codes == ["SUSPENDED"])
    #expect(try ann.readToEnd().last?.command == "ERROR")
    let error = #expect(throws: Registration.Failure.self) {
      try server.loggedIn("x", as: "ann")
    }
    #expect("\(try #require(error))".contains("suspended"))
    #expect(try root.ask("ACCOUNT SUSPEND ann off").codes == ["OPEN"])
    let code = try root.ask("ACCOUNT RESET ann").first!.parameters[3]
    let guest = try server.server.client("guest")
    #expect(try guest.ask("ACCOUNT RECOVER ann \(code) newpassword").first("900") != nil)
    #expect(try root.ask("ACCOUNT RENAME ann anna").codes == ["RENAMED"])
    _ = try server.loggedIn("y", as: "anna", password: "newpassword")
    #expect(
      server.server.log.waitForLine(
        containing: "notice operator", "command=ACCOUNT", "result=suspended") != nil)
  }
}
