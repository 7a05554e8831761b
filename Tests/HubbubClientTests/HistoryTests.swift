import IRCWire
import Testing

@testable import HubbubClient

/// What was said before, from a server that remembers (draft/chathistory, draft/read-marker,
/// labeled-response, draft/multiline, replies and typing), as Ergo and soju speak.
@Suite struct HistoryTests {
  private static let start = Timestamp(milliseconds: 1_795_383_780_000)
  private static let capabilities: Set<String> = [
    "batch", "draft/chathistory", "draft/multiline", "draft/read-marker", "echo-message",
    "labeled-response", "message-tags", "server-time", "soju.im/search",
  ]

  private func up(_ chat: inout Chat, after seconds: Int64 = 0) {
    chat.linkUp(
      nickname: "max", capabilities: Self.capabilities,
      supported: ["CHANTYPES": "#", "CHATHISTORY": "3"], now: at(seconds))
  }

  private func at(_ seconds: Int64) -> Timestamp {
    Timestamp(milliseconds: Self.start.milliseconds + seconds * 1000)
  }

  private func chat(in rooms: String...) -> Chat {
    var chat = Chat(nickname: "max", server: "srv", now: Self.start)
    chat.columns = 40
    up(&chat)
    for room in rooms { chat.join(room, key: nil) }
    for room in rooms { receive(&chat, ":max!u@h JOIN \(room)") }
    return chat
  }

  private func receive(_ chat: inout Chat, _ lines: String..., after seconds: Int64 = 0) {
    for line in lines {
      guard let message = try? Message(parsing: line) else {
        Issue.record("not a message: \(line)")
        continue
      }
      chat.receive(message, now: at(seconds))
    }
  }

  private func history(
    _ chat: inout Chat, of room: String, _ lines: [(id: String, second: Int64, text: String)]
  ) {
    receive(&chat, ":srv BATCH +h chathistory \(room)")
    for line in lines {
      receive(
        &chat,
        "@batch=h;msgid=\(line.id);time=\(at(line.second)) :ann!u@h PRIVMSG \(room) :\(line.text)")
    }
    receive(&chat, ":srv BATCH -h")
  }

  private func sent(_ chat: inout Chat, _ command: String) -> [String] {
    chat.takeEffects().compactMap { effect in
      guard case .send(let message) = effect, message.command == command else { return nil }
      return String(String(decoding: message.encoded(), as: UTF8.self).dropLast(1))
    }
  }

  private func shown(_ chat: inout Chat) -> [String] {
    chat.takeEffects().compactMap { if case .show(let line) = $0 { line.plain } else { nil } }
  }

  private func said(_ chat: Chat, _ room: String) -> [String] {
    (chat.rooms[room]?.entries ?? []).filter(\.isSaid).map(\.text)
  }

  @Test func aRoomThatIsEnteredIsFilledAndWhatIsSaidMeanwhileFollows() {
    var chat = chat(in: "#x")
    #expect(sent(&chat, "CHATHISTORY") == ["CHATHISTORY LATEST #x * 3"])
    receive(&chat, "@msgid=3 :ann!u@h PRIVMSG #x :three", "@msgid=4 :ann!u@h PRIVMSG #x :four")
    #expect(said(chat, "#x").isEmpty)
    history(&chat, of: "#x", [("1", -90, "one"), ("2", -60, "two"), ("3", -1, "three")])
    #expect(said(chat, "#x") == ["one", "two", "three", "four"])
    let lines = shown(&chat)
    #expect(lines.contains { $0.dropFirst(5) == "· <ann> one" })
    #expect(lines.contains { $0.dropFirst(5) == "  <ann> four" })
    #expect(chat.prompt.plain == "#x> ")
  }

