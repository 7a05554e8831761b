import IRCWire
import Testing

@testable import HubbubDial

/// Logging in to an account on the way in (IRCv3 SASL 3.2).
@Suite("Login")
struct LoginTests {
  private func registration(_ mechanisms: [Account.Mechanism]) -> Registration {
    Registration(
      nickname: "dan", account: Account(name: "ann", password: "pencil", mechanisms: mechanisms))
  }

  private func hear(_ conversation: inout Registration.Conversation, _ line: String) throws
    -> [String]
  {
    try conversation.answers(to: Message(parsing: line)).map {
      String(String(decoding: $0.encoded(), as: UTF8.self).dropLast())
    }
  }

  private func begun(
    _ mechanisms: [Account.Mechanism], offer: String = "sasl"
  ) throws -> (Registration.Conversation, [String]) {
    var conversation = Registration.Conversation(registration: registration(mechanisms))
    #expect(try hear(&conversation, ":s CAP * LS :\(offer) echo-message") == ["CAP REQ sasl"])
    let lines = try hear(&conversation, ":s CAP dan ACK :sasl")
    return (conversation, lines)
  }

  /// RFC 4616: `[authzid] UTF8NUL authcid UTF8NUL passwd`
  @Test("PLAIN says name and password")
  func plain() throws {
    var (conversation, lines) = try begun([.plain])
    #expect(lines == ["AUTHENTICATE PLAIN"])
    let answer = Base64.encode("\0ann\0pencil".utf8)
    #expect(try hear(&conversation, "AUTHENTICATE +") == ["AUTHENTICATE \(answer)"])
    #expect(try hear(&conversation, ":s 900 dan dan!d@h ann :You are logged in") == [])
    #expect(try hear(&conversation, ":s 903 dan :Success") == ["CAP END"])
    #expect(try hear(&conversation, ":s 001 dan :Welcome") == [])
    #expect(conversation.welcome.account == "ann")
  }

  @Test("EXTERNAL leaves it to the certificate")
  func external() throws {
    var (conversation, lines) = try begun([.external], offer: "sasl=EXTERNAL,PLAIN")
    #expect(lines == ["AUTHENTICATE EXTERNAL"])
    let name = Base64.encode("ann".utf8)
    #expect(try hear(&conversation, "AUTHENTICATE +") == ["AUTHENTICATE \(name)"])
  }

  @Test("of what both know the best is tried first, and the next one when it is refused")
  func choice() throws {
    var (conversation, lines) = try begun(
      [.scramSHA256, .plain], offer: "sasl=PLAIN,SCRAM-SHA-256")
    #expect(lines == ["AUTHENTICATE SCRAM-SHA-256"])
    #expect(try hear(&conversation, ":s 904 dan :SASL failed") == ["AUTHENTICATE PLAIN"])
    let failure = #expect(throws: Registration.Failure.self) {
      _ = try hear(&conversation, ":s 904 dan :Invalid credentials")
    }
    #expect(failure == .loginFailed(account: "ann", reason: "Invalid credentials"))
    let (_, other) = try begun([.scramSHA256, .plain], offer: "sasl=EXTERNAL,PLAIN")
    #expect(other == ["AUTHENTICATE PLAIN"])
  }

  @Test("without a way that both know nobody is let in as somebody else")
  func none() throws {
    #expect(throws: Registration.Failure.noMechanism(["SCRAM-SHA-256"])) {
      _ = try begun([.scramSHA256], offer: "sasl=PLAIN")
    }
    for lines in [[":s CAP * LS :echo-message"], [":s 421 * CAP :Unknown", ":s 001 dan :Welcome"]] {
      var conversation = Registration.Conversation(registration: registration([.plain]))
      #expect(throws: Registration.Failure.noMechanism(["PLAIN"])) {
        for line in lines { _ = try hear(&conversation, line) }
      }
    }
  }

  /// The example of RFC 7677, section 3.
  @Test("SCRAM-SHA-256 proves the password without saying it, and has the server prove it too")
  func scram() throws {
    var scram = Scram(name: "user", password: "pencil", nonce: "rOprNGfwEbeRWgbNEkqO")
    #expect(scram.first == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
    let first =
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    #expect(
      try scram.answer(to: first)
        == "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    try scram.check("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    #expect(throws: Scram.Fault.serverUnproven) {
      try scram.check("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }
  }

  @Test(
    "a server that is not to be trusted is told nothing",
    arguments: [
      "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "r=abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "r=abcd,s=,i=4096", "r=abcd,s=????,i=4096", "r=abcd,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
      "r=abcd,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000",
      "m=x,r=abcd,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "", "v=x",
    ])
  func hostileScram(first: String) {
    var scram = Scram(name: "user", password: "pencil", nonce: "abc")
    #expect(throws: Scram.Fault.self) { try scram.answer(to: first) }
  }

  /// client                     server
  /// AUTHENTICATE SCRAM-SHA-256
  ///                            +
  /// n,,n=ann,r=…
  ///                            903 or 907, without having shown anything
  @Test(
    "a server that says yes without proving itself is not believed", arguments: ["903", "907"])
  func unproven(numeric: String) throws {
    var (conversation, _) = try begun([.scramSHA256])
    _ = try hear(&conversation, "AUTHENTICATE +")
    let failure = #expect(throws: Registration.Failure.self) {
      _ = try hear(&conversation, ":s \(numeric) dan :Success")
    }
    #expect(failure?.description.contains("did not show that it knows the password") == true)
  }

  @Test("a server has the password stretched once")
  func stretchedOnce() throws {
    var scram = Scram(name: "user", password: "pencil", nonce: "abc")
    let first = "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    _ = try scram.answer(to: first)
    #expect(throws: Scram.Fault.self) { try scram.answer(to: first) }
  }

  @Test("what is longer than 400 bytes goes in pieces, and ends with a short one")
  func pieces() throws {
    // "\0a\0" and the password: 300 bytes are 400 letters.
    for (length, sizes) in [(297, [400, 1]), (298, [400, 4]), (10, [20])] {
      let account = Account(
        name: "a", password: String(repeating: "x", count: length), mechanisms: [.plain])
      var conversation = Registration.Conversation(
        registration: Registration(nickname: "dan", account: account))
      _ = try hear(&conversation, ":s CAP * LS :sasl")
      _ = try hear(&conversation, ":s CAP dan ACK :sasl")
      let lines = try hear(&conversation, "AUTHENTICATE +")
      #expect(lines.map { $0.utf8.count - "AUTHENTICATE ".utf8.count } == sizes)
    }
  }

  @Test("a challenge that never ends is the end")
  func endlessChallenge() throws {
    var (conversation, _) = try begun([.plain])
    let piece = String(repeating: "A", count: 400)
    #expect(throws: Registration.Failure.self) {
      for _ in 0..<1000 { _ = try hear(&conversation, "AUTHENTICATE \(piece)") }
    }
  }
}
