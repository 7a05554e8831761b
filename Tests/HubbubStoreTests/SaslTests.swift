import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubStore

@Suite struct SaslTests {
  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  // MARK: Pieces

  @Test("Base64 is that of RFC 4648, section 10, and nothing else")
  func base64() {
    let table = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]
    for (plain, encoded) in table {
      #expect(Base64.encode(Self.bytes(plain)) == encoded)
      #expect(Base64.decode(encoded.utf8) == Self.bytes(plain))
    }
    for wrong in [
      "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zg==Zg==",
      "Z-9v",
    ] { #expect(Base64.decode(wrong.utf8) == nil, "\(wrong)") }
    var random = SplitMix64(seed: seed())
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
    }
  }

  @Test("a message comes in pieces of 400 bytes, and + ends one that fills its last")
  func chunks() {
    var random = SplitMix64(seed: seed())
    for count in [0, 1, 299, 300, 301, 600, 900, 1000, 1500] {
      let message = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let split = SaslChunks.split(message)
      #expect(split.allSatisfy { $0.utf8.count <= 400 })
      var chunks = SaslChunks()
      for chunk in split.dropLast() { #expect(chunks.add(chunk) == .incomplete) }
      #expect(chunks.add(split.last!) == .message(message))
    }
    // "the last chunk ... exactly 400 bytes long ... must be followed by an empty +"
    #expect(SaslChunks.split([UInt8](repeating: 0, count: 300)).last == "+")
    #expect(SaslChunks.split([]) == ["+"])
  }

  @Test("what is too long, aborted or no Base64 is told apart, and the next message begins anew")
  func wrongChunks() {
    var chunks = SaslChunks()
    let full = String(repeating: "A", count: 400)
    #expect(chunks.add(full + "A") == .tooLong)
    #expect(chunks.add(full) == .incomplete)
    #expect(chunks.add("*") == .aborted)
    #expect(chunks.add("Zg==") == .message(Self.bytes("f")))
    #expect(chunks.add("Z") == .malformed)
    for _ in 0..<5 { #expect(chunks.add(full) == .incomplete) }
    #expect(chunks.add(full) == .tooLong)
    #expect(chunks.add("+") == .message([]))
  }

  // MARK: PLAIN and EXTERNAL

  @Test("PLAIN is read as RFC 4616 has it")
  func plain() {
    func login(_ text: String) -> String? {
      PlainCredentials(Self.bytes(text)).map {
        "\($0.login.account)|\($0.login.device)|\($0.password)"
      }
    }
    // "C: <NUL>tim<NUL>tanstaaftanstaaf"
    #expect(login("\0tim\0tanstaaftanstaaf") == "tim||tanstaaftanstaaf")
    #expect(login("tim\0tim\0x") == "tim||x")
    #expect(login("tim\0tim@phone\0x") == "tim|phone|x")
    #expect(login("\0tim@phone\0pass word@ä") == "tim|phone|pass word@ä")
    // "C: Ursel<NUL>Kurt<NUL>xipj3plmq": nobody acts as somebody else.
    for wrong in [
      "Ursel\0Kurt\0xipj3plmq", "", "\0", "\0\0", "\0tim\0", "\0\0x", "\0a\0b\0c", "tim\0x",
    ] {
      #expect(login(wrong) == nil, "\(wrong.debugDescription)")
    }
    #expect(PlainCredentials([0, 0xFF, 0, 0x41]) == nil)
  }

  @Test("EXTERNAL says nothing, or who")
  func external() {
    #expect(ExternalIdentity([])?.login == SaslLogin?.none)
    #expect(ExternalIdentity(Self.bytes("ann@phone"))?.login?.device == "phone")
    #expect(ExternalIdentity([0]) == nil)
    #expect(ExternalIdentity([0xC3]) == nil)
  }

  // MARK: SCRAM

  /// The example of RFC 7677, section 3.
  private static let first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
  private static let nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
  private static let salt = Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ==".utf8)!
  private static let final =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

  private static func server(_ keys: ScramKeys? = nil) throws -> ScramServer {
    let read = try ScramServer.read(bytes(first))
    return ScramServer(
      read, keys ?? ScramKeys(of: "pencil", salt: salt, iterations: 4096), nonce: nonce)
  }

  @Test("SCRAM-SHA-256 is that of RFC 7677's example")
  func scram() throws {
    let server = try Self.server()
    #expect(
      String(decoding: server.challenge, as: UTF8.self)
        == "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
    #expect(
      String(decoding: try server.finish(Self.bytes(Self.final)), as: UTF8.self)
        == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
  }

  @Test("a wrong password, nonce, binding or proof fails as it should")
  func wrongScram() throws {
    let server = try Self.server()
    func failure(_ message: String, _ server: ScramServer) -> ScramServer.Failure? {
      do throws(ScramServer.Failure) {
        _ = try server.finish(Self.bytes(message))
        return nil
      } catch {
        return error
      }
    }
    let other = try Self.server(ScramKeys(of: "pencils", salt: Self.salt, iterations: 4096))
    #expect(failure(Self.final, other) == .invalidProof)
    #expect(failure(Self.final.replacing("p=dH", with: "p=dI"), server) == .invalidProof)
    #expect(failure(Self.final.replacing("rOpr", with: "rOps"), server) == .otherError)
    // "y,," in Base64: not what the client said first.
    #expect(
      failure(Self.final.replacing("biws", with: "eSws"), server) == .channelBindingsDontMatch)
    for wrong in ["", "c=biws", "c=biws,r=x,p=AAAA", "p=,c=,r=", "c=!,r=x,p=y", "\0"] {
      #expect(failure(wrong, server) == .invalidEncoding, "\(wrong.debugDescription)")
    }
  }

  @Test(
    "a first message that is none is refused with its reason",
    arguments: [
      ("p=tls-unique,,n=user,r=abc", ScramServer.Failure.channelBindingNotSupported),
      ("n,,m=x,n=user,r=abc", .extensionsNotSupported),
      ("n,,n=us=er,r=abc", .invalidUsernameEncoding), ("n,,n=,r=abc", .invalidUsernameEncoding),
      ("n,,n=user,r=", .invalidEncoding), ("n,,n=user", .invalidEncoding),
      ("n,,r=abc,n=user", .invalidEncoding), ("x,,n=user,r=abc", .invalidEncoding),
      ("n,a=other,n=user,r=abc", .otherError), ("n,b,n=user,r=abc", .invalidEncoding),
      ("", .invalidEncoding), ("n,,n=user,r=a\u{e4}", .invalidEncoding),
      ("n,,n=user,r=" + String(repeating: "a", count: 513), .invalidEncoding),
    ])
  func wrongFirst(_ message: String, _ expected: ScramServer.Failure) {
    #expect(throws: expected) { try ScramServer.read(Self.bytes(message)) }
  }

  @Test("names with , and = are read as RFC 5802 writes them, and y is as good as n")
  func names() throws {
    let read = try ScramServer.read(Self.bytes("y,a=a=2Cb=3Dc@d,n=a=2Cb=3Dc@d,r=x"))
    #expect(read.login == SaslLogin("a,b=c@d"))
    #expect(read.login.account == "a,b=c")
  }

  @Test("an account that does not exist has the same salt every time, and no password")
  func unknownAccount() throws {
    let secret = [UInt8](repeating: 7, count: 32)
    let keys = ScramKeys.fake(for: "nobody", secret: secret)
    #expect(keys == ScramKeys.fake(for: "nobody", secret: secret))
    #expect(keys.salt.count == ScramKeys(of: "x", iterations: 1).salt.count)
    #expect(keys.iterations == ScramKeys.usualIterations)
    #expect(keys.salt != ScramKeys.fake(for: "nobody", secret: [1]).salt)
    #expect(keys.salt != ScramKeys.fake(for: "somebody", secret: secret).salt)
    #expect(throws: ScramServer.Failure.invalidProof) {
      try Self.server(keys).finish(Self.bytes(Self.final))
    }
  }

  @Test("keys come back from disk as they were")
  func storedKeys() {
    let keys = ScramKeys(of: "pencil", iterations: 300)
    #expect(ScramKeys(stored: keys.stored) == keys)
    for count in 0..<keys.stored.count {
      #expect(ScramKeys(stored: Array(keys.stored.prefix(count))) == nil)
    }
  }

  // MARK: Codes

  @Test("a code is known however it is typed, and another one is not")
  func codes() {
    let code = SecretCode()
    let text = code.description
    #expect(text.count == 31 && text != SecretCode().description)
    for typed in [
      text, text.lowercased(), text.filter { $0 != "-" }, " \(text) ",
      text.replacing("0", with: "o").replacing("1", with: "l"),
    ] { #expect(SecretCode.matches(typed, code.hash), "\(typed)") }
    for typed in ["", "-", String(text.dropLast()), text + "0", SecretCode().description, "ä"] {
      #expect(!SecretCode.matches(typed, code.hash), "\(typed)")
    }
    #expect(!SecretCode.matches(text, nil))
  }

  @Test("whatever bytes come, nothing crashes")
  func garbage() {
    var random = SplitMix64(seed: seed())
    let letters = Array("n,=armcp:\0@yÄ2CDAB+/".utf8)
    for _ in 0..<5000 {
      let count = Int.random(in: 0...40, using: &random)
      let message = (0..<count).map { _ in letters.randomElement(using: &random)! }
      _ = PlainCredentials(message)
      _ = ExternalIdentity(message)
      if let first = try? ScramServer.read(message) {
        _ = try? ScramServer(first, .fake(for: "a", secret: [])).finish(message)
      }
    }
  }
}
