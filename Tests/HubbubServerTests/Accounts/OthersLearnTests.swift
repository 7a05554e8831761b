import HubbubDial
import IRCWire
import Testing

@testable import HubbubServer

/// What others learn of who has which account.
@Suite struct OthersLearnTests {
  // ":nick!user@host ACCOUNT accountname … :nick!user@host ACCOUNT *" (IRCv3 account-notify)
  @Test("account-notify: those in a room with somebody hear of its login and logout, once")
  func notify() throws {
    let server = try AccountServer()
    try server.makeAccount("jilles")
    let bob = try server.server.client("bob", capabilities: ["account-notify"])
    let cem = try server.server.client("cem")
    let ann = try server.server.client("ann")
    for client in [bob, cem, ann] {
      try client.join("#a")
      try client.join("#b")
    }
    _ = try bob.messagesUntilNow()
    _ = try cem.messagesUntilNow()
    try ann.send("NS IDENTIFY jilles :correct horse")
    try ann.send("NS IDENTIFY jilles \(AccountServer.password)")
    _ = try ann.messagesUntilNow()
    // A password with a space is none for NickServ; SASL takes it.
    try ann.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("jilles"))")
    try ann.expect("903")
    #expect(try ann.ask("ACCOUNT LOGOUT").commands == ["901"])
    let heard = try bob.messagesUntilNow().filter { $0.command == "ACCOUNT" }
    #expect(heard.map(\.parameters) == [["jilles"], ["*"]])
    #expect(heard.allSatisfy { $0.source?.name == "ann" })
    #expect(try cem.messagesUntilNow().first("ACCOUNT") == nil)
  }

  // "If the user is not identified to any services account, the tag MUST NOT be sent."
  @Test("account-tag: what somebody says carries the account, and a guest's lines carry none")
  func tag() throws {
    let server = try AccountServer()
    try server.makeAccount("jilles")
    let foo = try server.server.client("foo", capabilities: ["account-tag"])
    let bar = try server.loggedIn("bar", as: "jilles")
    let guest = try server.server.client("guest")
    try foo.join("#r")
    try bar.join("#r")
    _ = try foo.messagesUntilNow()
    _ = try bar.ask("PRIVMSG foo :hi")
    _ = try bar.ask("PRIVMSG #r :hi")
    _ = try bar.ask("INVITE foo #other")
    _ = try guest.ask("PRIVMSG foo :hi")
    let heard = try foo.messagesUntilNow().filter { $0.command == "PRIVMSG" }
    #expect(heard.map { $0.tag("account") } == ["jilles", "jilles", nil])
  }

  // "JOIN #haskell accountname :Real Name"
  @Test("extended-join, WHOIS 330 and WHO tell the account")
  func looking() throws {
    let server = try AccountServer()
    try server.makeAccount("jilles")
    let foo = try server.server.client("foo", capabilities: ["extended-join"])
    try foo.join("#chan")
    let bar = try server.loggedIn("bar", as: "jilles")
    try bar.join("#chan")
    #expect(try foo.expect("JOIN").parameters == ["#chan", "jilles", "bar"])
    let guest = try server.server.client("guest")
    try guest.join("#chan")
    #expect(try foo.expect("JOIN").parameters == ["#chan", "*", "guest"])
    #expect(
      try foo.ask("WHOIS bar").first("330")?.parameters == [
        "foo", "bar", "jilles", "is logged in as",
      ])
    let who = try foo.ask("WHO #chan %naf").filter { $0.command == "354" }.map(\.parameters)
    #expect(who.contains(["foo", "bar", "Hr", "jilles"]))
    #expect(who.contains(["foo", "guest", "H", "0"]))
  }

  // "Servers MUST support matching exact account names."
  @Test("~a: in +b, +e and +I means whoever has the account", arguments: RoomMask.accountExtensions)
  func extended(name: String) throws {
    let server = try AccountServer()
    try server.makeAccount("bob")
    let op = try server.server.client("op")
    try op.join("#r")
    #expect(try op.ask("VERSION").flatMap(\.parameters).contains("ACCOUNTEXTBAN=a,account"))
    let set = try op.ask("MODE #r +b ~\(name):BOB")
    #expect(set.map(\.parameters) == [["#r", "+b", "~a:BOB"]])
    let bob = try server.loggedIn("bobby", as: "bob")
    #expect(try bob.ask("JOIN #r").commands == ["474"])
    // "Account extbans match accounts, not nicknames."
    let guest = try server.server.client("guest")
    try guest.join("#r")
    _ = try op.messagesUntilNow()
    #expect(try op.ask("MODE #r -b ~\(name):bob").first?.parameters == ["#r", "-b", "~a:BOB"])
    _ = try op.ask("MODE #r +b *!*@*")
    #expect(try bob.ask("JOIN #r").commands == ["474"])
    _ = try op.ask("MODE #r +e ~\(name):bob")
    try bob.join("#r")
    _ = try bob.ask("PART #r")
    _ = try op.ask("MODE #r -be+i *!*@* ~\(name):bob")
    #expect(try bob.ask("JOIN #r").commands == ["473"])
    _ = try op.ask("MODE #r +I ~\(name):bob")
    try bob.join("#r")
  }

  @Test("a ban by account silences at once who logs in to it, and lets go of who logs out")
  func silence() throws {
    let server = try AccountServer()
    try server.makeAccount("bob")
    let op = try server.server.client("op")
    let bob = try server.server.client("bobby", capabilities: ["sasl"])
    try op.join("#r")
    try bob.join("#r")
    _ = try op.ask("MODE #r +b ~m:~a:bob")
    #expect(try !bob.ask("PRIVMSG #r :a").commands.contains("404"))
    try bob.send("AUTHENTICATE PLAIN", "AUTHENTICATE \(AccountServer.plain("bob"))")
    try bob.expect("903")
    #expect(try bob.ask("PRIVMSG #r :b").commands == ["404"])
    _ = try bob.ask("ACCOUNT LOGOUT")
    #expect(try bob.ask("PRIVMSG #r :c") == [])
  }

  @Test("+R lets in and +M hears only those who are logged in")
  func roomModes() throws {
    let server = try AccountServer()
    try server.makeAccount("bob")
    let op = try server.server.client("op")
    try op.join("#r")
    _ = try op.ask("MODE #r +R")
    let guest = try server.server.client("guest")
    #expect(try guest.ask("JOIN #r").commands == ["477"])
    let bob = try server.loggedIn("bob")
    try bob.join("#r")
    _ = try op.ask("MODE #r -R+M")
    try guest.join("#r")
    #expect(try guest.ask("PRIVMSG #r :x").commands == ["404"])
    #expect(try !bob.ask("PRIVMSG #r :x").commands.contains("404"))
    _ = try op.ask("MODE #r +v guest")
    _ = try guest.messagesUntilNow()
    #expect(try guest.ask("PRIVMSG #r :x") == [])
  }

  // "<client> <nick> :You must identify to a registered nick to private message <nick>" (486)
  @Test("user mode +R: guests' private messages are refused with 486")
  func personMode() throws {
    let server = try AccountServer()
    try server.makeAccount("bob")
    let ann = try server.server.client("ann")
    #expect(try ann.ask("MODE ann +R").map(\.parameters) == [["ann", "+R"]])
    let guest = try server.server.client("guest")
    #expect(try guest.ask("PRIVMSG ann :x").first?.parameters.prefix(2) == ["guest", "ann"])
    #expect(try guest.ask("PRIVMSG ann :x").commands == ["486"])
    #expect(try guest.ask("NOTICE ann :x") == [])
    let bob = try server.loggedIn("bob")
    #expect(try bob.ask("PRIVMSG ann :hello") == [])
    #expect(try ann.messagesUntilNow().texts == ["hello"])
  }
}
