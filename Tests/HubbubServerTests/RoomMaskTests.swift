import HubbubDial
import HubbubSockets
import IRCWire
import Testing

@testable import HubbubServer

/// Masks in rooms' lists: +b, +e and +I, and mutings (`~m:`).
@Suite struct RoomMaskTests {
  /// ann operates #r; cem knocks at it, from 127.0.0.1.
  private static let spellings = [
    "127.0.0.1", "127.0.0.*", "127.0.*", "127.0.0.1/32", "*!*@127.0.0.0/8", "*!*@127.9.9.9/8",
    "*!*@0.0.0.0/1", "::ffff:127.0.0.1", "*!*@::FFFF:7f00:0001", "*!*@::ffff:127.0.0.0/104",
    "cem@127.0.0.0/8", "~cem@127.0.0.0/8", "cem", "CEM!cem@127.0.0.1", "c*!?cem@127.*",
  ]

  @Test("a ban of an address or a network keeps its people out, however it is spelled")
  func bans() throws {
    let meeting = try Meeting()
    for mask in Self.spellings {
      #expect(try meeting.ann.ask("MODE #r +b \(mask)").commands == ["MODE"], "\(mask)")
      #expect(try meeting.cem.ask("JOIN #r").commands == ["474"], "\(mask)")
      #expect(try meeting.ann.ask("MODE #r -b \(mask)").commands == ["MODE"], "\(mask)")
      #expect(try meeting.cem.ask("JOIN #r").commands.first == "JOIN", "\(mask)")
      _ = try meeting.cem.ask("PART #r")
      _ = try meeting.ann.messagesUntilNow()
    }
  }

  @Test("an exception and an invitation of an address hold in the same spellings")
  func exceptions() throws {
    let meeting = try Meeting()
    for mask in Self.spellings {
      for (door, list) in [("+b *!*@*", "e"), ("+i", "I")] {
        _ = try meeting.ann.ask("MODE #r \(door)")
        #expect(["474", "473"].contains(try meeting.cem.ask("JOIN #r").commands.first))
        #expect(try meeting.ann.ask("MODE #r +\(list) \(mask)").commands == ["MODE"], "\(mask)")
        #expect(try meeting.cem.ask("JOIN #r").commands.first == "JOIN", "\(list) \(mask)")
        _ = try meeting.cem.ask("PART #r")
        _ = try meeting.ann.ask("MODE #r -bi\(list) *!*@* \(mask)")
      }
    }
  }

  @Test(
    "an IPv6 address is the same in every spelling",
    arguments: [
      "0::1", "::1", "*!*@::1", "*!*@0:0:0:0:0:0:0:1", "*!*@0::0/64", "*!*@::1/128",
      "*!*@0000::0001",
      "*!*@0::*", "*!*@::*", "v6@::/10",
    ])
  func ipv6(mask: String) throws {
    let server = try TestServer { $0.endpoints.append(Endpoint(host: "::1", port: 0)) }
    let ann = try server.client("ann")
    try ann.join("#r")
    let connection = try LineConnection.open(server.server.endpoints[1])
    _ = try Registration(nickname: "v6").perform(on: connection)
    let guest = ScriptedClient(connection)
    #expect(try ann.ask("MODE #r +b \(mask)").commands == ["MODE"])
    #expect(try guest.ask("JOIN #r").commands == ["474"])
    // An IPv6 network is not all of IPv4.
    let bob = try server.client("bob")
    #expect(try bob.ask("JOIN #r").commands.first == "JOIN")
    _ = try ann.messagesUntilNow()
    #expect(try ann.ask("MODE #r -b \(mask)").commands == ["MODE"])
    #expect(try guest.ask("JOIN #r").commands.first == "JOIN")
  }

  // "696 ERR_INVALIDMODEPARAM: <client> <target chan/user> <mode char> <parameter> :<description>" (Modern IRC)
  @Test(
    "what can match nobody is refused in words in every list, and is not announced",
    arguments: [
      "*!*@127.0.0.0/33", "*!*@300.1.1.1/8", "300.1.1.1", "*!*@::1/129", "127.0.0", "@h", "n!u@",
      "*!*@ex*mple.é", "1abc", "127.0.*/8", "~x:ann", "*!*@::ffff:10.0.0.0/8",
      "*!*@\(String(repeating: "h", count: 65))", String(repeating: "*", count: 201),
      String(repeating: "n", count: 33),
    ])
  func refusals(mask: String) throws {
    let meeting = try Meeting()
    for list in ["b", "e", "I"] {
      let answer = try meeting.ann.ask("MODE #r +\(list) \(mask)")
      #expect(answer.commands == ["696"], "\(answer)")
      #expect(answer.first?.parameters.prefix(3) == ["ann", "#r", list])
      #expect(answer.first?.parameters.count == 5)
      #expect(try meeting.ann.ask("MODE #r \(list)").count == 1)
    }
    #expect(try meeting.bob.messagesUntilNow().isEmpty)
  }

