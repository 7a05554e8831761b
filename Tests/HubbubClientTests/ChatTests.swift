import IRCWire
import Testing

@testable import HubbubClient

/// What the client decides, without a terminal and without a network.
@Suite struct ChatTests {
  private static let start = Timestamp(milliseconds: 1_795_383_780_000)

  private func chat(in rooms: String..., echoes: Bool = true) -> Chat {
    var chat = Chat(nickname: "max", server: "srv", now: Self.start)
    chat.columns = 40
    chat.linkUp(
      nickname: "max", capabilities: echoes ? ["echo-message"] : [],
      supported: ["PREFIX": "(ov)@+", "CHANTYPES": "#", "STATUSMSG": "@+"], now: Self.start)
    for room in rooms { chat.join(room, key: nil) }
    for room in rooms {
      receive(
        &chat, ":max!u@h JOIN \(room)", ":s 353 max = \(room) :max @ann bob",
        ":s 366 max \(room) :End")
    }
    _ = chat.takeEffects()
    return chat
  }

  private func receive(_ chat: inout Chat, _ lines: String...) {
    for line in lines {
      guard let message = try? Message(parsing: line) else {
        Issue.record("not a message: \(line)")
        continue
      }
      chat.receive(message, now: Self.start)
    }
  }

  private func sent(_ chat: inout Chat, _ line: String) -> [String] {
    chat.typed(line, now: Self.start)
    return chat.takeEffects().compactMap { effect in
      guard case .send(let message) = effect else { return nil }
      return String(String(decoding: message.encoded(), as: UTF8.self).dropLast(1))
    }
  }

  private func shown(_ chat: inout Chat) -> [String] {
    chat.takeEffects().compactMap { effect in
      guard case .show(let line) = effect else { return nil }
      return line.plain
    }
  }

  @Test(arguments: [
    ("hello all", "PRIVMSG #x :hello all"), ("//topic", "PRIVMSG #x /topic"),
    ("/me waves", "PRIVMSG #x :\u{1}ACTION waves\u{1}"),
    ("/msg ann psst", "PRIVMSG ann psst"), ("/notice ann hm", "NOTICE ann hm"),
    ("/join dev", "JOIN #dev"),
    ("/join #dev key", "JOIN #dev key"), ("/part", "PART #x"),
    ("/part #x so long", "PART #x :so long"),
    ("/names", "NAMES #x"), ("/topic", "TOPIC #x"), ("/topic new one", "TOPIC #x :new one"),
    ("/nick moritz", "NICK moritz"), ("/away lunch", "AWAY lunch"), ("/back", "AWAY"),
    ("/whois ann", "WHOIS ann ann"),
    ("/who", "WHO #x"), ("/list", "LIST"), ("/invite cia", "INVITE cia #x"),
    ("/kick ann bad", "KICK #x ann bad"),
    ("/ban ann", "MODE #x +b ann!*@*"),
    ("/ban 192.0.2.0/24", "MODE #x +b *!*@192.0.2.0/24"), ("/ban ~m:ann", "MODE #x +b ~m:ann!*@*"),
    // Other servers know more than we do.
    ("/ban $a:ann", "MODE #x +b $a:ann"), ("/mode +o ann", "MODE #x +o ann"), ("/mode", "MODE #x"),
    ("/mode #y +i", "MODE #y +i"), ("/raw version", "VERSION"),
    ("/op ann", "MODE #x +o ann"), ("/op #y ann", "MODE #y +o ann"),
    ("/deop ann bob", "MODE #x -oo ann bob"), ("/voice bob", "MODE #x +v bob"),
    ("/devoice bob", "MODE #x -v bob"), ("/unban ann", "MODE #x -b ann!*@*"),
    ("/oper root hunter2", "OPER root hunter2"), ("/motd", "MOTD"), ("/version", "VERSION"),
    ("/version ann", "PRIVMSG ann \u{1}VERSION\u{1}"),
    ("/ctcp ann time", "PRIVMSG ann \u{1}TIME\u{1}"),
    ("/ping ann", "PRIVMSG ann :\u{1}PING 1795383780000\u{1}"),
    ("/ns help identify", "PRIVMSG NickServ :help identify"), ("/cs help", "PRIVMSG ChanServ help"),
    ("/nicks", "NAMES #x"), ("/m ann psst", "PRIVMSG ann psst"),
  ])
  func commandsSend(line: String, message: String) {
    var chat = chat(in: "#x")
    #expect(sent(&chat, line) == [message])
  }

