import Glibc
import HubbubSockets
import IRCWire
import TestSupport
import Testing

@testable import HubbubClient

@Suite struct TalkTests {
  @Test(arguments: [
    ("hello", TypedLine.say("hello")), ("//slash", .say("/slash")), ("   ", .nothing),
    ("", .nothing),
    ("/join #x", .command(.join, Words("#x"))), ("/j #x", .command(.join, Words("#x"))),
    ("/WHO", .command(.who, Words(""))),
    ("/msg  ann  hi  there", .command(.msg, Words("ann  hi  there"))),
    ("/nosuch", .mistake(.unknown("nosuch"))),
    ("/m x y", .command(.msg, Words("x y"))), ("/q ann", .command(.query, Words("ann"))),
    ("/n", .command(.names, Words(""))), ("/quote WHO x", .command(.raw, Words("WHO x"))),
    ("/join", .mistake(.missing(.join))), ("/msg ann", .mistake(.missing(.msg))),
    ("/", .mistake(.ambiguous("", CommandName.allCases))),
    ("/no x", .mistake(.missing(.notice))),
  ])
  func linesAreUnderstood(line: String, typed: TypedLine) { #expect(TypedLine(line) == typed) }

  @Test func everyCommandHasItsShortestBeginningAndItsHelp() {
    for name in CommandName.allCases {
      #expect(!name.help.isEmpty)
      #expect(CommandName.find(name.rawValue) == .success(name))
    }
  }

  @Test(arguments: [
    ("hello", true), (" hidden", false), ("/msg NickServ IDENTIFY x", false),
    ("/msg ann my password", true),
    ("/raw OPER a b", false), ("/raw WHO x", true), ("/join #x", true), ("/join #x key", false),
    ("/mode +k secret", false), ("/mode +o ann", true), ("/query nickserv identify x", false),
    ("", false),
    ("/ra PASS x", false), ("//msg nickserv identify", true),
  ])
  func passwordsStayOutOfTheHistory(line: String, isKept: Bool) {
    #expect(HistoryRule.keeps(line) == isKept)
  }

  @Test func pausesGrowUpToHalfAMinuteWithJitter() {
    var backoff = Backoff()
    let longest = (0..<8).map { _ in backoff.next(chance: 1) }
    #expect(longest == [1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
    backoff.reset()
    #expect(backoff.next(chance: 0) == .milliseconds(500))
  }

  @Test func fastTalkersAreSlowedDown() {
    var pace = Pace()
    let start = ContinuousClock.now
    for _ in 0..<8 { #expect(pace.pause(now: start) == .zero) }
    #expect(pace.pause(now: start) == .milliseconds(500))
    #expect(pace.pause(now: start + .seconds(10)) == .zero)
  }

  @Test func settingsAreReadAndWritten() {
    let text = """
      # mine
      server = chat.example:6667
      nick = max
      room = #lobby
      room = #dev secret
      ignore = spam!*@*
      colour = blue
      nonsense

      """
    let (settings, mistakes) = Settings.parse(text)
    #expect(settings.server == "chat.example:6667" && settings.nickname == "max")
    #expect(settings.rooms == [.init(name: "#lobby"), .init(name: "#dev", key: "secret")])
    #expect(settings.ignored == ["spam!*@*"])
    #expect(
      mistakes == ["Line 7: there is no setting called “colour”.", "Line 8 is not “name = value”."])
    var changed = settings
    changed.nickname = "moritz"
    let merged = changed.merged(into: text)
    #expect(
      merged.hasPrefix("# mine\ncolour = blue\nnonsense\n") && merged.contains("nick = moritz\n"))
    #expect(Settings.parse(merged).settings == changed)
    #expect(Settings().merged(into: "").hasPrefix("# Settings of"))
  }

  @Test func filesAreWhereXDGWantsThem() {
    let standard = UserFiles(environment: ["HOME": "/home/max"])
    #expect(standard?.settingsPath == "/home/max/.config/hubbub/settings")
    #expect(standard?.historyPath == "/home/max/.local/state/hubbub/history")
    let own = UserFiles(environment: ["XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"])
    #expect(own?.settingsPath == "/c/hubbub/settings" && own?.historyPath == "/s/hubbub/history")
    #expect(UserFiles(environment: ["XDG_CONFIG_HOME": "relative"]) == nil)
  }

  @Test func whatIsSavedGoesThroughTheUsersOwnLinkAndThroughNoOther() throws {
    let home = TemporaryDirectory()
    let files = try #require(UserFiles(environment: ["HOME": home.path]))
    try files.writeSettings("nick = max\n")
    let (victim, kept) = ("\(home.path)/victim", "\(home.path)/kept")
    for path in [victim, kept] { try SmallFile.replace(path, with: Array("as it was".utf8)) }
    #expect(symlink(victim, "\(files.settingsPath).\(getpid())") == 0)
    #expect(unlink(files.settingsPath) == 0 && symlink("../../kept", files.settingsPath) == 0)
    try files.writeSettings("nick = moritz\n")
    #expect(try SmallFile.read(victim) == Array("as it was".utf8))
    #expect(try SmallFile.read(kept) == Array("nick = moritz\n".utf8))
    #expect(try files.readSettings() == "nick = moritz\n")
  }

