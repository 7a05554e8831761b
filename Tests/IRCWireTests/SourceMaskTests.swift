import Testing

@testable import IRCWire

/// Masks of people, as rooms, operators and settings use them.
@Suite struct SourceMaskTests {
  @Test(
    "a part of a source is completed to a mask of all three",
    arguments: [
      ("dan", "dan!*@*"), ("dan!d", "dan!d@*"), ("dan!d@h", "dan!d@h"), ("d@h", "*!d@h"),
      ("*", "*!*@*"), ("d*", "d*!*@*"), ("*.example.com", "*!*@*.example.com"),
      ("127.0.0.1", "*!*@127.0.0.1"), ("127.0.*", "*!*@127.0.*"), ("0::1", "*!*@::1"),
      ("10.0.0.0/8", "*!*@10.0.0.0/8"), ("10.9.9.9/8", "*!*@10.0.0.0/8"),
      ("2001:DB8:0::0/32", "*!*@2001:db8::/32"), ("d@2001:db8::*", "*!d@2001:db8::*"),
      ("::ffff:127.0.0.1", "*!*@127.0.0.1"), ("d@::FFFF:127.0.*", "*!d@127.0.*"),
      ("~u@192.0.2.0/24", "*!~u@192.0.2.0/24"), ("gateway/web/*", "*!*@gateway/web/*"),
      ("staff/12", "*!*@staff/12"), ("d@web.example/33", "*!d@web.example/33"),
      // At the end of a line the protocol takes the first colon away.
      (":1", "*!*@::1"), (":1/64", "*!*@::/64"), (":ffff:127.0.0.1", "*!*@127.0.0.1"),
    ])
  func completing(text: String, mask: String) throws {
    #expect(try SourceMask(completing: text).description == mask)
    #expect(try SourceMask(completing: mask) == SourceMask(completing: text))
  }

  @Test(
    "what can match nobody is refused, with the reason",
    arguments: [
      ("", "cannot be empty"), ("!u@h", "nickname is empty"), ("@h", "user name is empty"),
      ("u@", "host is empty"), ("n!@h", "user name is empty"), ("n!u@", "host is empty"),
      ("!@", "is empty"),
      ("*!*@300.1.1.1/8", "neither an address nor a network"),
      ("*!*@127.0.0.0/33", "'33' is no length of a prefix: here it is a number from 0 to 32"),
      ("*!*@::/129", "from 0 to 128"), ("*!*@127.0.0.0/", "no length"),
      ("127.0.0.1/x", "no length"),
      ("*!*@10.0.0.0/-1", "no length"), ("*!*@10/8", "neither"), ("*!*@127.0.0", "neither"),
      ("300.1.1.1", "neither"), ("*!*@1.2.3.4.5", "neither"), ("*!*@127.0.0.01", "neither"),
      ("*!*@:::1", "neither"), ("*!*@2001:db8", "neither"), ("[::1]", "neither"),
      ("127.0.0.1:6667", "neither"), ("*!*@127.0.*/8", "a prefix and a wildcard"),
      ("*!*@192.0.2.0-192.0.2.255", "neither"), ("*!*@*/24", "neither"),
      ("*!*@*.*/16", "neither"), ("*!*@3221226061", "neither"), ("*!*@0xc0.0.2.77", "neither"),
      ("gate.example.org.", "No host is called"), ("*!*@x..y", "No host is called"),
      ("*!*@300.*", "No address looks like"),
      // What other servers call extended bans.
      ("m:bob", "neither"), ("R:Some*", "No address looks like"), ("mute:bob!*@*", "No nickname"),
      ("*!*@127.0.0.1/255.0.0.0", "no length"), ("1.2.3.4.*", "No address looks like"),
      ("*!*@2001:00db8:*", "No address looks like"),
      ("*!*@::ffff:10.0.0.0/8", "write the network as IPv4"),
      ("two words", "No nickname has a space"), ("a b@h", "No user name has a space"),
      ("*!*@a b", "No host has a space"), ("*!*@b\u{7}d", "No host has U+0007"),
      ("*!*@é.example", "No host has U+00E9"), ("a#b", "No nickname has '#'"),
      ("*!a:b@*", "No user name has ':'"), ("*!a!b@*", "No user name has '!'"),
      ("*!*@a@b", "No host has '@'"), ("1abc", "No nickname begins with '1'"),
      ("-abc", "No nickname begins with '-'"), (String(repeating: "a", count: 33), "more than 32"),
      ("*!" + String(repeating: "u", count: 19) + "@*", "more than 18"),
      ("*!*@" + String(repeating: "h", count: 65), "more than 64"),
      (String(repeating: "*", count: 201), "at most 200 bytes"),
      (String(repeating: "*", count: 198), "at most 200 bytes"),
    ])
  func refusals(text: String, reason: String) {
    let limits = MaskLimits(maskBytes: 200, nicknameBytes: 32, userNameBytes: 18)
    do throws(MaskFault) {
      let mask = try SourceMask(completing: text, limits)
      Issue.record("'\(text)' became \(mask).")
    } catch {
      #expect("\(error)".contains(reason), "\(text): \(error)")
    }
  }

  /// ann came as `~ann@` a cloak from an address, and an operator has given her another host.
  private static func ann(from address: String) -> MaskSubject {
    MaskSubject(
      nickname: "Ann", users: ["tea", "~ann"], hosts: ["tea.example", "abc.def.ghi.ip"],
      address: IPAddress(address))
  }