  @Test func severalAreMadeOperatorsInAsManyLinesAsTheServerWants() {
    var chat = chat(in: "#x")
    #expect(sent(&chat, "/op a b c d") == ["MODE #x +ooo a b c", "MODE #x +o d"])
    chat.supported["MODES"] = "6"
    #expect(sent(&chat, "/op a b c d") == ["MODE #x +oooo a b c d"])
  }

  @Test func aKickBanBansFirst() {
    var chat = chat(in: "#x")
    #expect(sent(&chat, "/kickban ann go away") == ["MODE #x +b ann!*@*", "KICK #x ann :go away"])
  }

  @Test func cyclingLeavesAndEntersWithTheKeyAndTheRoomStaysOnTheScreen() {
    var chat = chat(in: "#x", "#y")
    #expect(sent(&chat, "/mode #x +k secret") == ["MODE #x +k secret"])
    #expect(sent(&chat, "/cycle") == ["PART #x", "JOIN #x"])
    receive(&chat, ":max!u@h PART #x")
    #expect(chat.prompt.plain == "#x (not in it)> ")
    receive(&chat, ":max!u@h JOIN #x")
    #expect(chat.prompt.plain == "#x> ")
  }

  @Test func onesNameIsInThePromptWhereThereIsRoom() {
    var chat = chat(in: "#x")
    chat.columns = 80
    #expect(chat.prompt.plain == "max #x> ")
    receive(&chat, ":ann!u@h MODE #x +o max")
    #expect(chat.prompt.plain == "@max #x> ")
    chat.columns = 40
    #expect(chat.prompt.plain == "#x> ")
    chat.columns = 80
    chat.typed("/set prompt-nick no", now: Self.start)
    #expect(chat.prompt.plain == "#x> ")
  }

  @Test(arguments: [(80, 24), (40, 24), (20, 10), (120, 50)])
  func helpFitsTheWindowAndEnterTurnsThePage(columns: Int, rows: Int) {
    var chat = chat(in: "#x")
    (chat.columns, chat.rows) = (columns, rows)
    chat.typed("/help", now: Self.start)
    var seen: [String] = []
    var page = shown(&chat)
    while !page.isEmpty {
      let used = page.reduce(0) { $0 + max(1, (CellWidth.of($1) + columns - 1) / columns) }
      #expect(used < rows || page.count == 2, "\(page)")
      seen += page
      chat.typed("", now: Self.start)
      page = shown(&chat)
    }
    for name in CommandName.allCases {
      #expect(seen.contains { $0.hasPrefix("/\(name.rawValue) ") }, "\(name)")
    }
    chat.typed("/help 99", now: Self.start)
    #expect(shown(&chat).last?.contains("of help.") == true)
  }

  @Test func aProgramsAnswerToAPingIsATime() {
    var chat = chat(in: "#x")
    receive(&chat, ":ann!u@h NOTICE max :\u{1}PING 1795383779958\u{1}")
    #expect(shown(&chat)[0].hasSuffix("To ann and back: 42 ms."))
  }

  @Test(arguments: [
    "/nosuch thing", "/m", "/o root hunter2", "/connect", "/connect ftp://x", "/msg :x hi",
    "/invite :ann", "/raw", "/kick", "/help", "/help join",
    "/room 7",
  ])
  func mistakesSendNothingAndAreSaid(line: String) {
    var chat = chat(in: "#x")
    chat.typed(line, now: Self.start)
    let effects = chat.takeEffects()
    #expect(!effects.contains { if case .send = $0 { true } else { false } })
    #expect(effects.contains { if case .show = $0 { true } else { false } })
  }

