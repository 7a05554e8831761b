import IRCWire
import Testing

/// WHO with WHOX, WHOIS, WHOWAS, USERHOST, ISON.
@Suite struct PeopleTests {
  // "An exact nickname, in which case a single user is returned." "A mask pattern, in which case all visible
  // users whose nickname matches are listed." "Visible users are users who either aren't invisible (user mode
  // +i) or have a common channel with the requesting client." (Modern IRC, WHO)
  @Test(
    "WHO finds whom it should",
    arguments: [
      ("ann", ["ann"]), ("ANN", ["ann"]), ("an?", ["ann"]), ("*", ["ann", "bob", "cem"]),
      ("0", ["ann", "bob", "cem"]), ("#r", ["ann", "bob"]), ("#R", ["ann", "bob"]), ("#none", []),
      ("nobody", []), ("hid*", []), ("hidden", ["hidden"]), ("", []), ("bob,cem", []),
    ])
  func who(mask: String, nicknames: [String]) throws {
    let meeting = try Meeting()
    let hidden = try meeting.server.client("hidden")
    _ = try hidden.ask("MODE hidden +i")
    let answer = try meeting.ann.ask("WHO \(mask.isEmpty ? ":" : mask)")
    #expect(answer.dropLast().map { $0.parameters[5] }.sorted() == nicknames)
    #expect(answer.last?.command == "315")
    #expect(answer.last?.parameters[1] == (mask.isEmpty ? "*" : mask))
  }

  @Test("WHO with a mask that is longer than any may be finds nobody", arguments: [true, false])
  func longMask(isTooLong: Bool) throws {
    let meeting = try Meeting { $0.limits.maskBytes = 20 }
    let mask = String(repeating: "*", count: isTooLong ? 21 : 20)
    let answer = try meeting.ann.ask("WHO \(mask)")
    #expect(answer.commands == (isTooLong ? ["315"] : ["352", "352", "352", "315"]))
  }

