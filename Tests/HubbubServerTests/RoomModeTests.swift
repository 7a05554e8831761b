import IRCWire
import Testing

/// MODE, and what modes let happen.
@Suite struct RoomModeTests {
  // "When the server is done processing the modes, a MODE command is sent to all members of the channel
  // containing the mode changes." "If a type A mode has been sent without an argument, the contents of the list
  // MUST be sent to the user" (Modern IRC)
  @Test(
    "an operator changes modes, and is told what has changed",
    arguments: [
      ("+m", ["+m"]), ("+nt", nil), ("-nt", ["-nt"]), ("+s-t+m", ["+s-t+m"]),
      ("+k key", ["+k", "key"]),
      ("+l 2", ["+l", "2"]), ("-l", nil), ("-k", nil), ("+kl key 5", ["+kl", "key", "5"]),
      ("+o bob", ["+o", "bob"]), ("+ov bob BOB", ["+ov", "bob", "bob"]), ("-o ann", ["-o", "ann"]),
      ("+b x", ["+b", "x!*@*"]), ("+b u@h", ["+b", "*!u@h"]), ("+e n!u@h", ["+e", "n!u@h"]),
      ("+I *!*@*.example", ["+I", "*!*@*.example"]), ("-b x", nil), ("+bb a a", ["+b", "a!*@*"]),
      ("m", ["+m"]), ("+", nil), ("+C", ["+C"]), ("+h bob", ["+h", "bob"]),
      ("+imnstC", ["+imsC"]),
    ] as [(String, [String]?)])
  func changes(modes: String, told: [String]?) throws {
    let meeting = try Meeting()
    let expected = told.map { [["#r"] + $0] } ?? []
    #expect(try meeting.ann.ask("MODE #r \(modes)").map(\.parameters) == expected)
    #expect(try meeting.bob.messagesUntilNow().map(\.parameters) == expected)
  }

  // P7 and the numerics of MODE.
  @Test(
    "P7 what cannot be is refused, and changes nothing",
    arguments: [
      ("+l 0", "696"), ("+l -1", "696"), ("+l abc", "696"), ("+l :0", "696"), ("+l", "696"),
      ("+l :", "696"),
      ("+l 99999999999999999999999", "696"), ("+l 1e3", "696"), ("+l 0x10", "696"), ("+k", "696"),
      ("+k :", "525"), ("+k :two words", "525"), ("+k a,b", "525"),
      ("+k \(String(repeating: "x", count: 400))", "525"), ("+Z", "472"), ("+q bob", "472"),
      ("+o", "696"),
      ("+o nobody", "401"), ("+o cem", "441"), ("+b :two words", "696"),
    ] as [(String, String)])
  func refused(modes: String, numeric: String) throws {
    let meeting = try Meeting()
    #expect(try meeting.ann.ask("MODE #r \(modes)").commands == [numeric])
    #expect(try meeting.bob.messagesUntilNow() == [])
    #expect(try meeting.ann.ask("MODE #r").map(\.command) == ["324", "329"])
    #expect(try meeting.ann.ask("MODE #r").first?.parameters == ["ann", "#r", "+nt"])
  }

  @Test("the greatest limit is a limit")
  func greatestLimit() throws {
    let meeting = try Meeting()
    let answer = try meeting.ann.ask("MODE #r +l \(Int.max)")
    #expect(answer.map(\.parameters) == [["#r", "+l", "\(Int.max)"]])
    #expect(try meeting.cem.ask("JOIN #r").commands.first == "JOIN")
  }

  // Each in the words of Modern IRC: ERR_CHANOPRIVSNEEDED (482), ERR_NOTONCHANNEL (442), ERR_NOSUCHCHANNEL (403).
  @Test(
    "who may not change them is told",
    arguments: [
      ("bob", "MODE #r +m", "482"), ("bob", "MODE #r +o bob", "482"), ("cem", "MODE #r +m", "442"),
      ("ann", "MODE #none +m", "403"), ("bob", "MODE #r +b x", "482"),
      ("bob", "MODE #r -o ann", "482"),
      ("bob", "MODE #r +Z", "472"), ("cem", "MODE #r +v cem", "442"), ("ann", "MODE bob +i", "502"),
      ("ann", "MODE nobody +i", "401"), ("ann", "MODE", "461"),
    ])
  func forbidden(who: String, line: String, numeric: String) throws {
    let meeting = try Meeting()
    let client = ["ann": meeting.ann, "bob": meeting.bob, "cem": meeting.cem][who]!
    #expect(try client.ask(line).commands == [numeric])
  }

