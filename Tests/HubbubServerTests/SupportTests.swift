import HubbubServer
import IRCWire
import Testing

/// Each token of ISUPPORT (005), and that it is true.
@Suite struct SupportTests {
  // "<client> <1-13 tokens> :are supported by this server" (Modern IRC, RPL_ISUPPORT)
  @Test("the lines have the form that clients expect, and every token a test below")
  func form() throws {
    let server = try TestServer()
    let client = try server.connect()
    try client.send("NICK ann", "USER a 0 * :A")
    let lines = try client.read { $0.command == "422" }.filter { $0.command == "005" }
    for line in lines {
      #expect((3...15).contains(line.parameters.count))
      #expect(line.parameters.first == "ann")
      #expect(line.parameters.joined().utf8.allSatisfy { $0 < 0x80 })
      #expect(line.encoded().count <= 512)
    }
    let names = lines.flatMap { $0.parameters.dropFirst().dropLast() }
      .map { String($0.split(separator: "=", maxSplits: 1)[0]) }
    #expect(names.sorted() == Self.proven.sorted())
  }

  private static let proven = [
    "AWAYLEN", "BOT", "CASEMAPPING", "CHANLIMIT", "CHANMODES", "CHANNELLEN", "CHANTYPES", "ELIST",
    "EXCEPTS", "EXTBAN", "HOSTLEN", "INVEX", "KICKLEN", "MAXLIST", "MAXTARGETS", "MODES", "MONITOR",
    "NAMELEN",
    "NETWORK", "NICKLEN",
    "PREFIX", "SAFELIST", "STATUSMSG", "TARGMAX", "TOPICLEN", "USERLEN", "UTF8ONLY", "WHOX",
  ]

  @Test(
    "a length is the greatest that is taken whole",
    arguments: [
      ("NICKLEN", "NICK ", "NICK"), ("CHANNELLEN", "JOIN #", "JOIN"),
      ("TOPICLEN", "TOPIC #r :", "TOPIC"),
      ("KICKLEN", "KICK #r bob :", "KICK"), ("AWAYLEN", "AWAY :", "AWAY"),
      ("NAMELEN", "SETNAME :", "SETNAME"),
    ], [0, 1])
  func lengths(length: (token: String, line: String, answer: String), over: Int) throws {
    let meeting = try Meeting(ann: ["setname"], bob: ["away-notify"])
    let limit = try #require(Int(try value(length.token, meeting) ?? ""))
    // A channel's length counts its sign.
    let wanted = String(
      repeating: "x", count: limit + over - (length.token == "CHANNELLEN" ? 1 : 0))
    let listener = length.answer == "AWAY" ? meeting.bob : meeting.ann
    _ = try meeting.ann.ask(length.line + wanted).first.map { first in
      if length.answer != "AWAY" {
        let isCut = ["TOPIC", "KICK"].contains(length.answer)
        #expect((first.command == length.answer) == (over == 0 || isCut))
        if first.command == length.answer {
          let kept = first.parameters.last ?? ""
          #expect(kept.utf8.count == limit)
        } else {
          #expect(["432", "403", "FAIL"].contains(first.command))
        }
      }
    }
    if length.answer == "AWAY" {
      #expect(try listener.messagesUntilNow().first?.parameters.first?.utf8.count == limit)
    }
  }

  @Test("USERLEN and HOSTLEN are never passed")
  func userLength() throws {
    let meeting = try Meeting()
    let client = try meeting.server.connect()
    try client.send("NICK long", "USER \(String(repeating: "u", count: 100)) 0 * :L")
    try client.expect("422")
    let user = try client.ask("WHOIS long").first?.parameters
    #expect(user?[2].utf8.count == Int(try value("USERLEN", meeting) ?? ""))
    #expect((user?[3].utf8.count ?? .max) <= (Int(try value("HOSTLEN", meeting) ?? "") ?? 0))
  }

