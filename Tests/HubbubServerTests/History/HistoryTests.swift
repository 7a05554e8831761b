import HubbubServer
import IRCWire
import Testing

/// What was said is read again: IRCv3 draft/chathistory.
@Suite struct HistoryTests {
  // "The msgid tag that identifies each individual message in a response MUST be the msgid tag as originally sent
  // by the IRC server."
  @Test("a page shows what was said as it was said, also after a restart, and nothing twice")
  func restarted() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    let bob = try stage.reader("bob")
    try ann.join("#r")
    try bob.join("#r")
    var live: [Heard] = []
    for number in 0..<5 {
      live.append(try ann.say("from ann \(number)"))
      live.append(try bob.say("from bob \(number)"))
    }
    #expect(try ann.page("LATEST #r * 50").map(Heard.init) == live)
    try stage.restart()
    let cem = try stage.reader("cem")
    try cem.join("#r")
    #expect(try cem.page("LATEST #r * 50").map(Heard.init) == live)
    live.append(try cem.say("later"))
    let page = try cem.page("LATEST #r * 50").map(Heard.init)
    #expect(page == live)
    #expect(Set(page.map(\.id)).count == page.count)
    #expect(page.compactMap(\.time) == page.compactMap(\.time).sorted())
  }

  /// Ten messages, every two of them with the same time or not, as the clock likes.
  private static func stage() throws -> (RememberingServer, ScriptedClient, [Heard]) {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    try ann.join("#r")
    return (stage, ann, try (0..<10).map { try ann.say("\($0)") })
  }

  // "BEFORE … before and excluding", "AFTER … after and excluding", "LATEST … restricted to those sent after and
  // excluding", "BETWEEN … MUST start from and exclude the first message selector, while finishing on and excluding
  // the second - this may be forwards or backwards in time"
  @Test("every selector gives what it says, by id")
  func byID() throws {
    let (stage, ann, live) = try Self.stage()
    defer { stage.server.stop() }
    func id(_ index: Int) -> String { "msgid=\(live[index].id!)" }
    #expect(try ann.texts("LATEST #r * 3") == ["7", "8", "9"])
    #expect(try ann.texts("LATEST #r \(id(7)) 9") == ["8", "9"])
    #expect(try ann.texts("LATEST #r \(id(4)) 2") == ["8", "9"])
    #expect(try ann.texts("BEFORE #r \(id(3)) 9") == ["0", "1", "2"])
    #expect(try ann.texts("BEFORE #r \(id(3)) 2") == ["1", "2"])
    #expect(try ann.texts("AFTER #r \(id(6)) 9") == ["7", "8", "9"])
    #expect(try ann.texts("AFTER #r \(id(6)) 2") == ["7", "8"])
    #expect(try ann.texts("AROUND #r \(id(5)) 4") == ["3", "4", "5", "6"])
    #expect(try ann.texts("BETWEEN #r \(id(2)) \(id(6)) 9") == ["3", "4", "5"])
    #expect(try ann.texts("BETWEEN #r \(id(2)) \(id(6)) 2") == ["3", "4"])
    #expect(try ann.texts("BETWEEN #r \(id(6)) \(id(2)) 2") == ["4", "5"])
  }

  @Test("every selector gives what it says, by time")
  func byTime() throws {
    let (stage, ann, live) = try Self.stage()
    defer { stage.server.stop() }
    func texts(_ isWanted: (String) -> Bool) -> [String] {
      live.filter { isWanted($0.time!) }.map(\.words.last!)
    }
    for index in [0, 4, 9] {
      let time = live[index].time!
      #expect(try ann.texts("LATEST #r timestamp=\(time) 50") == texts { $0 > time })
      #expect(try ann.texts("BEFORE #r timestamp=\(time) 50") == texts { $0 < time })
      #expect(try ann.texts("AFTER #r timestamp=\(time) 50") == texts { $0 > time })
      #expect(try ann.texts("AROUND #r timestamp=\(time) 50") == texts { _ in true })
    }
    let (first, last) = (live[1].time!, live[8].time!)
    let between = texts { $0 > first && $0 < last }
    #expect(try ann.texts("BETWEEN #r timestamp=\(first) timestamp=\(last) 50") == between)
    #expect(try ann.texts("BETWEEN #r timestamp=\(last) timestamp=\(first) 50") == between)
  }

  // "If no content exists to return, an empty batch SHOULD be returned"
  @Test("paging back leads through all of it, once, and the end says that it is one")
  func paging() throws {
    let (stage, ann, live) = try Self.stage()
    defer { stage.server.stop() }
    var found: [Heard] = []
    var reference = "LATEST #r *"
    while true {
      let answer = try ann.ask("CHATHISTORY \(reference) 3")
      let page = answer.filter { $0.command == "PRIVMSG" }.map(Heard.init)
      found = page + found
      guard answer.first?.tag("draft/chathistory-end") == nil else { break }
      #expect(page.count == 3)
      reference = "BEFORE #r msgid=\(page[0].id!)"
    }
    #expect(found == live)
    #expect(try ann.page("BEFORE #r msgid=\(live[0].id!) 3") == [])
  }

  // "FAIL CHATHISTORY INVALID_PARAMS the_given_command :…", "MESSAGE_ERROR the_given_command the_given_target"
  @Test("what cannot be understood or found is answered with what is wrong")
  func faults() throws {
    let (stage, ann, live) = try Self.stage()
    defer { stage.server.stop() }
    let id = live[0].id!
    #expect(try ann.fault("") == ["INVALID_PARAMS", "*"])
    #expect(try ann.fault("NEXT #r * 5") == ["INVALID_PARAMS", "NEXT"])
    #expect(try ann.fault("LATEST #r") == ["INVALID_PARAMS", "LATEST"])
    #expect(try ann.fault("BETWEEN #r msgid=\(id) 5") == ["INVALID_PARAMS", "BETWEEN"])
    for limit in ["0", "-5", "many", "5x"] {
      #expect(try ann.fault("LATEST #r * \(limit)") == ["INVALID_PARAMS", "LATEST", limit])
    }
    #expect(try ann.fault("BEFORE #r * 5").first == "INVALID_MSGREFTYPE")
    #expect(try ann.fault("BEFORE #r id=\(id) 5").first == "INVALID_MSGREFTYPE")
    #expect(try ann.fault("BEFORE #r timestamp=now 5").first == "INVALID_PARAMS")
    for unknown in ["none", "\(id)0", id.replacing("-", with: "-0"), "x\(id)", "-1", "\(id)-"] {
      #expect(
        try ann.fault("BEFORE #r msgid=\(unknown) 5") == ["MESSAGE_ERROR", "BEFORE", "#r"],
        "\(unknown)")
    }
    try ann.join("#other")
    let elsewhere = try ann.say("elsewhere", in: "#other")
    #expect(try ann.fault("AFTER #r msgid=\(elsewhere.id!) 5").first == "MESSAGE_ERROR")
  }

  // "The draft/chathistory capability MUST be negotiated." "An ISUPPORT token MUST be sent to the client to state the
  // maximum number of messages"
  @Test("it is offered where it is kept, and nowhere else")
  func offered() throws {
    let stage = try RememberingServer { $0.history.page = 7 }
    let ann = try stage.server.connect()
    try ann.send("CAP LS 302", "CAP REQ draft/chathistory", "NICK ann", "USER a 0 * :a", "CAP END")
    let told = try ann.read { $0.command == "422" }
    #expect(
      told.contains {
        $0.parameters[1] == "LS" && $0.parameters.last!.contains("draft/chathistory")
      })
    let support = told.filter { $0.command == "005" }.flatMap(\.parameters)
    #expect(support.contains("CHATHISTORY=7") && support.contains("MSGREFTYPES=msgid,timestamp"))
    try ann.join("#r")
    for number in 0..<9 { try ann.send("PRIVMSG #r :\(number)") }
    // "Servers SHOULD NOT enforce that clients support all related capabilities"
    #expect(try ann.ask("CHATHISTORY LATEST #r * 5000").texts == (2..<9).map { "\($0)" })
    let plain = try stage.server.client("bob")
    #expect(try plain.ask("CHATHISTORY LATEST #r * 5").commands == ["421"])

    let forgetful = try TestServer()
    let cem = try forgetful.connect()
    try cem.send("CAP LS 302", "CAP REQ draft/chathistory")
    let answer = try cem.read { $0.parameters.dropFirst().first == "NAK" }
    #expect(answer[0].parameters.last?.contains("chathistory") == false)
  }

  @Test("a labelled question's batch has the label, as has its fault")
  func labelled() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann", "labeled-response")
    try ann.join("#r")
    for number in 0..<3 { try ann.send("PRIVMSG #r :\(number)") }
    _ = try ann.messagesUntilNow()
    let answer = try ann.ask("@label=x CHATHISTORY LATEST #r * 2")
    #expect(answer.commands == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"])
    #expect(answer.map { $0.tag("label") } == ["x", nil, nil, nil])
    #expect(answer[0].parameters.dropFirst().elementsEqual(["chathistory", "#r"]))
    let fault = try ann.ask("@label=y CHATHISTORY LATEST #none * 2")
    #expect(fault.commands == ["FAIL"] && fault[0].tag("label") == "y")
    let unknown = try ann.ask("@label=z CHATHISTORY BEFORE #r msgid=none 2")
    #expect(unknown.commands == ["FAIL"] && unknown[0].tag("label") == "z")
  }

  @Test("a message of several lines is one message, and as many lines as its reader knows")
  func multiline() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann", "draft/multiline")
    let bob = try stage.reader("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.send(
      "BATCH +1 draft/multiline #r", "@batch=1 PRIVMSG #r :one", "@batch=1 PRIVMSG #r :",
      "@batch=1;draft/multiline-concat PRIVMSG #r :more", "BATCH -1")
    let live = try bob.read { $0.parameters.last == "more" }.filter { $0.command == "PRIVMSG" }
    let page = try bob.page("LATEST #r * 1")
    #expect(page.map(Heard.init) == live.map(Heard.init))
    _ = try ann.messagesUntilNow()
    let whole = try ann.ask("CHATHISTORY LATEST #r * 1")
    let lines = ["PRIVMSG", "PRIVMSG", "PRIVMSG"]
    #expect(whole.commands == ["BATCH", "BATCH"] + lines + ["BATCH", "BATCH"])
    #expect(whole[1].tag("msgid") == live[0].tag("msgid"))
    #expect(whole[1].parameters.dropFirst().elementsEqual(["draft/multiline", "#r"]))
    #expect(whole.texts == ["one", "", "more"])
    #expect(whole[4].tag("draft/multiline-concat") != nil)
  }

  @Test("what programs ask each other, and who is typing, is not remembered")
  func passing() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann", "draft/event-playback")
    try ann.join("#r")
    try ann.send("PRIVMSG #r :\u{1}VERSION\u{1}", "@+typing=active TAGMSG #r")
    try ann.send("PRIVMSG #r :\u{1}ACTION waves\u{1}", "@+draft/react=x;+typing=done TAGMSG #r")
    try ann.send("NOTICE #r :note")
    _ = try ann.messagesUntilNow()
    let page = try ann.page("LATEST #r * 50").filter { $0.command != "JOIN" }
    #expect(page.commands == ["PRIVMSG", "TAGMSG", "NOTICE"])
    #expect(page[0].parameters.last == "\u{1}ACTION waves\u{1}")
    #expect(page[1].tag("+draft/react") == "x" && page[1].tag("+typing") == nil)
  }

  @Test("client-only tags come again as they were")
  func tags() throws {
    let stage = try RememberingServer()
    let ann = try stage.reader("ann")
    try ann.join("#r")
    let live = try ann.ask("@+x/y=a\\:b\\sc;+z PRIVMSG #r :tagged").last!
    let again = try ann.page("LATEST #r * 1").last!
    #expect(again.tags.filter { $0.key != "batch" } == live.tags)
    #expect(again.tag("+x/y") == "a;b c")
  }

  // "CHATHISTORY TARGETS <timestamp> <timestamp> <limit>"
  @Test("TARGETS names the rooms one is in, by when something was said there last")
  func targets() throws {
    let (stage, ann, live) = try Self.stage()
    defer { stage.server.stop() }
    let bob = try stage.reader("bob")
    try bob.join("#bobs")
    try bob.say("not for ann", in: "#bobs")
    try ann.join("#s")
    let later = try ann.say("later", in: "#s")
    func targets(_ question: String) throws -> [[String]] {
      let answer = try ann.ask("CHATHISTORY TARGETS \(question)")
      #expect(answer.first?.parameters.last == "draft/chathistory-targets")
      return answer.filter { $0.command == "CHATHISTORY" }.map(\.parameters)
    }
    let both = [["TARGETS", "#r", live[9].time!], ["TARGETS", "#s", later.time!]]
    let past = "timestamp=1970-01-01T00:00:00.000Z"
    let future = "timestamp=2970-01-01T00:00:00.000Z"
    #expect(try targets("\(past) \(future) 10") == both)
    #expect(try targets("\(future) \(past) 10") == both.reversed())
    #expect(try targets("\(future) \(past) 1") == [both[1]])
    #expect(try targets("\(past) timestamp=\(live[0].time!) 10") == [])
    #expect(try ann.fault("TARGETS msgid=a msgid=b 5").first == "INVALID_MSGREFTYPE")
  }
}
