import Testing

@testable import IRCWire

@Suite struct PlainSpeechTests {
  private static func parse(_ line: String) -> (isNotice: Bool, target: String, text: String)? {
    Array(line.utf8).withUnsafeBytes { bytes in
      PlainSpeech(bytes).map {
        (
          $0.isNotice, String(decoding: $0.target, as: UTF8.self),
          String(decoding: $0.text, as: UTF8.self)
        )
      }
    }
  }

  @Test(
    "what is said in one room and nothing else is taken apart as Message does it",
    arguments: [
      "PRIVMSG #r :text", "privmsg #r :a b  c", "NOTICE #room :x", "Notice #r ::)",
      "PRIVMSG #r : ", "PRIVMSG #é :grüße 👋", "PRIVMSG # :x", "PRIVMSG #r :\u{2}bold",
    ])
  func plain(line: String) throws {
    let plain = try #require(Self.parse(line))
    let message = try Message(parsing: line)
    #expect(message.command == (plain.isNotice ? "NOTICE" : "PRIVMSG"))
    #expect(message.parameters == [plain.target, plain.text])
  }

  @Test(
    "every other line is left to Message",
    arguments: [
      "", "PRIVMSG", "PRIVMSG #r", "PRIVMSG #r :", "PRIVMSG #r text", "PRIVMSG  #r :x",
      "PRIVMSG #r  :x", " PRIVMSG #r :x", "@a=b PRIVMSG #r :x", ":me PRIVMSG #r :x",
      "PRIVMSG bob :x", "PRIVMSG @#r :x", "PRIVMSG #r,#s :x", "PRIVMSG #r :\u{1}VERSION\u{1}",
      "TAGMSG #r", "PRIVMSGS #r :x", "NOTICES #r :x", "PRIVMSG #r :a\0b", "PRIVMSG #r :a\rb",
      "PRIVMSG :#r :x", "TOPIC #r :x", "qRIVMSG #r :x", "@RIVMSG #r :x",
    ])
  func other(line: String) { #expect(Self.parse(line) == nil) }

  @Test("bytes that are no UTF-8 are left to Message, which refuses them")
  func invalid() {
    let line = Array("PRIVMSG #r :".utf8) + [0xC3, 0x28]
    line.withUnsafeBytes { #expect(PlainSpeech($0) == nil) }
  }
}
