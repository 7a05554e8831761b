import IRCWire
import TestSupport
import Testing

@testable import HubbubClient

/// What `/set` and the settings file can change.
@Suite struct SettingsTests {
  private static let start = Timestamp(milliseconds: 1_795_383_780_000)

  private func chat(_ settings: String = "") -> Chat {
    var chat = Chat(
      nickname: "max", server: "srv", settings: Settings.parse(settings).settings, now: Self.start)
    chat.linkUp(nickname: "max", capabilities: [], supported: ["CHANTYPES": "#"], now: Self.start)
    receive(&chat, ":max!u@h JOIN #x", ":s 353 max = #x :max ann", ":s 366 max #x :End")
    _ = chat.takeEffects()
    return chat
  }

  private func receive(_ chat: inout Chat, _ lines: String...) {
    for line in lines {
      if let message = try? Message(parsing: line) { chat.receive(message, now: Self.start) }
    }
  }

  private func typed(_ chat: inout Chat, _ line: String) -> [Effect] {
    chat.typed(line, now: Self.start)
    return chat.takeEffects()
  }

  private func shown(_ effects: [Effect]) -> [String] {
    effects.compactMap { if case .show(let line) = $0 { line.plain } else { nil } }
  }

  @Test func allAreListedAndEachIsExplained() {
    var chat = chat()
    let list = shown(typed(&chat, "/set"))
    for name in SettingName.allCases {
      #expect(list.contains { $0.hasPrefix(name.rawValue + " ") })
      let lines = shown(typed(&chat, "/set \(name.rawValue)"))
      #expect(lines.contains { $0.contains(name.explanation) })
      for choice in name.choices { #expect(lines.contains { $0.contains(choice) }) }
    }
  }

  @Test func aChangeIsSavedAndOnlyWhatDiffersStandsInTheFile() {
    var chat = chat("server = h\n")
    let effects = typed(&chat, "/set presence all")
    #expect(effects.contains { if case .save(let s) = $0 { s == chat.settings } else { false } })
    #expect(effects.contains { if case .apply = $0 { true } else { false } })
    #expect(chat.settings.merged(into: "# mine\nserver = h\n").hasSuffix("presence = all\n"))
    _ = typed(&chat, "/set presence default")
    #expect(!chat.settings.merged(into: "presence = all\n").contains("presence"))
  }

  @Test(arguments: [
    ("/set presence loud", "one of condensed, all or none"), ("/set nosuch 1", "no setting called"),
    ("/set colours maybe", "one of yes or no"), ("/set p all", "no setting called"),
  ])
  func mistakesChangeNothing(line: String, sentence: String) {
    var chat = chat()
    let before = chat.settings
    let effects = typed(&chat, line)
    #expect(chat.settings == before)
    #expect(!effects.contains { if case .save = $0 { true } else { false } })
    #expect(shown(effects).contains { $0.contains(sentence) })
  }

  @Test func aFileSaysWhatCannotBeMeant() {
    let (settings, mistakes) = Settings.parse("time = never\nbell = off\nnosuch = 1\n")
    #expect(!settings.isOn(.bell) && settings.value(of: .time) == "minutes")
    #expect(mistakes.count == 2 && mistakes[0].contains("Line 1: time is one of"))
  }

  @Test(arguments: [
    ("minutes", #"^\d\d:\d\d  <"#), ("seconds", #"^\d\d:\d\d:\d\d  <"#),
    ("12h", #"^[ 1]\d:\d\d[ap]m  <"#), ("none", #"^  <"#),
  ])
  func theClockIsReadAsOneLikes(value: String, pattern: String) throws {
    var chat = chat("time = \(value)")
    receive(&chat, ":ann!u@h PRIVMSG #x :hi")
    let line = try #require(shown(chat.takeEffects()).last)
    #expect(try Regex(pattern).firstMatch(in: line) != nil, "\(line)")
  }

  @Test(arguments: [("condensed", 0), ("all", 2), ("none", 0)])
  func presenceIsShownAsOneLikes(value: String, count: Int) {
    var chat = chat("presence = \(value)")
    receive(&chat, ":bob!u@h JOIN #x", ":bob!u@h PART #x")
    #expect(shown(chat.takeEffects()).count == count)
    #expect((chat.openPresence != nil) == (value == "condensed"))
    receive(&chat, ":cia!u@h JOIN #x")
    #expect(chat.rooms.current?.roster == ["ann", "cia", "max"])
  }

  @Test func wordsCallAsTheNameDoes() {
    var chat = chat("highlight = tea , release party")
    for text in ["some Tea?", "the release party!", "max"] {
      receive(&chat, ":ann!u@h PRIVMSG #x :\(text)")
      #expect(chat.takeEffects().contains { if case .alert = $0 { true } else { false } })
    }
    receive(&chat, ":ann!u@h PRIVMSG #x :steam")
    #expect(!chat.takeEffects().contains { if case .alert = $0 { true } else { false } })
  }

  @Test func aPasswordInACommandOnConnectIsNotShown() {
    var chat = chat("on-connect = /oper root hunter2 | /mode +B")
    for line in ["/set", "/set on-connect", "/set on-connect /ns identify hunter2"] {
      let lines = shown(typed(&chat, line))
      #expect(!lines.isEmpty && !lines.contains { $0.contains("hunter2") })
    }
  }

  @Test func commandsOnConnectAreRunBeforeRoomsAreEntered() {
    var chat = Chat(
      nickname: "max", server: "srv",
      settings: Settings.parse(
        "server = srv\non-connect = /mode +B | /ns id x|y\non-connect = /oper a b"
      ).settings,
      now: Self.start)
    chat.linkUp(nickname: "max", capabilities: [], supported: ["CHANTYPES": "#"], now: Self.start)
    let sent = chat.takeEffects().compactMap { effect -> Message? in
      if case .send(let message) = effect { message } else { nil }
    }
    #expect(
      sent == [
        Message("MODE", "max", "+B"), Message("PRIVMSG", "NickServ", "id x|y"),
        Message("OPER", "a", "b"),
      ])
  }

  @Test(
    arguments: [
      ("other", "server = srv", nil), ("srv", "", nil), ("srv", "server = srv\ntls = yes", nil),
    ] as [(String, String, String?)])
  func commandsOnConnectAreForTheirServerAlone(server: String, home: String, trust: String?) {
    var chat = Chat(
      nickname: "max", server: server,
      settings: Settings.parse("\(home)\non-connect = /ns identify hunter2").settings,
      now: Self.start)
    chat.trust = trust
    chat.linkUp(nickname: "max", capabilities: [], supported: ["CHANTYPES": "#"], now: Self.start)
    let effects = chat.takeEffects()
    #expect(
      !effects.contains {
        if case .send(let message) = $0 { message.command == "PRIVMSG" } else { false }
      })
    #expect(shown(effects).contains { $0.contains("are not run here") })
  }

  @Test func whatOneServerIsToldIsNotSetAtAnother() {
    var chat = chat("server = elsewhere\naccount = max")
    let before = chat.settings
    #expect(shown(typed(&chat, "/set on-connect /mode +B")).contains { $0.contains("elsewhere") })
    #expect(chat.settings == before)
    #expect(chat.settings.forServer("srv").value(of: .account).isEmpty)
    #expect(chat.settings.forServer("elsewhere") == before)
  }

  @Test(arguments: ["hello", "/mode +B | hello"])
  func whatIsNoCommandIsNotRunOnConnect(text: String) {
    var settings = Settings()
    let mistake = settings.set(.onConnect, to: text)
    // Behind a command it is a part of that.
    #expect((mistake == nil) == text.hasPrefix("/"))
    #expect(settings.commandsOnConnect.allSatisfy { $0.hasPrefix("/") })
  }

  @Test(arguments: [
    ("#Lobby", "#lobby"), ("../../etc", "%2e.%2f..%2fetc"), ("a/b", "a%2fb"),
    (".hidden", "%2ehidden"),
    ("#über", "#über"), ("chat.example:6667", "chat.example%3a6667"), ("", "%"),
    ("a\u{1B}b", "a%1bb"),
  ])
  func logFilesStayInTheirFolder(name: String, file: String) {
    #expect(UserFiles.fileName(name) == file)
  }
}