  @Test func aHistoryThatIsNoFileHoldsNobody() throws {
    let home = TemporaryDirectory()
    let files = try #require(UserFiles(environment: ["HOME": home.path]))
    files.appendToHistory("one")
    #expect(unlink(files.historyPath) == 0 && mkfifo(files.historyPath, 0o600) == 0)
    files.appendToHistory("two")
    #expect(files.readHistory().isEmpty)
  }

  @Test func aHistoryThatGrewTooLongIsShortened() throws {
    let home = TemporaryDirectory()
    let files = try #require(UserFiles(environment: ["HOME": home.path]))
    for number in 0..<2600 { files.appendToHistory("line \(number)") }
    #expect(files.readHistory().count == UserFiles.historyLimit)
    #expect(files.readHistory().last == "line 2599")
  }

  @Test func comingAndGoingIsCollapsed() {
    var presence = Presence(.joined("ann"))
    #expect(presence.sentence == "ann joined")
    presence.add(.joined("bob"))
    presence.add(.left("cia", reason: "bye"))
    #expect(presence.sentence == "ann and bob joined; cia left")
    presence.add(.left("ann", reason: ""))
    #expect(presence.sentence == "bob joined; cia left; ann looked in")
    for number in 0..<20 { presence.add(.joined("n\(number)")) }
    #expect(presence.sentence == "bob, n0, n1 and 18 more joined; cia left; ann looked in")
  }

  @Test func tabGoesRoundAndBack() {
    var completions = Completions()
    let offer: (String) -> CompletionOffer = { _ in
      CompletionOffer(word: "a", candidates: ["ann", "abe", "al"], suffix: ": ")
    }
    #expect(
      completions.next(before: "a", after: "", step: 1, offering: offer)
        == .init(removed: 1, inserted: "ann: "))
    #expect(
      completions.next(before: "ann: ", after: "", step: 1, offering: offer)
        == .init(removed: 5, inserted: "abe: "))
    #expect(
      completions.next(before: "abe: ", after: "", step: -1, offering: offer)
        == .init(removed: 5, inserted: "ann: "))
    #expect(
      completions.next(before: "ann: ", after: "", step: -1, offering: offer)
        == .init(removed: 5, inserted: "al: "))
    #expect(completions.next(before: "x", after: "", step: 1, offering: { _ in .none }) == nil)
  }

  @Test(arguments: [
    (401, ["ann", "No such nick"], NumericSentence.failure("There is nobody called ann.")),
    (435, ["max", "#tea", "x"], .failure("You keep your name while you are banned in #tea.")),
    (470, ["#tea", "#hall", "x"], .failure("#tea leads you on to #hall.")),
    (404, ["#x", "Cannot send to channel (+m)"], .failure("You may not speak in #x.")),
    (475, ["#x", "Cannot join"], .failure("#x needs its key: /join #x KEY")),
    (324, ["#x", "+nt"], .information("The modes of #x: +nt")),
    (322, ["#x", "1", "a topic"], .information("#x: 1 person, a topic")),
    (
      352, ["#x", "u", "h", "srv", "ann", "G@", "0 Ann A"],
      .information("ann is Ann A (u@h) in #x, away")
    ),
    (396, ["a.b.c.ip", "is now your displayed host"], .information("Others see you at a.b.c.ip.")),
    (
      696, ["#x", "b", "1.2.3.4/33", "'33' is no prefix"],
      .failure("The mode b of #x cannot be 1.2.3.4/33: '33' is no prefix.")
    ),
    (999, ["some", "words"], .information("some words")), (499, ["odd"], .failure("odd")),
    (318, ["ann", "End"], .silence), (4, ["srv", "v"], .silence),
  ])
  func numericsBecomeSentences(number: Int, parameters: [String], sentence: NumericSentence) {
    #expect(NumericSentence.of(number, parameters, me: "max") == sentence)
  }

  @Test func theFilterPrintsTabSeparatedSafeLines() throws {
    var talk = ScriptTalk(rooms: ["#x"], nickname: "max")
    let now = Timestamp(milliseconds: 0)
    let message = try Message(
      parsing: "@time=2026-11-22T21:28:15.042Z :ann!u@h PRIVMSG #x :a\tb\u{1B}[2J\u{2}c")
    #expect(
      talk.line(for: message, now: now) == "2026-11-22T21:28:15.042Z\t#x\tann\tmessage\ta b␛[2Jc")
    let action = try Message(parsing: ":ann!u@h PRIVMSG #x :\u{1}ACTION waves\u{1}")
    #expect(talk.line(for: action, now: now) == "1970-01-01T00:00:00.000Z\t#x\tann\taction\twaves")
    #expect(talk.line(for: Message("PING", "x"), now: now) == nil)
    #expect(talk.answer(to: Message("PING", "x")) == Message("PONG", "x"))
    #expect(!talk.hasEntered)
    _ = talk.answer(to: try Message(parsing: ":s 366 max #X :End"))
    #expect(talk.hasEntered)
    _ = talk.answer(to: try Message(parsing: ":s 404 max #x :Cannot send to channel"))
    #expect(talk.refusal == "You may not speak in #x.")
  }
}
