import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// REGISTER and VERIFY (IRCv3 draft/account-registration).
@Suite struct RegisterTests {
  // "REGISTER SUCCESS <account> <message>" … "Afterward, the client is assumed to be
  // authenticated to the <account> as if it used SASL."
  @Test("REGISTER makes an account of the nickname, logs in, and shows the recovery code once")
  func success() throws {
    let server = try AccountServer()
    let ann = try server.server.client("ann", capabilities: ["standard-replies"])
    let answer = try ann.ask("REGISTER * * :correct horse")
    #expect(answer.commands == ["REGISTER", "900", "NOTE"])
    #expect(answer[0].parameters.prefix(2) == ["SUCCESS", "ann"])
    #expect(answer[0].parameters.count == 3)
    #expect(answer[1].parameters.dropLast() == ["ann", "ann!~ann@127.0.0.1", "ann"])
    #expect(answer[2].parameters.prefix(2) == ["REGISTER", "RECOVERY_CODE"])
    #expect(answer[2].parameters[2].split(separator: "-").joined().count == 26)
    _ = try server.loggedIn("ann-2", as: "ann")
    _ = try server.loggedIn("ann-3", as: "ann", by: .scramSHA256)
  }

  @Test("to those who know no standard replies the recovery code is said in words")
  func words() throws {
    let server = try AccountServer()
    let ann = try server.server.client("ann")
    let answer = try ann.ask("REGISTER ann ann@example.org :correct horse")
    #expect(answer.commands == ["REGISTER", "900", "NOTICE"])
    #expect(answer.last?.parameters.last?.contains("recovery code is ") == true)
  }

  @Test(
    "what cannot be is refused with its code",
    arguments: [
      ("REGISTER * * short", "WEAK_PASSWORD"), ("REGISTER * * annannann", "WEAK_PASSWORD"),
      ("REGISTER bob * :correct horse", "ACCOUNT_NAME_MUST_BE_NICK"),
      ("REGISTER * * :\(String(repeating: "x", count: 301))", "UNACCEPTABLE_PASSWORD"),
    ])
  func refusals(line: String, code: String) throws {
    let server = try AccountServer()
    let ann = try server.server.client("annannann")
    let answer = try ann.ask(line)
    #expect(answer.commands == ["FAIL"])
    #expect(answer.codes == [code])
    #expect(answer[0].parameters.count == 4)
  }

  // "FAIL REGISTER ACCOUNT_EXISTS <account> <message>"
  @Test("a name that somebody has, or uses, is not given again")
  func exists() throws {
    let server = try AccountServer()
    try server.makeAccount("ann")
    let guest = try server.server.connect()
    try guest.send("NICK ann", "REGISTER * * :correct horse")
    #expect(
      try guest.expect("FAIL").parameters.dropLast() == ["REGISTER", "ACCOUNT_EXISTS", "ann"])
    // Nobody registers a name that somebody uses: it is refused before.
    let root = try server.server.client("root")
    try guest.send("NICK root")
    #expect(try guest.expect("433").parameters[1] == "root")
    root.close()
  }

  // "indicates the server supports early registration"
  @Test("before-connect: an account can be made before the connection is registered")
  func early() throws {
    let server = try AccountServer()
    let ann = try server.server.connect()
    #expect(try ann.offered().contains("draft/account-registration=before-connect"))
    // "FAIL REGISTER NEED_NICK * <message>"
    try ann.send("REGISTER * * :correct horse")
    #expect(try ann.expect("FAIL").parameters.dropLast() == ["REGISTER", "NEED_NICK", "*"])
    try ann.send("NICK ann", "REGISTER * * :correct horse")
    #expect(try ann.expect("REGISTER").parameters.dropLast() == ["SUCCESS", "ann"])
    try ann.send("USER ann 0 * ann", "CAP END")
    try ann.expect("001")
    #expect(try ann.ask("WHOIS ann").first("330") != nil)
  }

  // "this functionality cannot be used to bypass any authentication restrictions"
  @Test(
    "where the server has a password, or does not want it, one connects first",
    arguments: [true, false])
  func late(hasPassword: Bool) throws {
    let server = try AccountServer {
      if hasPassword { $0.password = "secret" } else { $0.accounts.allowsBeforeConnect = false }
    }
    let ann = try server.server.connect()
    try ann.send("CAP LS 302")
    let offered = try ann.expect("CAP").parameters.last ?? ""
    #expect(offered.split(separator: " ").contains("draft/account-registration"))
    try ann.send("NICK ann", "REGISTER * * :correct horse")
    let refused = try ann.expect("FAIL").parameters
    #expect(refused.dropLast() == ["REGISTER", "COMPLETE_CONNECTION_REQUIRED", "*"])
  }

  @Test("who has an account makes no second one, and VERIFY waits for nothing")
  func already() throws {
    let server = try AccountServer()
    let ann = try server.registered("ann")
    #expect(try ann.ask("REGISTER * * :correct horse").codes == ["ALREADY_AUTHENTICATED"])
    #expect(try ann.ask("VERIFY ann 123").codes == ["ALREADY_AUTHENTICATED"])
    let bob = try server.server.client("bob")
    #expect(try bob.ask("VERIFY bob 123").codes == ["INVALID_CODE"])
  }

  @Test(
    "more accounts than the limits allow are made later, and a registration that failed counts for none"
  )
  func quotas() throws {
    let server = try AccountServer {
      $0.classes = []
      $0.accounts.perNetworkAndDay = 2
    }
    for name in ["a", "b"] {
      _ = try server.registered(name)
      let failed = try server.server.client("\(name)-x").ask("REGISTER * * short")
      #expect(failed.codes == ["WEAK_PASSWORD"])
    }
    let third = try server.server.client("third")
    #expect(try third.ask("REGISTER * * :correct horse").codes == ["TEMPORARILY_UNAVAILABLE"])
    let whole = try AccountServer { $0.accounts.perTenMinutes = 1 }
    _ = try whole.registered("a")
    let second = try whole.server.client("second")
    #expect(try second.ask("REGISTER * * :correct horse").codes == ["TEMPORARILY_UNAVAILABLE"])
  }

  @Test("where registration is not open, operators alone make accounts")
  func closed() throws {
    let server = try AccountServer {
      $0.accounts.isOpen = false
      $0.operators = [.init(name: "root", passwordHash: try! PasswordHash.make("oper"))]
    }
    let ann = try server.server.client("ann")
    #expect(try ann.ask("REGISTER * * :correct horse").codes == ["TEMPORARILY_UNAVAILABLE"])
    #expect(try ann.ask("ACCOUNT CREATE bob :correct horse").commands == ["481"])
    _ = try ann.ask("OPER root oper")
    #expect(try ann.ask("ACCOUNT CREATE bob :correct horse").commands == ["NOTICE"])
    _ = try server.loggedIn("bob")
  }
}
