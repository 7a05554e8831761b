import Testing

@testable import IRCWire

/// Small values with tables of their own: WHOX fields, CTCP, lists of words, text for terminals.
@Suite("Words")
struct WordsTests {
  @Test(
    "WHOX fields come in one order, whatever was asked",
    arguments: [
      ("%n", "n", ""), ("%nt,5", "tn", "5"), ("%tn,999", "tn", "999"), ("%tn,1000", "tn", ""),
      ("%tn,", "tn", ""), ("%tn,-1", "tn", ""), ("%tn,1,2", "tn", ""), ("%zzz", "", ""),
      ("%", "", ""),
      ("%nnnn", "n", ""), ("o%n,7", "n", "7"), ("%roaldfnshiuct", "tcuihsnfdlaor", ""),
    ])
  func whoFields(text: String, letters: String, token: String) {
    let fields = WhoFields(text)
    #expect(fields.map { String($0.fields.map(\.rawValue)) } == letters)
    #expect(fields?.token == token)
  }

  @Test("without a percent sign there are no fields", arguments: ["", "o", "n,5", "tcuihsnfdlaor"])
  func noFields(text: String) { #expect(WhoFields(text) == nil) }

  // "CTCP messages are … surrounded by two characters of value 1" in the words of Modern IRC's CTCP.
  @Test(
    "CTCP",
    arguments: [
      ("\u{1}ACTION waves\u{1}", true, "waves", false), ("\u{1}ACTION waves", true, "waves", false),
      ("\u{1}VERSION\u{1}", true, nil, true), ("\u{1}PING 1", true, nil, true),
      ("\u{1}ACTION\u{1}", true, nil, false), ("\u{1}\u{1}", true, nil, true),
      ("\u{1}", true, nil, true),
      ("ACTION waves", false, nil, false), ("", false, nil, false),
      ("x\u{1}VERSION\u{1}", false, nil, false),
      ("\u{1}ACTION \u{1}", true, "", false), ("\u{1}action x\u{1}", true, nil, true),
    ] as [(String, Bool, String?, Bool)])
  func ctcp(text: String, isMessage: Bool, action: String?, isRequest: Bool) {
    #expect(Ctcp.isMessage(text) == isMessage)
    #expect(Ctcp.action(text) == action)
    #expect(Ctcp.isRequest(text) == isRequest)
  }

  @Test(
    "words in lists, as many as fit",
    arguments: [
      ([], 5, []), (["a"], 5, ["a"]), (["a", "b", "c"], 5, ["a,b,c"]),
      (["a", "b", "c"], 4, ["a,b", "c"]),
      (["abcdefg", "h"], 5, ["abcdefg", "h"]), (["é", "é"], 5, ["é,é"]),
      (["é", "é"], 4, ["é", "é"]),
    ])
  func lists(words: [String], bytes: Int, lists: [String]) {
    #expect(words.lists(bytes: bytes) == lists)
  }

  @Test(
    "lines of the protocol in words",
    arguments: [
      (":bob!b@h PRIVMSG #r :hi", "<bob> hi"), (":bob!b@h PRIVMSG nell :hi", "<bob> (to you) hi"),
      (":bob!b@h PRIVMSG #r :\u{1}ACTION nods\u{1}", "* bob nods"),
      (":bob NOTICE nell :hi", "-bob- hi"),
      (":bob JOIN #r", "* bob came in"), (":bob PART #r", "* bob left"),
      (":bob PART #r :bye", "* bob left (bye)"),
      (":bob QUIT :x", "* bob has gone (x)"), (":bob NICK rob", "* bob is now rob"),
      (":bob KICK #r nell :out", "* bob put nell out (out)"),
      (":bob TOPIC #r :tea", "* bob set the topic: tea"),
      (":bob MODE #r +o nell", "* bob set +o nell"),
      (":bob INVITE nell #r", "* bob invites you to #r"),
      ("ERROR :bye", "* bye"), (":s 332 nell #r :tea", "* The topic is: tea"),
      (":s 353 nell = #r :@bob nell", "* Here: @bob nell"),
      (":s 401 nell bob :No such nick", "* bob: No such nick"),
      (":s 417 nell :Too long", "* Too long"),
      (":s 301 nell bob :tea", "* bob: tea"), (":s 001 nell :Welcome", nil),
      (":s 366 nell #r :End", nil),
      ("PING x", nil), (":s 433", nil), ("@a=b :bob TAGMSG #r", nil),
      (":bob PRIVMSG #r :a\u{1B}[2Jb", "<bob> a?[2Jb"),
      (":bob PRIVMSG #r :\u{2}bold\u{2}\u{3}4red\u{F}", "<bob> bold4red"),
      (":bob PRIVMSG #r :a\tb", "<bob> a b"), (":bob PRIVMSG #r :\u{7F}\u{85}\u{9B}", "<bob> ???"),
    ] as [(String, String?)])
  func terminalText(line: String, text: String?) throws {
    let shown = TerminalText.line(try Message(parsing: line))
    #expect(String(decoding: shown, as: UTF8.self) == (text.map { "\($0)\r\n" } ?? ""))
  }

  @Test(
    "what is typed loses its control characters",
    arguments: [
      ("plain", "plain"), ("a\tb", "a\tb"), ("\u{1B}[A", "[A"), ("a\rb\u{0}c", "abc"),
      ("\u{9B}31m", "31m"), ("ä€", "ä€"),
      ("", ""),
    ])
  func typed(line: String, kept: String) { #expect(TerminalText.typed(line) == kept) }

  // RFC 854: IAC is 255, WILL to DON'T 251 to 254, SB 250, SE 240.
  @Test(
    "what telnet says is no part of what is typed",
    arguments: [
      ([], ""), ([0x61, 0x62], "ab"), ([0x61, 255, 253, 6, 0x62], "ab"), ([255, 244, 0x61], "a"),
      ([255, 251, 31, 255, 250, 31, 0, 80, 0, 24, 255, 240, 0x61], "a"), ([0x61, 255], "a"),
      ([0x61, 255, 253], "a"), ([0x61, 255, 250, 31, 0], "a"), ([255, 241, 255, 241, 0x61], "a"),
    ] as [([UInt8], String)])
  func telnet(line: [UInt8], text: String) {
    #expect(String(decoding: Telnet.text(of: line), as: UTF8.self) == text)
  }
}
