import Foundation
import HubbubServer
import IRCWire
import Testing

/// JOIN, PART, KICK, TOPIC, NAMES, LIST.
@Suite struct RoomListTests {
  // "If a client's JOIN command to the server is successful, the server MUST send, in this order: 1. A JOIN
  // message … 2. The channel's topic (with RPL_TOPIC and optionally RPL_TOPICWHOTIME), and no message if the
  // channel does not have a topic. 3. A list of users currently joined to the channel" (Modern IRC)
  @Test("a JOIN is answered in its order")
  func join() throws {
    let meeting = try Meeting()
    #expect(try meeting.cem.ask("join #new").commands == ["JOIN", "353", "366"])
    #expect(try meeting.cem.ask("JOIN #new") == [])
    _ = try meeting.ann.ask("TOPIC #r :tea")
    let answer = try meeting.cem.ask("JOIN #R")
    #expect(answer.commands == ["JOIN", "332", "333", "353", "366"])
    #expect(
      answer.map { $0.parameters[$0.command == "JOIN" ? 0 : $0.command == "353" ? 2 : 1] }
        == Array(repeating: "#r", count: 5))
    #expect(answer[1].parameters == ["cem", "#r", "tea"])
    #expect(answer[2].parameters.prefix(3) == ["cem", "#r", "ann"])
    #expect(answer[3].parameters == ["cem", "=", "#r", "@ann bob cem"])
    // "leave all channels they are currently connected to"
    #expect(try meeting.cem.ask("JOIN 0").commands == ["PART", "PART"])
  }

  @Test(
    "a list of rooms is taken one by one, with its keys",
    arguments: [
      ("JOIN #a,#locked,#b x,key", ["#a", "#locked", "#b"]),
      ("JOIN #locked,#a key", ["#locked", "#a"]),
      ("JOIN #a,inv@lid,#b", ["#a", "403", "#b"]), ("JOIN #a,,#b", ["#a", "#b"]),
      ("JOIN #locked wrong", ["475"]),
      ("JOIN #\(String(repeating: "x", count: 64))", ["403"]), ("JOIN #", ["476"]),
      ("JOIN &a", ["403"]),
    ])
  func joinLists(line: String, results: [String]) throws {
    let meeting = try Meeting()
    try meeting.ann.join("#locked")
    _ = try meeting.ann.ask("MODE #locked +k key")
    let answer = try meeting.cem.ask(line).filter { $0.command != "353" && $0.command != "366" }
    #expect(answer.map { $0.command == "JOIN" ? $0.parameters[0] : $0.command } == results)
  }

  // "The server MUST NOT send KICK messages with multiple users to clients." "If no comment is given, the server
  // SHOULD use a default message instead." (Modern IRC)
  @Test(
    "KICK",
    arguments: [
      ("ann", "KICK #r bob :out", ["KICK #r bob out"]), ("ann", "KICK #r bob", ["KICK #r bob ann"]),
      ("ann", "KICK #r bob,zoe :x", ["KICK #r bob x", "KICK #r zoe x"]),
      ("ann", "KICK #r,#r bob,zoe :x", ["KICK #r bob x", "KICK #r zoe x"]),
      ("ann", "KICK #r,#r bob", ["461"]),
      ("ann", "KICK #r cem", ["441"]), ("ann", "KICK #r nobody", ["441"]),
      ("bob", "KICK #r zoe", ["482"]),
      ("cem", "KICK #r bob", ["442"]), ("cem", "KICK #r nobody", ["442"]),
      ("ann", "KICK #none bob", ["403"]),
      ("ann", "KICK #r", ["461"]), ("ann", "KICK #r a,b,c,d,e", ["407"]),
    ])
  func kick(who: String, line: String, answers: [String]) throws {
    let meeting = try Meeting()
    let zoe = try meeting.server.client("zoe")
    try zoe.join("#r")
    _ = try meeting.told
    let client = ["ann": meeting.ann, "bob": meeting.bob, "cem": meeting.cem][who]!
    let answer = try client.ask(line)
    let shown = answer.map {
      ([$0.command] + ($0.command == "KICK" ? $0.parameters : [])).joined(separator: " ")
    }
    #expect(shown == answers)
  }

  @Test(
    "PART",
    arguments: [
      ("ann", "PART #r :bye everyone", ["#r", "bye everyone"]), ("ann", "PART #R", ["#r"]),
      ("cem", "PART #r", ["442"]), ("ann", "PART #none", ["403"]), ("ann", "PART", ["461"]),
    ])
  func part(who: String, line: String, result: [String]) throws {
    let meeting = try Meeting()
    let client = who == "ann" ? meeting.ann : meeting.cem
    let answer = try client.ask(line)
    #expect(answer.map { $0.command == "PART" ? $0.parameters : [$0.command] } == [result])
    #expect(
      try meeting.bob.messagesUntilNow().commands
        == (answer.first?.command == "PART" ? ["PART"] : []))
  }

  // "every client in that channel (including the author of the topic change) will receive a TOPIC command with
  // the new topic as argument (or an empty argument if the topic was cleared)" (Modern IRC)
  @Test("TOPIC")
  func topic() throws {
    let meeting = try Meeting()
    #expect(try meeting.ann.ask("TOPIC #r").commands == ["331"])
    #expect(try meeting.ann.ask("TOPIC #r :tea").map(\.parameters) == [["#r", "tea"]])
    #expect(try meeting.bob.messagesUntilNow().map(\.parameters) == [["#r", "tea"]])
    #expect(try meeting.cem.ask("TOPIC #r").commands == ["332", "333"])
    #expect(try meeting.bob.ask("TOPIC #r :mine").commands == ["482"])
    _ = try meeting.ann.ask("MODE #r +v bob")
    _ = try meeting.bob.messagesUntilNow()
    #expect(try meeting.bob.ask("TOPIC #r :mine").commands == ["482"])
    #expect(try meeting.cem.ask("TOPIC #r :mine").commands == ["442"])
    #expect(try meeting.ann.ask("TOPIC #r :").map(\.parameters) == [["#r", ""]])
    #expect(try meeting.ann.ask("TOPIC #r").commands == ["331"])
    #expect(try meeting.ann.ask("TOPIC #none").commands == ["403"])
  }

  // "If the channel name is invalid or the channel does not exist, one RPL_ENDOFNAMES numeric containing the
  // given channel name should be returned." (Modern IRC)
  @Test(
    "NAMES",
    arguments: [
      ("NAMES #r", ["= #r", "#r"]), ("NAMES #R", ["= #r", "#R"]), ("NAMES invalid", ["invalid"]),
      ("NAMES #none", ["#none"]), ("NAMES #r,#s", ["= #r", "#r", "@ #s", "#s"]), ("NAMES", ["*"]),
    ])
  func names(line: String, answers: [String]) throws {
    let meeting = try Meeting()
    try meeting.ann.join("#s")
    _ = try meeting.ann.ask("MODE #s +s")
    let answer = try meeting.ann.ask(line)
    #expect(
      answer.map {
        $0.command == "353" ? $0.parameters[1...2].joined(separator: " ") : $0.parameters[1]
      } == answers)
    #expect(answer.last?.command == "366")
  }

  @Test("multi-prefix and userhost-in-names", arguments: [true, false])
  func prefixes(isCapable: Bool) throws {
    let meeting = try Meeting(bob: isCapable ? ["multi-prefix", "userhost-in-names"] : [])
    _ = try meeting.ann.ask("MODE #r +v ann")
    _ = try meeting.bob.messagesUntilNow()
    let names = try meeting.bob.ask("NAMES #r").first?.parameters.last
    #expect(names == (isCapable ? "@+ann!~ann@127.0.0.1 bob!~bob@127.0.0.1" : "@ann bob"))
  }

  // ELIST: "M: mask", "N: !mask", "U: <val, >val", "C: C<val, C>val", "T: T<val, T>val"
  @Test(
    "P7 LIST filters by what ELIST says, with numbers of any kind",
    arguments: [
      ("", ["#other", "#r"]), ("#r", ["#r"]), ("#R,#none", ["#r"]), ("#none", []),
      ("*", ["#other", "#r"]),
      ("#o*", ["#other"]), ("*", ["#other", "#r"]), ("!#o*", ["#r"]), ("!*", []), ("#?", ["#r"]),
      (">0", ["#other", "#r"]),
      (">1", ["#r"]), ("<2", ["#other"]), ("<1", []), ("<100", ["#other", "#r"]),
      (">0,<2", ["#other"]),
      (">99999999999999999999999", []), ("<99999999999999999999999", ["#other", "#r"]),
      (">-1", ["#other", "#r"]),
      ("C<10", ["#other", "#r"]), ("C>10", []), ("C<0", []),
      ("C<99999999999999999999", ["#other", "#r"]),
      ("C>9223372036854775807", []), ("T<10", ["#r"]), ("T>10", []), ("T>9223372036854775807", []),
      ("<", ["#other", "#r"]),
      ("C<", ["#other", "#r"]), ("#o*,>1", []),
    ])
  func list(filter: String, names: [String]) throws {
    let meeting = try Meeting()
    try meeting.cem.join("#other")
    _ = try meeting.ann.ask("TOPIC #r :tea")
    let answer = try meeting.bob.ask("LIST \(filter)").filter { $0.command != "TOPIC" }
    #expect(answer.first?.command == "321")
    #expect(answer.last?.command == "323")
    #expect(answer.filter { $0.command == "322" }.map { $0.parameters[1] }.sorted() == names)
    for line in answer where line.parameters.dropFirst().first == "#r" && line.command == "322" {
      #expect(line.parameters == ["bob", "#r", "2", "tea"])
    }
  }

  // "the server will act as if the channel does not exist for queries like the TOPIC, LIST, NAMES commands" (RFC
  // 2811 section 4.2.6). Here for all others too, but for JOIN, which has to say why not.
  @Test(
    "A5 a secret room leaks nowhere: whoever is outside reads the same as of a room that is not there",
    arguments: [
      "LIST", "LIST ROOM", "LIST ROOM*", "LIST >0", "NAMES ROOM", "NAMES", "WHO ROOM", "WHO ann",
      "WHO *",
      "WHO ROOM %cn", "WHO ann %cn", "WHOIS ann", "TOPIC ROOM", "TOPIC ROOM :x", "MODE ROOM",
      "MODE ROOM +b",
      "MODE ROOM b", "MODE ROOM +m", "MODE ROOM +Z", "MODE ROOM +o nobody", "MODE ROOM +k a,b",
      "MODE ROOM +l",
      "INVITE bob ROOM", "INVITE nobody ROOM", "KICK ROOM ann", "KICK ROOM nobody", "PART ROOM",
      "STATS f ROOM",
      "STATS f", "PRIVMSG ROOM :x", "NOTICE ROOM :x", "TAGMSG ROOM", "PRIVMSG @ROOM :x",
      "RENAME ROOM #x",
      "RENAME ROOM x", "REDACT ROOM 1", "MONITOR + ann", "MONITOR S", "USERHOST ann", "WHOWAS ann",
      "ISON ann",
    ])
  func secret(line: String) throws {
    let answers = try ["#sEcret", "#absent"].map { room -> [[String]] in
      // The statistics are open, and do not open it.
      let meeting = try Meeting(cem: ["message-tags", "draft/message-redaction"]) {
        $0.hasOpenStatistics = true
      }
      try meeting.ann.send("PART #r")
      _ = try meeting.bob.ask("PART #r")
      try meeting.ann.join("#Secret")
      _ = try meeting.ann.ask("MODE #Secret +s")
      _ = try meeting.ann.ask("TOPIC #Secret :hidden")
      let answer = try meeting.cem.ask(line.replacingOccurrences(of: "ROOM", with: room))
      let seen = answer.map { [$0.command] + $0.parameters.map { $0.lowercased() } }
      #expect(try meeting.ann.messagesUntilNow() == [], "its members heard of it")
      return seen.map { $0.map { $0.replacingOccurrences(of: room.lowercased(), with: "ROOM") } }
    }
    #expect(Self.withoutTimes(answers[0]) == Self.withoutTimes(answers[1]))
    #expect(!answers[0].joined().contains { $0.contains("secret") || $0.contains("hidden") })
  }

  /// Of WHOIS, but the seconds; people and rooms have no order of their own.
  private static func withoutTimes(_ answer: [[String]]) -> [[String]] {
    answer.map { $0.first == "317" ? Array($0.prefix(3)) : $0 }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}
