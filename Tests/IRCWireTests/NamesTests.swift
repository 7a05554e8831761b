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