  // "<client> <channel> <username> <host> <server> <nick> <flags> :<hopcount> <realname>" (RPL_WHOREPLY)
  @Test("a line of WHO says all, with the channel that was asked for")
  func whoReply() throws {
    let meeting = try Meeting(ann: ["multi-prefix"])
    _ = try meeting.ann.ask("MODE #r +hv bob bob")
    _ = try meeting.bob.ask("AWAY :tea")
    _ = try meeting.bob.ask("MODE bob +B")
    let seen = try meeting.ann.ask("WHO #R").last { $0.parameters.contains("bob") }
    #expect(
      seen?.parameters == [
        "ann", "#r", "~bob", "127.0.0.1", "hubbub.local", "bob", "G%+B", "0 bob",
      ])
    // Without multi-prefix the highest alone; by name, no channel.
    let plain = try meeting.cem.ask("WHO #r").first { $0.parameters.contains("bob") }
    #expect(plain?.parameters[6] == "G%B")
    let byName = try meeting.ann.ask("WHO bob").first
    #expect(byName?.parameters[1] == "*")
    #expect(byName?.parameters[6] == "GB")
  }

  // "Servers MUST send the fields in the order specified above." "255.255.255.255 is used for [ip] when the
  // server refuses to disclose the IP address" "0 is used for [account] when the user is logged out" "Servers
  // MUST NOT send RPL_WHOREPLY replies." (IRCv3 WHOX)
  @Test(
    "WHOX returns the fields that were asked for, in their order",
    arguments: [
      (
        "%tcuihsnfdlaor,123",
        [
          "123", "*", "~bob", "255.255.255.255", "127.0.0.1", "hubbub.local", "bob", "H",
          "0", "0", "0", "n/a", "bob",
        ]
      ),
      (
        "%roaldfnshiuct,123",
        [
          "123", "*", "~bob", "255.255.255.255", "127.0.0.1", "hubbub.local", "bob", "H",
          "0", "0", "0", "n/a", "bob",
        ]
      ),
      ("%tn,321", ["321", "bob"]), ("%na", ["bob", "0"]), ("%nq", ["bob"]), ("n%n", ["bob"]),
      ("%r", ["bob"]),
      ("%tn,1234", ["0", "bob"]), ("%tn,x", ["0", "bob"]),
    ])
  func whox(options: String, fields: [String]) throws {
    let meeting = try Meeting()
    let answer = try meeting.ann.ask("WHO bob \(options)")
    #expect(answer.commands == ["354", "315"])
    #expect(answer.first.map { Array($0.parameters.dropFirst()) } == fields)
  }

  @Test("WHO o lists operators of the server only")
  func operatorsOnly() throws {
    let meeting = try Meeting()
    #expect(try meeting.ann.ask("WHO #r o").commands == ["315"])
  }

  @Test(
    "WHOIS answers in the one form or the other, and always with its end",
    arguments: [
      ("bob", ["311", "319", "312", "317", "318"]), ("BOB", ["311", "319", "312", "317", "318"]),
      ("bob bob", ["311", "319", "312", "317", "318"]),
      ("hubbub.local bob", ["311", "319", "312", "317", "318"]),
      (" bob", ["311", "319", "312", "317", "318"]),
      ("ann", ["311", "319", "312", "338", "317", "318"]),
      ("cem", ["311", "312", "317", "318"]), ("nobody", ["401", "318"]),
      ("elsewhere.example bob", ["402"]),
      ("away", ["311", "312", "301", "317", "318"]),
      ("robot", ["311", "312", "335", "317", "318"]),
    ])
  func whois(question: String, answers: [String]) throws {
    let meeting = try Meeting()
    let away = try meeting.server.client("away")
    _ = try away.ask("AWAY :tea")
    let robot = try meeting.server.client("robot")
    _ = try robot.ask("MODE robot +B")
    #expect(try meeting.ann.ask("WHOIS \(question)").commands == answers)
  }

  @Test("a line of WHOIS each says what it should")
  func whoisLines() throws {
    let meeting = try Meeting()
    try meeting.bob.join("#own")
    let answer = try meeting.ann.ask("WHOIS bob")
    func line(_ numeric: String) -> [String]? { answer.first { $0.command == numeric }?.parameters }
    #expect(line("311") == ["ann", "bob", "~bob", "127.0.0.1", "*", "bob"])
    #expect(line("312") == ["ann", "bob", "hubbub.local", "A Hubbub chat server"])
    #expect(line("319")?.last?.split(separator: " ").sorted() == ["#r", "@#own"])
    #expect(line("317")?.count == 5)
    #expect(line("318")?.prefix(2) == ["ann", "bob"])
    // Who is invisible is seen in common rooms only.
    _ = try meeting.bob.ask("MODE bob +i")
    #expect(try meeting.ann.ask("WHOIS bob").first { $0.command == "319" }?.parameters.last == "#r")
    #expect(try meeting.cem.ask("WHOIS bob").contains { $0.command == "319" } == false)
  }

  // "The history is searched backward, returning the most recent entry first." "Servers MUST reply with either
  // ERR_WASNOSUCHNICK or a non-empty list of WHOWAS entries, both followed with RPL_ENDOFWHOWAS" "If given,
  // <count> SHOULD be a positive number. Otherwise, a full search is done."
  @Test(
    "WHOWAS tells the latest first",
    arguments: [
      ("old", ["314", "312", "314", "312", "369"]), ("OLD 1", ["314", "312", "369"]),
      ("old 2", ["314", "312", "314", "312", "369"]),
      ("old 0", ["314", "312", "314", "312", "369"]),
      ("old -1", ["314", "312", "314", "312", "369"]), ("nobody", ["406", "369"]),
      ("ol*", ["406", "369"]),
      ("", ["431"]),
    ])
  func whowas(question: String, answers: [String]) throws {
    let meeting = try Meeting()
    for name in ["first", "second"] {
      let client = try meeting.server.connect()
      try client.send("NICK old", "USER \(name) 0 * :\(name)")
      try client.expect("422")
      if name == "first" {
        #expect(try client.ask("NICK other").commands == ["NICK"])
      } else {
        try client.send("QUIT")
        _ = try client.readToEnd()
      }
    }
    let answer = try meeting.ann.ask("WHOWAS \(question)".trimmingSpace)
    #expect(answer.commands == answers)
    if answers.first == "314" {
      #expect(answer[0].parameters == ["ann", "old", "~second", "127.0.0.1", "*", "second"])
    }
  }

  // "The USERHOST command takes up to five nicknames, each a separate parameters." (Modern IRC)
  @Test("USERHOST and ISON know who is here, and who is away")
  func userHost() throws {
    let meeting = try Meeting()
    _ = try meeting.bob.ask("AWAY :tea")
    let hosts = try meeting.ann.ask("USERHOST ann bob nobody")
    #expect(hosts.map(\.parameters) == [["ann", "ann=+~ann@127.0.0.1 bob=-~bob@127.0.0.1"]])
    #expect(try meeting.ann.ask("USERHOST x x x x x ann").first?.parameters.last == "")
    #expect(
      try meeting.ann.ask("ISON BOB nobody :cem ann").first?.parameters == ["ann", "bob cem ann"])
    #expect(try meeting.ann.ask("ISON nobody").first?.parameters == ["ann", ""])
  }

  // A1
  @Test(
    "A1 names that are taken but for case, reserved, empty or far too long",
    arguments: [
      ("BOB", "433"), ("bOb", "433"), ("*", "432"), ("", "431"),
      (String(repeating: "x", count: 400), "432"),
      ("#r", "432"), ("@bob", "432"), ("b\u{131}b", "432"), ("1bob", "432"), ("-bob", "432"),
      ("a.b", "432"), ("a,b", "432"), ("a*b", "432"), ("a?b", "432"), ("a:b", "432"),
      ("a$b", "432"),
      ("a\u{7F}b", "432"), ("hubbub.local", "432"), ("b\u{F6}b", "432"), ("[bob]", "NICK"),
      ("ANN", "NICK"),
    ])
  func names(wanted: String, answer: String) throws {
    let meeting = try Meeting()
    let answers = try meeting.ann.ask("NICK :\(wanted)")
    #expect(answers.commands == [answer])
    if answer != "NICK" {
      // It has its name as before.
      // Who has the name that was wanted is asked whether it is there.
      let asked = try meeting.bob.ask("PRIVMSG ann :x").commands
      #expect(asked == (answer == "433" ? ["PING"] : []))
      #expect(try meeting.ann.messagesUntilNow().texts == ["x"])
    }
    #expect(try meeting.bob.messagesUntilNow().commands == (answer == "NICK" ? ["NICK"] : []))
  }
}

extension String {
  fileprivate var trimmingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