  @Test(
    "somebody is known by the hosts of now and before, and by the address in every spelling",
    arguments: [
      ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.0/24", true),
      ("192.0.2.7", "192.0.3.0/24", false), ("192.0.2.7", "::ffff:192.0.2.7", true),
      ("192.0.2.7", "::ffff:c000:0207", true), ("192.0.2.7", "::ffff:192.0.2.0/120", true),
      ("192.0.2.7", "192.0.2.*", true), ("192.0.2.7", "192.0.?.*", true),
      ("192.0.2.7", "*!*@*.2.7", true), ("192.0.2.7", "0.0.0.0/0", true),
      ("192.0.2.7", "::/0", false), ("192.0.2.7", "0::0/64", false), ("192.0.2.7", "*:*", false),
      ("::1", "0::1", true), ("::1", "::1", true), ("::1", "0:0:0:0:0:0:0:1", true),
      ("::1", "0000:0000::0001", true), ("::1", "0::0/64", true), ("::1", "::1/128", true),
      ("::1", "::2", false), ("::1", "::2/127", false), ("::1", "*:*", true), ("::1", "0::*", true),
      ("::1", "0:0:0:*", true), ("::1", "0000:*", true), ("::1", "::*", true),
      ("2001:db8::a", "2001:DB8::A", true), ("2001:db8::a", "2001:0db8:*", true),
      ("2001:db8::a", "2001:DB8:0:0:*:a", true), ("2001:db8::a", "2001:db8::/32", true),
      ("192.0.2.7", "*!*@*.def.ghi.ip", true), ("192.0.2.7", "TEA.example", true),
      ("192.0.2.7", "*.tea.example", false), ("192.0.2.7", "ann", true),
      ("192.0.2.7", "bob", false),
      ("192.0.2.7", "ann@*", true), ("192.0.2.7", "~ann@*", true), ("192.0.2.7", "?ann@*", true),
      ("192.0.2.7", "~tea@*", true), ("192.0.2.7", "~*@*", true),
      ("192.0.2.7", "ann!~ann@192.0.2.0/24", true), ("192.0.2.7", "ann!bob@192.0.2.0/24", false),
      ("192.0.2.7", "bob!*@192.0.2.0/24", false), ("192.0.2.7", "a*!*nn@*.ip", true),
    ])
  func matching(address: String, mask: String, isMatch: Bool) throws {
    #expect(try SourceMask(completing: mask).matches(Self.ann(from: address)) == isMatch)
  }

  @Test(
    "two spellings of one mask are the same",
    arguments: [
      ("::1", "*!*@0:0:0:0:0:0:0:1", true), ("FOO", "foo!*@*", true), ("~u@h", "u@H", true),
      ("192.0.2.9/24", "192.0.2.0/24", true), ("127.0.0.1", "127.0.0.1/32", true),
      ("127.0.0.1", "::ffff:127.0.0.1", true), ("a**b", "a*b", true),
      ("127.0.0.*", "127.0.0.0/24", false),
      ("u@h", "n!u@h", false), ("a", "b", false),
    ])
  func equality(left: String, right: String, isSame: Bool) throws {
    let (left, right) = (try SourceMask(completing: left), try SourceMask(completing: right))
    #expect((left == right) == isSame)
    if isSame { #expect(left.hashValue == right.hashValue) }
  }

  @Test(
    "a muting is a mask behind ~m:, for bans and exceptions",
    arguments: [
      ("~m:ann", "b", "~m:ann!*@*"), ("~m:0::1", "e", "~m:*!*@::1"), ("ann", "I", "ann!*@*"),
      ("~m@h", "b", "*!~m@h"),
    ])
  func muting(text: String, list: Character, mask: String) throws {
    let read = try RoomMask(text, in: list)
    #expect(read.description == mask && (read.effect == .muting) == text.hasPrefix("~m:"))
  }

  // "Servers MUST support matching exact account names. Servers MAY support matching account
  // masks" (IRCv3 account-extban).
  @Test(
    "behind ~a: or ~account: stands an account, whatever the nickname",
    arguments: [
      ("~a:bob", "bob", true), ("~account:BOB", "Bob", true), ("~a:b*", "bob", true),
      ("~a:bob", "bobby", false), ("~a:*", nil, false), ("~a:ann", nil, false),
      ("~m:~a:bob", "bob", true), ("ann", "bob", true),
    ] as [(String, String?, Bool)])
  func accounts(text: String, account: String?, isMatch: Bool) throws {
    let subject = MaskSubject(
      nickname: "ann", users: ["ann"], hosts: ["h"], address: nil, account: account)
    let mask = try RoomMask(text, in: "b")
    #expect(mask.matches(subject) == isMatch)
    #expect((mask.effect == .muting) == text.hasPrefix("~m:"))
    #expect(try RoomMask(mask.description, in: "b") == mask)
  }

  @Test("accounts are named in either case: it is one mask")
  func sameAccount() throws {
    let (one, other) = (try RoomMask("~a:Bob", in: "b"), try RoomMask("~account:bOB", in: "b"))
    #expect(one == other && one.hashValue == other.hashValue)
    #expect(try RoomMask("~m:~a:bob", in: "b") != one)
    #expect(try RoomMask("bob", in: "b") != one)
  }

  @Test(
    "what is no extension is refused",
    arguments: [
      ("~m:ann", "I", "for bans"), ("~x:ann", "b", "There is no ~x:"), ("~m:", "b", "empty"),
      ("~m:~m:ann", "b", "There is no ~m:"), ("~a:", "b", "empty"),
      ("~a:b c", "b", "a space"), ("~m:1.2.3.4/33", "b", "no length"),
    ])
  func noMuting(text: String, list: Character, reason: String) {
    do throws(MaskFault) {
      Issue.record("It became \(try RoomMask(text, in: list)).")
    } catch {
      #expect("\(error)".contains(reason), "\(error)")
    }
  }
}