  @Test("a ban is found in another spelling: it is not set twice, and removed as it is listed")
  func spelledOtherwise() throws {
    let meeting = try Meeting()
    for (first, second, listed) in [
      ("*!*@0:0:0:0:0:0:0:1", "::1", "*!*@::1"), ("Ann", "ANN!*@*", "Ann!*@*"),
      ("10.1.2.3/8", "*!*@10.0.0.0/8", "*!*@10.0.0.0/8"), ("~u@h", "u@h", "*!~u@h"),
      ("~m:X", "~m:x!*@*", "~m:X!*@*"),
    ] {
      #expect(try meeting.ann.ask("MODE #r +b \(first)").last?.parameters.last == listed)
      #expect(try meeting.ann.ask("MODE #r +b \(second)").isEmpty)
      #expect(try meeting.ann.ask("MODE #r b").dropLast().map { $0.parameters[2] } == [listed])
      #expect(
        try meeting.ann.ask("MODE #r -b \(second)").map(\.parameters) == [["#r", "-b", listed]])
    }
  }

  @Test("what was set while names could be longer can still be removed")
  func removable() throws {
    let long = String(repeating: "n", count: 64)
    let meeting = try Meeting()
    #expect(try meeting.ann.ask("MODE #r +b \(long)").commands == ["696"])
    // Not listed, but no mistake either.
    #expect(try meeting.ann.ask("MODE #r -b \(long)").isEmpty)
    #expect(try meeting.ann.ask("MODE #r -b *!*@1.2.3.4/33").commands == ["696"])
  }

  // MARK: Mutings

  // "EXTBAN=[<prefix>],<types>" (Modern IRC)
  @Test("mutings are announced in ISUPPORT")
  func announced() throws {
    let server = try TestServer()
    let client = try server.connect()
    try client.send("NICK ann", "USER ann 0 * :Ann")
    let tokens = try client.read { $0.command == "422" }.filter { $0.command == "005" }
    #expect(tokens.flatMap(\.parameters).contains("EXTBAN=~,am"))
  }

  @Test(
    "whoever is muted joins and reads, and speaks only with a voice or an exception",
    arguments: [
      ("+b ~m:bob", false), ("+b ~m:*!*@127.0.0.0/8", false), ("+b ~m:cem", true),
      ("+bv ~m:bob bob", true), ("+be ~m:bob bob", true), ("+be ~m:bob ~m:bob", true),
      ("+be ~m:bob ~m:cem", false),
      // An exception from mutings is none from bans.
      ("+be bob ~m:bob", false), ("+bbe bob ~m:bob bob", true),
    ])
  func muted(modes: String, isHeard: Bool) throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r \(modes)")
    _ = try meeting.told
    let answer = try meeting.bob.ask("PRIVMSG #r :tea")
    #expect(answer.commands == (isHeard ? [] : ["404"]))
    #expect(try meeting.ann.messagesUntilNow().texts == (isHeard ? ["tea"] : []))
    _ = try meeting.ann.ask("PRIVMSG #r :coffee")
    #expect(try meeting.bob.messagesUntilNow().texts == ["coffee"])
  }

  @Test("whoever is muted comes in, and one from outside is not heard either")
  func mutedOutside() throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r +b-n ~m:cem")
    #expect(try meeting.cem.ask("PRIVMSG #r :x").commands == ["404"])
    #expect(try meeting.cem.ask("JOIN #r").commands == ["JOIN", "353", "366"])
    #expect(try meeting.cem.ask("NOTICE #r :x").commands == [])
    #expect(try meeting.cem.ask("PRIVMSG #r :x").commands == ["404"])
    _ = try meeting.ann.ask("MODE #r -b ~m:cem")
    #expect(try meeting.cem.ask("PRIVMSG #r :x").commands == ["MODE"])
    #expect(try meeting.ann.messagesUntilNow().texts == ["x"])
    #expect(try meeting.ann.ask("MODE #r +I ~m:cem").commands == ["696"])
  }
}