  /// us                      server
  /// hear 1
  /// lose the connection
  ///                         2, 3, 4, 5 are said
  /// return, ask after 1
  ///                         2, 3, 4: the page is full
  /// ask after 4             6 is said, live
  ///                         5, 6
  @Test func whatWasMissedIsFetchedPageByPageEachMessageOnceInItsPlace() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [("1", 0, "1")])
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: at(10))
    _ = chat.takeEffects()
    up(&chat, after: 60)
    #expect(sent(&chat, "CHATHISTORY").first?.hasPrefix("CHATHISTORY TARGETS timestamp=") == true)
    receive(&chat, ":max!u@h JOIN #x", after: 60)
    #expect(sent(&chat, "CHATHISTORY") == ["CHATHISTORY AFTER #x msgid=1 3"])
    history(&chat, of: "#x", [("2", 20, "2"), ("3", 21, "3"), ("4", 22, "4")])
    #expect(sent(&chat, "CHATHISTORY") == ["CHATHISTORY AFTER #x msgid=4 3"])
    receive(&chat, "@msgid=6 :ann!u@h PRIVMSG #x :6", after: 61)
    history(&chat, of: "#x", [("5", 23, "5"), ("6", 61, "6")])
    #expect(sent(&chat, "CHATHISTORY").isEmpty)
    #expect(said(chat, "#x") == ["1", "2", "3", "4", "5", "6"])
    receive(&chat, "@msgid=6 :ann!u@h PRIVMSG #x :6", "@msgid=7 :ann!u@h PRIVMSG #x :7")
    #expect(said(chat, "#x") == ["1", "2", "3", "4", "5", "6", "7"])
  }

  @Test func whereTheServerHasForgottenTheMessageTheTimeWillDo() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [("1", 0, "1")])
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: at(10))
    up(&chat, after: 60)
    receive(&chat, ":max!u@h JOIN #x")
    _ = chat.takeEffects()
    receive(&chat, "FAIL CHATHISTORY MESSAGE_ERROR AFTER #x msgid=1 :Unknown")
    #expect(sent(&chat, "CHATHISTORY") == ["CHATHISTORY AFTER #x timestamp=\(at(0)) 3"])
    receive(&chat, "@msgid=9 :ann!u@h PRIVMSG #x :live")
    receive(&chat, "FAIL CHATHISTORY MESSAGE_ERROR AFTER #x :Broken")
    #expect(said(chat, "#x") == ["1", "live"])
  }

  @Test func aServerThatNeverAnswersHoldsNothingBackForLong() {
    var chat = chat(in: "#x")
    receive(&chat, "@msgid=1 :ann!u@h PRIVMSG #x :live")
    chat.tick(now: at(14))
    #expect(said(chat, "#x").isEmpty)
    chat.tick(now: at(16))
    #expect(said(chat, "#x") == ["live"])
    receive(&chat, ":max!u@h JOIN #y", "@msgid=2 :ann!u@h PRIVMSG #y :other")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: at(20))
    #expect(said(chat, "#y") == ["other"])
  }

  @Test func historyFetchesWhatIsOlder() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [("5", -5, "5")])
    _ = chat.takeEffects()
    chat.typed("/history", now: Self.start)
    #expect(sent(&chat, "CHATHISTORY") == ["CHATHISTORY BEFORE #x msgid=5 3"])
    history(&chat, of: "#x", [("3", -7, "3"), ("4", -6, "4"), ("5", -5, "5")])
    #expect(said(chat, "#x") == ["3", "4", "5"])
    let lines = shown(&chat)
    #expect(lines.first?.contains("what was said before") == true)
    #expect(lines.count { $0.contains("<ann>") } == 2)
  }

  @Test func aTalkThatGoesOnMeanwhileIsOpened() {
    var chat = chat(in: "#x")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: at(10))
    up(&chat, after: 60)
    _ = chat.takeEffects()
    receive(
      &chat, ":srv BATCH +t draft/chathistory-targets",
      "@batch=t CHATHISTORY TARGETS #x \(at(20))", "@batch=t CHATHISTORY TARGETS ann \(at(30))",
      ":srv BATCH -t")
    #expect(sent(&chat, "CHATHISTORY") == ["CHATHISTORY AFTER ann timestamp=\(at(0)) 3"])
    receive(
      &chat, ":srv BATCH +h chathistory ann",
      "@batch=h;msgid=1;time=\(at(30)) :ann!u@h PRIVMSG max :psst",
      "@batch=h;msgid=2;time=\(at(31)) :max!u@h PRIVMSG ann :yes?", ":srv BATCH -h")
    #expect(said(chat, "ann") == ["psst", "yes?"])
    #expect(chat.prompt.plain == "#x (not in it) [@ann 2]> ")
  }

  @Test func whatAnotherDeviceHasReadIsNoNews() {
    var chat = chat(in: "#x", "#y")
    history(&chat, of: "#x", [])
    receive(&chat, "MARKREAD #y timestamp=\(at(-30))")
    history(&chat, of: "#y", [("1", -60, "max: old"), ("2", -10, "new"), ("3", -5, "newer")])
    #expect(chat.prompt.plain == "#x [#y 2]> ")
    receive(&chat, "MARKREAD #y timestamp=\(at(-10))")
    #expect(chat.prompt.plain == "#x [#y 1]> ")
    receive(&chat, "MARKREAD #y timestamp=\(at(-20))", "MARKREAD #y *")
    #expect(chat.prompt.plain == "#x [#y 1]> ")
    _ = chat.takeEffects()
    chat.goToRoom(number: 2)
    #expect(sent(&chat, "MARKREAD") == ["MARKREAD #y timestamp=\(at(-5))"])
    chat.tick(now: at(1))
    #expect(sent(&chat, "MARKREAD").isEmpty)
  }

  @Test func aLabelSaysWhichLineWasHeardAndWhichWasRefused() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [])
    _ = chat.takeEffects()
    for _ in 0..<3 { chat.typed("same", now: Self.start) }
    let labels = sent(&chat, "PRIVMSG").map { String($0.dropFirst(7).prefix { $0 != " " }) }
    #expect(Set(labels).count == 3)
    receive(&chat, "@label=\(labels[1]) :srv 404 max #x :No")
    #expect(chat.onTheirWay.map(\.label) == [labels[0], labels[2]])
    receive(&chat, "@label=\(labels[2]);msgid=7 :max!u@h PRIVMSG #x :same")
    #expect(chat.onTheirWay.map(\.label) == [labels[0]])
    receive(
      &chat, "@label=\(labels[0]) :srv BATCH +l labeled-response",
      "@batch=l FAIL PRIVMSG NO #x :No", ":srv BATCH -l")
    #expect(chat.onTheirWay.isEmpty && chat.undelivered.count == 2)
  }

  @Test func severalLinesAreOneMessage() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [])
    _ = chat.takeEffects()
    receive(
      &chat, "@msgid=9 :ann!u@h BATCH +m draft/multiline #x",
      "@batch=m :ann!u@h PRIVMSG #x :first", "@batch=m :ann!u@h PRIVMSG #x :",
      "@batch=m :ann!u@h PRIVMSG #x :third ",
      "@batch=m;draft/multiline-concat :ann!u@h PRIVMSG #x :goes on", ":ann!u@h BATCH -m")
    #expect(said(chat, "#x") == ["first\n\nthird goes on"])
    #expect(chat.rooms["#x"]?.entries.last?.id == "9")
    let lines = shown(&chat)
    #expect(lines.count == 3 && lines[0].hasSuffix("<ann> first"))
    #expect(lines[2] == "             third goes on")
  }

  @Test func answersAndReactionsSayToWhat() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [("1", -5, "shall we have tea?")])
    _ = chat.takeEffects()
    receive(
      &chat, "@msgid=2;+draft/reply=1 :bob!u@h PRIVMSG #x :yes",
      "@+draft/react=👍;+draft/reply=2 :cia!u@h TAGMSG #x", "@+draft/reply=99 :bob!u@h PRIVMSG #x :?"
    )
    let lines = shown(&chat).map { $0.dropFirst(5) }
    #expect(
      lines == [
        "  <bob> (to ann: “shall we have tea?”) yes", "  -- cia reacts with 👍 to bob: “yes”",
        "  <bob> ?",
      ])
  }

  @Test func whoTypesIsInThePromptUntilTheySayItOrStop() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [])
    chat.columns = 80
    receive(&chat, "@+typing=active :ann!u@h TAGMSG #x")
    #expect(chat.prompt.plain == "max #x (ann types)> ")
    receive(&chat, "@+typing=active :bob!u@h TAGMSG #x", ":ann!u@h PRIVMSG #x :hi")
    #expect(chat.prompt.plain == "max #x (bob types)> ")
    chat.tick(now: at(7))
    #expect(chat.prompt.plain == "max #x> ")
    receive(&chat, "@+typing=paused :bob!u@h TAGMSG #x", "@+typing=done :bob!u@h TAGMSG #x")
    #expect(chat.prompt.plain == "max #x> ")
  }

  @Test func othersAreToldThatOneTypesOnlyWhereThatIsWanted() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [])
    _ = chat.takeEffects()
    chat.typing("secret", now: at(0))
    #expect(sent(&chat, "TAGMSG").isEmpty)
    chat.typed("/set typing yes", now: at(0))
    _ = chat.takeEffects()
    chat.typing("/msg ann x", now: at(1))
    #expect(sent(&chat, "TAGMSG").isEmpty)
    for (index, draft) in ["h", "he", "hel", "hell"].enumerated() {
      chat.typing(draft, now: at(1 + Int64(index)))
    }
    // At second 1 and at second 4.
    #expect(sent(&chat, "TAGMSG") == Array(repeating: "@+typing=active TAGMSG #x", count: 2))
    chat.typing("hell", now: at(30))
    #expect(sent(&chat, "TAGMSG").isEmpty)
    chat.typing("", now: at(31))
    #expect(sent(&chat, "TAGMSG") == ["@+typing=done TAGMSG #x"])
  }

  @Test func theServerIsSearchedWhereItCanBe() {
    var chat = chat(in: "#x")
    history(&chat, of: "#x", [])
    _ = chat.takeEffects()
    chat.typed("/search tea; please", now: Self.start)
    #expect(sent(&chat, "SEARCH") == ["SEARCH in=#x;text=tea\\:\\splease;limit=50"])
    receive(
      &chat, ":srv BATCH +s soju.im/search",
      "@batch=s;msgid=1;time=\(at(-9)) :ann!u@h PRIVMSG #x :tea please", ":srv BATCH -s")
    #expect(shown(&chat).contains { $0.hasSuffix("<ann> tea please") })
    #expect(said(chat, "#x").isEmpty)
  }

  @Test func aHostileServersBatchesAreBounded() {
    var chat = chat(in: "#x")
    for number in 0..<1000 { receive(&chat, ":srv BATCH +b\(number) chathistory #x") }
    receive(&chat, ":srv BATCH -nosuch", ":srv BATCH", ":srv BATCH +", ":srv BATCH +x")
    receive(&chat, "@batch=b999 :ann!u@h PRIVMSG max :heard all the same")
    #expect(said(chat, "ann") == ["heard all the same"])
    for _ in 0..<6000 { receive(&chat, "@batch=b1 :ann!u@h PRIVMSG #z :x") }
    receive(&chat, ":srv BATCH -b1")
    #expect((chat.rooms["#x"]?.entries.count ?? 0) <= Room.entryLimit)
  }
}