  @Test func ownLinesStandAtTheirTruePlaceWhereTheServerEchoes() {
    var chat = chat(in: "#x")
    chat.typed("hi", now: Self.start)
    #expect(shown(&chat).isEmpty)
    receive(&chat, ":ann!u@h PRIVMSG #x :first", ":max!u@h PRIVMSG #x :hi")
    let lines = shown(&chat)
    #expect(
      lines.count == 2 && lines[0].contains("  <ann> first") && lines[1].contains(" ›<max> hi"))
    var silent = self.chat(in: "#x", echoes: false)
    silent.typed("hi", now: Self.start)
    #expect(shown(&silent).map { $0.dropFirst(5) } == [" ›<max> hi"])
  }

  @Test func mentionsAreMarkedAndRing() {
    var chat = chat(in: "#x")
    receive(&chat, ":ann!u@h PRIVMSG #x :Max, look", ":ann!u@h PRIVMSG #x :maximum effort")
    let effects = chat.takeEffects()
    #expect(effects.filter { if case .alert = $0 { true } else { false } }.count == 1)
    #expect(effects.contains(.alert(Alert(author: "ann", room: "#x", text: "Max, look"))))
  }

  @Test func whatWaitsElsewhereIsInThePrompt() {
    var chat = chat(in: "#lobby", "#dev")
    #expect(chat.prompt.plain == "#lobby> ")
    receive(
      &chat, ":ann!u@h PRIVMSG #dev :1", ":ann!u@h PRIVMSG #dev :2", ":ann!u@h PRIVMSG max :psst")
    #expect(chat.prompt.plain == "#lobby [#dev 2, @ann 1]> ")
    #expect(chat.rooms.mostWanted == 2)
    chat.goToRoom(at: chat.rooms.mostWanted!)
    #expect(chat.prompt.plain == "@ann [#dev 2]> ")
    chat.goToRoom(at: chat.rooms.mostWanted!)
    #expect(chat.prompt.plain == "#dev> ")
  }

  @Test func anUnreadLineStandsWhereOneLeftOff() {
    var chat = chat(in: "#lobby", "#dev")
    chat.goToRoom(number: 2)
    receive(&chat, ":ann!u@h PRIVMSG #dev :seen")
    chat.goToRoom(number: 1)
    receive(&chat, ":ann!u@h PRIVMSG #dev :new")
    _ = chat.takeEffects()
    chat.goToRoom(number: 2)
    let lines = shown(&chat)
    let rule = lines.firstIndex { $0.contains("unread") }
    #expect(rule != nil && lines[rule! - 1].contains("seen") && lines[rule! + 1].contains("new"))
  }

  @Test func theChangeOfTheDayIsNoted() {
    var chat = chat(in: "#x")
    receive(&chat, "@time=2026-11-22T12:00:00.000Z :ann!u@h PRIVMSG #x :today")
    _ = chat.takeEffects()
    receive(&chat, "@time=2026-11-23T12:00:00.000Z :ann!u@h PRIVMSG #x :tomorrow")
    let lines = shown(&chat)
    #expect(lines.count == 2 && lines[0] == "── Monday, 23 November 2026 ──")
  }

  @Test func joinsAndPartsGrowIntoOneLineUntilSomethingIsSaid() {
    var chat = chat(in: "#x")
    receive(&chat, ":a!u@h JOIN #x", ":b!u@h JOIN #x", ":ann!u@h PART #x :bye", ":b!u@h QUIT :gone")
    #expect(shown(&chat).isEmpty)
    #expect(chat.openPresence?.plain.hasSuffix("a joined; ann left; b looked in") == true)
    receive(&chat, ":bob!u@h PRIVMSG #x :hm")
    let lines = shown(&chat)
    #expect(lines.count == 2 && lines[0].hasSuffix("b looked in") && lines[1].hasSuffix("<bob> hm"))
    #expect(chat.openPresence == nil)
  }

  @Test func theIgnoredAreNotHeard() {
    var chat = chat(in: "#x")
    chat.typed("/ignore ann", now: Self.start)
    _ = chat.takeEffects()
    receive(
      &chat, ":ann!u@h PRIVMSG #x :max!", ":Ann!u@h PRIVMSG max :psst",
      ":annabel!u@h PRIVMSG #x :hi")
    #expect(shown(&chat).map { $0.dropFirst(5) } == ["  <annabel> hi"])
    chat.typed("/unignore ann", now: Self.start)
    _ = chat.takeEffects()
    receive(&chat, ":ann!u@h PRIVMSG #x :back")
    #expect(shown(&chat).count == 1)
  }

  @Test func aKickIsSaidAndTheRoomStaysOpen() {
    var chat = chat(in: "#x")
    receive(&chat, ":ann!u@h KICK #x max :enough")
    #expect(shown(&chat)[0].hasSuffix("ann removed you from this room: enough"))
    #expect(chat.prompt.plain == "#x (not in it)> ")
    #expect(sent(&chat, "/join #x") == ["JOIN #x"])
  }

  @Test func leavingARoomShowsTheOther() {
    var chat = chat(in: "#a", "#b")
    receive(&chat, ":max!u@h PART #a")
    #expect(chat.prompt.plain == "#b> ")
    receive(&chat, ":max!u@h PART #b")
    #expect(chat.prompt.plain == "max> ")
    #expect(shown(&chat).last?.contains("You left #b.") == true)
  }

  @Test func modesChangePrefixes() {
    var chat = chat(in: "#x")
    receive(&chat, ":ann!u@h MODE #x +o-o bob ann")
    #expect(chat.rooms.current?.roster == ["@bob", "ann", "max"])
    #expect(shown(&chat)[0].hasSuffix("ann set mode +o-o bob ann"))
  }

  @Test func theConnectionLostIsSaidAndWhatIsTypedIsSentLater() {
    var chat = chat(in: "#x")
    chat.linkDown(reason: "The connection was lost.", pause: .seconds(1), now: Self.start)
    #expect(chat.prompt.plain == "(offline) #x> ")
    #expect(shown(&chat)[0].contains("The connection was lost."))
    #expect(sent(&chat, "anyone?").isEmpty)
    chat.linkDown(reason: "Nobody answers.", pause: .seconds(2), now: Self.start)
    let later = Timestamp(milliseconds: Self.start.milliseconds + 125_000)
    chat.linkUp(nickname: "max", capabilities: [], supported: [:], now: later)
    #expect(chat.takeEffects().contains(.send(Message("JOIN", "#x"))))
    receive(&chat, ":max!u@h JOIN #x")
    let effects = chat.takeEffects()
    #expect(effects.contains(.send(Message("PRIVMSG", "#x", "anyone?"))))
    #expect(
      chat.rooms.current?.entries.contains { $0.text.contains("Back after 2 minutes") } == true)
  }

  @Test func aTakenNameIsWonBackWhenItIsFree() {
    var chat = Chat(nickname: "max", server: "srv", now: Self.start)
    chat.linkUp(nickname: "max_", capabilities: [], supported: [:], now: Self.start)
    #expect(shown(&chat)[0].contains("The name max is taken: you are max_ until it is free."))
    chat.tick(now: Timestamp(milliseconds: Self.start.milliseconds + 21_000))
    #expect(chat.takeEffects() == [.send(Message("ISON", "max"))])
    receive(&chat, ":s 303 max_ :max")
    #expect(chat.takeEffects().isEmpty)
    receive(&chat, ":s 303 max_ :")
    #expect(chat.takeEffects() == [.send(Message("NICK", "max"))])
    receive(&chat, ":max_!u@h NICK max")
    #expect(chat.nickname == "max")
  }

  @Test func aNameAskedForByHandAndTakenIsNotAskedForAgain() {
    var chat = chat(in: "#x")
    #expect(sent(&chat, "/nick bob") == ["NICK bob"])
    receive(&chat, ":s 433 max bob :Nickname is already in use")
    #expect(shown(&chat)[0].hasSuffix("The name bob is taken."))
    receive(&chat, ":bob!u@h QUIT :bye")
    chat.tick(now: Timestamp(milliseconds: Self.start.milliseconds + 30_000))
    #expect(!chat.takeEffects().contains { if case .send = $0 { true } else { false } })
  }

  @Test func aServerWithoutISONIsSimplyAskedForTheName() {
    var chat = Chat(nickname: "max", server: "srv", now: Self.start)
    chat.linkUp(nickname: "max_", capabilities: [], supported: [:], now: Self.start)
    receive(&chat, ":s 421 max_ ISON :Unknown command")
    _ = chat.takeEffects()
    chat.tick(now: Timestamp(milliseconds: Self.start.milliseconds + 21_000))
    receive(&chat, ":s 433 max_ max :Taken")
    #expect(chat.takeEffects() == [.send(Message("NICK", "max"))])
    #expect(chat.wantedNickname == "max")
  }

  @Test func aRoomOneWasRemovedFromIsNotEnteredAgainByItself() {
    var chat = chat(in: "#x", "#y")
    receive(&chat, ":ann!u@h KICK #x max :enough")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: Self.start)
    _ = chat.takeEffects()
    chat.linkUp(nickname: "max", capabilities: [], supported: [:], now: Self.start)
    let effects = chat.takeEffects()
    #expect(effects.contains(.send(Message("JOIN", "#y"))))
    #expect(!effects.contains(.send(Message("JOIN", "#x"))))
  }

  @Test func aSilentServerIsAskedAndThenGivenUp() {
    var chat = chat(in: "#x")
    chat.tick(now: Timestamp(milliseconds: Self.start.milliseconds + 61_000))
    guard case .send(let ping)? = chat.takeEffects().first else {
      Issue.record("no PING")
      return
    }
    #expect(ping.command == "PING")
    chat.tick(now: Timestamp(milliseconds: Self.start.milliseconds + 110_000))
    #expect(chat.takeEffects() == [.hangUp])
  }

  @Test func lagIsMeasured() {
    var chat = chat(in: "#x")
    chat.typed("/lag", now: Self.start)
    _ = chat.takeEffects()
    chat.receive(
      Message("PONG", "srv", "lag"), now: Timestamp(milliseconds: Self.start.milliseconds + 12))
    #expect(shown(&chat)[0].hasSuffix("To the server and back: 12 ms."))
  }

  @Test func settingsAreRememberedOnRequest() {
    var chat = chat(in: "#x", "#y")
    chat.typed("/save", now: Self.start)
    guard case .save(let settings)? = chat.takeEffects().first else {
      Issue.record("nothing to save")
      return
    }
    #expect(settings.server == "srv" && settings.nickname == "max")
    #expect(settings.rooms.map(\.name) == ["#x", "#y"])
  }

  @Test func searchFindsWhatWasSaid() {
    var chat = chat(in: "#x")
    receive(&chat, ":ann!u@h PRIVMSG #x :the Needle here", ":bob!u@h PRIVMSG #x :hay")
    _ = chat.takeEffects()
    chat.typed("/search needle", now: Self.start)
    let lines = shown(&chat)
    #expect(lines.count == 3 && lines[1].hasSuffix("<ann> the Needle here"))
  }

  @Test(arguments: [
    ("a", ["ann"], ": "), ("hi b", ["bob"], " "), ("/to", ["/topic"], " "),
    ("/msg a", ["ann"], " "),
    ("see #x", ["#x"], " "), ("/help kic", ["kick", "kickban"], ""),
    ("/set pre", ["presence"], " "), ("zz", [], " "),
  ])
  func wordsAreCompleted(text: String, candidates: [String], suffix: String) {
    let offer = chat(in: "#x").completions(of: text)
    #expect(offer.candidates == candidates)
    if !candidates.isEmpty { #expect(offer.suffix == suffix) }
  }

  @Test func everythingFromOthersIsSafeWhenShown() {
    var chat = chat(in: "#x")
    let bad = "\u{1B}]0;x\u{7}\u{9B}2J\u{202E}"
    receive(
      &chat, ":e\(bad)!u@h PRIVMSG #x :\(bad)", ":e\(bad)!u@h JOIN #x", ":ann!u@h PART #x :\(bad)",
      ":ann\(bad)!u@h TOPIC #x :\(bad)", ":ann!u@h KICK #x bob :\(bad)",
      ":ann\(bad)!u@h INVITE max #\(bad)",
      ":s 322 max #\(bad) 1 :\(bad)", ":s 401 max \(bad) :x", "FAIL X Y :\(bad)",
      ":s 353 max = #x :e\(bad)",
      ":s 366 max #x :End", ":ann!u@h MODE #x +b \(bad)", ":ann!u@h NOTICE #x :\(bad)",
      ":e!u@h PRIVMSG max :\u{1}\(bad)\u{1}",
      ":ann!u@h WALLOPS :\(bad)", ":s 311 max ann u h * :\(bad)", ":e\(bad)!u@h PRIVMSG max :\(bad)"
    )
    chat.settlePresence()
    chat.goToRoom(number: 2)
    chat.typed("/room", now: Self.start)
    chat.typed("/names", now: Self.start)
    chat.typed("/ignore \(bad)", now: Self.start)
    chat.typed("/ignore", now: Self.start)
    let texts = shown(&chat) + [chat.prompt.plain]
    #expect(texts.count > 15)
    for scalar in texts.joined().unicodeScalars {
      #expect(
        scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value) && scalar.value != 0x202E)
    }
  }
}