  @Test("CHANLIMIT=#:n lets into n rooms and into no more")
  func channelLimit() throws {
    let meeting = try Meeting { $0.limits.roomsPerClient = 3 }
    #expect(try value("CHANLIMIT", meeting) == "#:3")
    #expect(
      try meeting.cem.ask("JOIN #1,#2,#3,#4").filter { $0.command != "353" && $0.command != "366" }
        .commands == ["JOIN", "JOIN", "JOIN", "405"])
  }

  @Test("TARGMAX and MAXTARGETS: so many targets and no more")
  func targets() throws {
    let meeting = try Meeting {
      $0.limits.targetsPerCommand = 2
      $0.limits.roomsPerClient = 4
    }
    let token = try #require(try value("TARGMAX", meeting))
    #expect(try value("MAXTARGETS", meeting) == "2")
    let limits = token.split(separator: ",").map {
      $0.split(separator: ":", omittingEmptySubsequences: false)
    }
    #expect(limits.allSatisfy { $0.count == 2 && ($0[1].isEmpty || Int($0[1]) != nil) })
    let byName = Dictionary(uniqueKeysWithValues: limits.map { (String($0[0]), Int($0[1])) })
    for command in ["PRIVMSG", "NOTICE", "TAGMSG", "KICK", "NAMES"] {
      #expect(byName[command] == 2)
    }
    #expect(try meeting.ann.ask("PRIVMSG bob,cem :x") == [])
    #expect(try meeting.ann.ask("PRIVMSG bob,cem,ann :x").commands == ["407"])
    #expect(try meeting.ann.ask("NOTICE bob,cem,ann :x") == [])
    #expect(try meeting.ann.ask("KICK #r a,b,c").commands == ["407"])
    _ = try meeting.ann.ask("JOIN #1,#2,#3")
    #expect(try meeting.ann.ask("NAMES #1,#2").commands == ["353", "366", "353", "366"])
    #expect(try meeting.ann.ask("NAMES #1,#2,#3").commands == ["407"])
    #expect(byName["PART"] == .some(nil))
    #expect(try meeting.ann.ask("PART #1,#2,#3").commands == ["PART", "PART", "PART"])
    #expect(byName["WHOIS"] == 2)
    #expect(byName["WHOWAS"] == 2)
    #expect(try meeting.ann.ask("WHOIS ann,bob,cem").commands == ["407"])
    #expect(byName["JOIN"] == 4)
    let joined = try meeting.cem.ask("JOIN #4,#4,#4,#4,#4,#5").commands
    #expect(joined.filter { $0 == "JOIN" }.count == 2)
    #expect(!joined.contains("405"))
    _ = try meeting.ann.ask("MODE #r +k tea")
    _ = try meeting.cem.ask("PART #4,#r")
    #expect(
      try meeting.cem.ask("JOIN #r,#r,#r x,tea,tea").commands.prefix(2) == ["475", "JOIN"])
    #expect(try meeting.cem.ask("JOIN #r,#r,#r,#r,#r,0,1,2,3").commands.last == "405")
    #expect(try meeting.bob.messagesUntilNow().texts == ["x"])
  }

  @Test("MODES=n takes n changes, flags not counted, and says where there are more")
  func modes() throws {
    let meeting = try Meeting { $0.limits.modesPerCommand = 3 }
    #expect(try value("MODES", meeting) == "3")
    let answer = try meeting.ann.ask("MODE #r +bbCmsib-nt a b c d")
    #expect(answer.commands == ["MODE"])
    #expect(answer.first?.parameters[1] == "+bbCmsib-nt")
    let more = try meeting.ann.ask("MODE #r +bbbb e f g h")
    #expect(more.commands == ["NOTICE", "MODE"])
    #expect(more.last?.parameters[1] == "+bbb")
  }

  @Test("MAXLIST=b:n,e:n,I:n keeps n masks in each list")
  func maskLists() throws {
    let meeting = try Meeting { $0.limits.masksPerList = 2 }
    #expect(try value("MAXLIST", meeting) == "b:2,e:2,I:2")
    for letter in ["b", "e", "I"] {
      let answer = try meeting.ann.ask("MODE #r +\(String(repeating: letter, count: 3)) x y z")
      #expect(answer.commands == ["MODE", "478"])
      #expect(answer.last?.parameters.prefix(3) == ["ann", "#r", "z!*@*"])
    }
  }

  @Test("MONITOR=n watches n people")
  func monitor() throws {
    let meeting = try Meeting { $0.limits.watchedPeople = 2 }
    #expect(try value("MONITOR", meeting) == "2")
    #expect(try meeting.ann.ask("MONITOR + x,y").commands == ["731"])
    #expect(try meeting.ann.ask("MONITOR + z").commands == ["734"])
  }

  @Test("CHANMODES, EXCEPTS, INVEX and PREFIX name the modes that there are, and their kinds")
  func channelModes() throws {
    let meeting = try Meeting()
    let kinds = try #require(try value("CHANMODES", meeting)).split(separator: ",").map(String.init)
    #expect(kinds == ["beI", "k", "fl", "CMRUimnrst"])
    #expect(kinds[0].contains(try value("EXCEPTS", meeting)!))
    #expect(kinds[0].contains(try value("INVEX", meeting)!))
    _ = try meeting.ann.ask("MODE #r -nt")
    // A registered room is no wish of anybody's.
    #expect(try meeting.ann.ask("MODE #r +r") == [])
    for letter in kinds[3] where letter != "r" {
      #expect(try meeting.ann.ask("MODE #r +\(letter)").first?.parameters == ["#r", "+\(letter)"])
      #expect(try meeting.ann.ask("MODE #r -\(letter)").first?.parameters == ["#r", "-\(letter)"])
    }
    #expect(try meeting.ann.ask("MODE #r +\(kinds[1])").commands == ["696"])
    #expect(try meeting.ann.ask("MODE #r +\(kinds[2])").commands == ["696", "696"])
    let prefixes = try #require(try value("PREFIX", meeting))
    #expect(prefixes == "(ohv)@%+")
    for (letter, prefix) in [("v", "+"), ("h", "%"), ("o", "@")] {
      _ = try meeting.ann.ask("MODE #r +\(letter) bob")
      #expect(try meeting.ann.ask("NAMES #r").first?.parameters.last == "@ann \(prefix)bob")
    }
  }

  @Test("STATUSMSG names the prefixes that can be spoken to")
  func statusMessage() throws {
    let meeting = try Meeting()
    _ = try meeting.ann.ask("MODE #r +o bob")
    for prefix in try #require(try value("STATUSMSG", meeting)) {
      #expect(try meeting.ann.ask("PRIVMSG \(prefix)#r :x") == [])
      #expect(try meeting.bob.messagesUntilNow().last?.parameters == ["\(prefix)#r", "x"])
    }
    // What is no prefix is no room either.
    #expect(try meeting.ann.ask("PRIVMSG &#r :x").commands == ["401"])
  }

  @Test("CASEMAPPING=ascii: A to Z are a to z, and no other letters are the same")
  func caseMapping() throws {
    let meeting = try Meeting()
    #expect(try value("CASEMAPPING", meeting) == "ascii")
    _ = try meeting.ann.ask("JOIN #Foo]")
    #expect(try meeting.cem.ask("JOIN #fOO]").first?.parameters == ["#Foo]"])
    #expect(try meeting.cem.ask("JOIN #Foo}").first?.parameters == ["#Foo}"])
    #expect(try meeting.cem.ask("JOIN #\u{C9}").first?.parameters == ["#\u{C9}"])
    #expect(try meeting.cem.ask("JOIN #\u{E9}").first?.parameters == ["#\u{E9}"])
  }

  @Test("CHANTYPES=#: nothing else is a room")
  func channelTypes() throws {
    let meeting = try Meeting()
    #expect(try value("CHANTYPES", meeting) == "#")
    for sign in ["&", "+", "!", ""] {
      #expect(try meeting.ann.ask("JOIN \(sign)x").commands == ["403"])
    }
  }

  @Test("UTF8ONLY, BOT, WHOX, ELIST, SAFELIST and NETWORK", arguments: ["label", nil])
  func others(label: String?) throws {
    let meeting = try Meeting(ann: ["batch", "labeled-response"]) { $0.networkName = "TestNet" }
    #expect(try value("NETWORK", meeting) == "TestNet")
    #expect(try value("ELIST", meeting) == "CMNTU")
    for token in ["UTF8ONLY", "WHOX", "SAFELIST"] { #expect(try value(token, meeting) == "") }
    #expect(try value("BOT", meeting) == "B")
    #expect(try meeting.ann.ask("MODE ann +B").first?.parameters == ["ann", "+B"])
    let tag = label.map { "@label=\($0) " } ?? ""
    try meeting.ann.connection.send(bytes: Array("\(tag)PRIVMSG #r :\u{1}".utf8) + [0xFF, 13, 10])
    let failure = try meeting.ann.expect("FAIL")
    #expect(failure.parameters.prefix(2) == ["PRIVMSG", "INVALID_UTF8"])
    #expect(failure.tags == [label.map { Tag("label", $0) }].compactMap(\.self))
  }

  @Test("SAFELIST: a LIST that is longer than the limit of the lag ends nobody who reads it")
  func safeList() throws {
    let meeting = try Meeting { configuration in
      configuration.limits.sendLagBytes = 512 * 1024
      let topic = String(repeating: "t", count: 300)
      configuration.rooms = (0..<8000).map { .init(name: "#room\($0)", topic: topic) }
    }
    #expect(try meeting.cem.ask("LIST").filter { $0.command == "322" }.count == 8001)
  }

  /// The value of a token; "" where it has none, nil where there is no such token.
  private func value(_ name: String, _ meeting: Meeting) throws -> String? {
    let tokens = try meeting.cem.ask("VERSION").filter { $0.command == "005" }.flatMap(\.parameters)
    let token = tokens.first { $0 == name || $0.hasPrefix("\(name)=") }
    return token.map { $0 == name ? "" : String($0.dropFirst(name.count + 1)) }
  }
}