  @Test(
    "an assistant keeps the peace, and appoints nobody",
    arguments: [
      ("MODE #r +v zoe", "MODE"), ("MODE #r +b x", "MODE"), ("MODE #r +m", "MODE"),
      ("MODE #r +i", "MODE"),
      ("MODE #r -h bob", "MODE"), ("TOPIC #r :x", "TOPIC"), ("KICK #r zoe", "KICK"),
      ("MODE #r +o bob", "482"),
      ("MODE #r +h zoe", "482"), ("MODE #r -o ann", "482"), ("MODE #r +k x", "482"),
      ("KICK #r ann", "482"),
      ("MODE #r +s", "482"), ("MODE #r +Im x!*@*", "MODE"),
    ])
  func assistant(line: String, answer: String) throws {
    let meeting = try Meeting()
    let zoe = try meeting.server.client("zoe")
    try zoe.join("#r")
    _ = try meeting.ann.ask("MODE #r +h bob")
    _ = try meeting.bob.messagesUntilNow()
    #expect(try meeting.bob.ask(line).commands == [answer])
  }

  // RPL_BANLIST "<client> <channel> <mask> [<who> <set-ts>]", and likewise 346 to 349 (Modern IRC)
  @Test(
    "lists say who set what when",
    arguments: [("b", "367", "368"), ("e", "348", "349"), ("I", "346", "347")])
  func lists(letter: String, each: String, end: String) throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r +\(letter)\(letter) one!*@* *!two@h")
    for client in [meeting.ann, meeting.bob] {
      _ = try client.messagesUntilNow()
      let answer = try client.ask("MODE #r +\(letter)")
      #expect(answer.commands == [each, each, end])
      #expect(answer.dropLast().map { $0.parameters[2] } == ["one!*@*", "*!two@h"])
      #expect(answer[0].parameters[3] == "ann!~ann@127.0.0.1")
      #expect(Int(answer[0].parameters[4]) != nil)
      #expect(try client.ask("MODE #r \(letter)").commands == [each, each, end])
    }
    // Up to case.
    #expect(try meeting.ann.ask("MODE #r -\(letter) ONE!*@*").commands == ["MODE"])
    #expect(try meeting.ann.ask("MODE #r \(letter)").commands == [each, end])
  }

  // "473 ERR_INVITEONLYCHAN", "474 ERR_BANNEDFROMCHAN", "475 ERR_BADCHANNELKEY", "471 ERR_CHANNELISFULL"
  @Test(
    "the door opens to those it should",
    arguments: [
      ("+i", "", "473"), ("+iI cem!*@*", "", nil), ("+I cem!*@*", "", nil), ("+k key", "", "475"),
      ("+k key", " wrong", "475"), ("+k key", " KEY", "475"), ("+k key", " key", nil),
      ("+l 2", "", "471"),
      ("+l 3", "", nil), ("+l 1", "", "471"), ("+b cem!*@*", "", "474"), ("+b CEM!*@*", "", "474"),
      ("+b *!*@127.0.0.*", "", "474"), ("+be cem!*@* *!~cem@*", "", nil),
      ("+b *!*@*.example", "", nil),
      ("+ib cem!*@*", "", "474"), ("+bI cem!*@* cem!*@*", "", "474"),
    ] as [(String, String, String?)])
  func door(modes: String, key: String, refusal: String?) throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r \(modes)")
    let answer = try meeting.cem.ask("JOIN #r\(key)")
    #expect(answer.commands == (refusal.map { [$0] } ?? ["JOIN", "353", "366"]))
    guard refusal != nil else { return }
    #expect(answer.first?.parameters.prefix(2) == ["cem", "#r"])
    // An invitation opens it, once.
    _ = try meeting.ann.ask("INVITE cem #r")
    #expect(try meeting.cem.ask("JOIN #r").commands == ["INVITE", "JOIN", "353", "366"])
    _ = try meeting.ann.ask("KICK #r cem")
    #expect(try meeting.cem.ask("JOIN #r").commands == ["KICK", refusal!])
  }

  // RPL_CHANNELMODEIS "<client> <channel> <modestring> <mode arguments>..." (Modern IRC)
  @Test("all modes unset are a lone plus, and only members see the key")
  func modeIs() throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r +kl key 7")
    #expect(try meeting.ann.ask("MODE #r").first?.parameters == ["ann", "#r", "+ntkl", "key", "7"])
    #expect(try meeting.cem.ask("MODE #r").first?.parameters == ["cem", "#r", "+ntkl", "*", "7"])
    #expect(try meeting.ann.ask("MODE #r -ntkl key").first?.parameters == ["#r", "-ntkl", "*"])
    #expect(try meeting.ann.ask("MODE #r").first?.parameters == ["ann", "#r", "+"])
  }

  // "If one or more modes sent are not implemented on the server, the server MUST apply the modes that are
  // implemented, and then send the ERR_UMODEUNKNOWNFLAG in reply along with the MODE message." (Modern IRC)
  @Test(
    "one's own modes",
    arguments: [
      ("+i", ["MODE +i"]), ("+iwB", ["MODE +Biw"]), ("-w", []), ("+o", []), ("+z", ["501"]),
      ("+iz", ["MODE +i", "501"]),
      ("+i-i", []), ("", ["221"]),
    ])
  func own(modes: String, answers: [String]) throws {
    let meeting = try Meeting()
    let answer = try meeting.ann.ask("MODE ann \(modes)")
    #expect(
      answer.map { $0.command == "MODE" ? "MODE \($0.parameters[1])" : $0.command } == answers)
  }
}
