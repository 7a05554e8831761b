import Testing

@testable import IRCWire

@Suite("Names")
struct NamesTests {
  // "nickname = ( letter / special ) *8( letter / digit / special / "-" )" (RFC 2812 section 2.3.1). A1.
  @Test(
    "a nickname is letters, digits and the specials, and does not begin with a digit or a hyphen",
    arguments: [
      ("a", true), ("Dan", true), ("a1-", true), ("[]\\`_^{|}", true), ("_9", true),
      ("azAZ09", true),
      ("", false), ("1a", false), ("-a", false), ("a b", false), ("a.b", false), ("a,b", false),
      ("a*", false), ("a?", false), ("a!b", false), ("a@b", false), ("#a", false), (":a", false),
      ("$a", false), ("~a", false), ("é", false), ("a\u{7F}", false), ("a\u{1B}", false),
      ("a\0", false),
      ("a/b", false), ("a:b", false), ("a~", false),
      ("1234567890", false), ("abcdefghij", true), ("abcdefghijk", false),
    ])
  func nicknames(text: String, isOne: Bool) {
    #expect(Names.isNickname(text, limit: 10) == isOne)
  }

  // "the only restriction on a channel name is that it may not contain any spaces (' ', 0x20), a control G /
  // BELL ('^G', 0x07), or a comma (',', 0x2C)" (Modern IRC, "Channels").
  @Test(
    "a channel begins with # and has no space, comma or control character",
    arguments: [
      ("#a", true), ("##", true), ("#é😀", true), ("#a:b!@*?", true), ("#12345678", true),
      ("", false), ("#", false), ("a", false), ("&a", false), ("+a", false), ("!a", false),
      (" #a", false),
      ("#a b", false), ("#a,b", false), ("#a\u{7}", false), ("#\0", false), ("#a\u{1B}[0m", false),
      ("#\u{7F}", false), ("#a\r", false), ("#123456789", true), ("#1234567890", false),
    ])
  func channels(text: String, isOne: Bool) {
    #expect(Names.isChannel(text, limit: 10) == isOne)
  }

  // Two names that differ by what nobody sees look the same.
  @Test(
    "no channel has a character that shows nothing, or turns the writing round",
    arguments: [
      0x80, 0x85, 0x9F, 0xA0, 0xAD, 0x34F, 0x600, 0x61C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x180B,
      0x180E, 0x2000, 0x200A, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A,
      0x202E, 0x202F, 0x205F, 0x2060, 0x2064, 0x2065, 0x2066, 0x2069, 0x206F, 0x2800, 0x3000,
      0x3164, 0xE000, 0xF8FF, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0xFFF9, 0xFFFC, 0xFFFE,
      0x1BCA0, 0x1D159, 0x1D173, 0x13441, 0x16FE4, 0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xE01EF,
      0xF0000, 0x10FFFF,
    ] as [UInt32])
  func hiddenInChannels(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    for name in ["#lobby\(scalar)", "#\(scalar)lobby", "#lob\(scalar)by", "#\(scalar)"] {
      #expect(!Names.isChannel(name, limit: 64), "U+\(String(value, radix: 16))")
    }
  }

  @Test("a channel's name does not begin with a mark, which would stand on the #")
  func marks() {
    for mark in ["\u{301}", "\u{903}", "\u{20DD}"] {
      #expect(!Names.isChannel("#\(mark)a", limit: 64))
      #expect(Names.isChannel("#a\(mark)", limit: 64))
    }
  }

  @Test(
    "letters, signs and pictures of any script may be in a channel's name",
    arguments: [
      "#café", "#cafe\u{301}", "#чай", "#お茶", "#차", "#茶", "#שלום", "#مرحبا", "#हिन्दी", "#😀", "#❤",
      "#👍🏽", "#🇫🇷", "#x²", "#—", "#€",
    ])
  func visible(name: String) {
    #expect(Names.isChannel(name, limit: 64))
  }

  @Test("the limit of a name is in bytes, not in characters")
  func limitInBytes() {
    #expect(Names.isChannel("#ééé", limit: 7))
    #expect(!Names.isChannel("#ééé", limit: 6))
  }

  @Test(
    "a target is meant as a channel when it begins with #",
    arguments: [("#", true), ("#a b", true), ("a", false), ("@#a", false), ("", false)])
  func channelLike(text: String, isLike: Bool) {
    #expect(Names.isChannelLike(text) == isLike)
  }

  @Test(
    "a user name is what remains without all that has a meaning in a source",
    arguments: [
      ("dan", "dan"), ("~d.a-n_1", "~d.a-n_1"), ("d a\tn", "dan"), ("a!b@c:d", "abcd"),
      ("é", "user"),
      ("", "user"), ("@!:", "user"), ("aéb", "ab"), ("a\u{1B}b\u{7F}\0", "ab"),
      ("1234567890x", "1234567890"), ("@1234567890x", "1234567890"),
    ])
  func userNames(text: String, kept: String) {
    #expect(Names.userName(from: text, limit: 10) == kept)
  }
}
