import IRCWire
import Testing

@testable import HubbubClient

/// What one said was heard, or one reads that it was not.
@Suite struct DeliveryTests {
  private static let start = Timestamp(milliseconds: 1_795_383_780_000)

  private func chat(in rooms: String...) -> Chat {
    var chat = Chat(nickname: "max", server: "srv", now: Self.start)
    chat.columns = 40
    up(&chat)
    for room in rooms { chat.join(room, key: nil) }
    for room in rooms { receive(&chat, ":max!u@h JOIN \(room)") }
    chat.goToRoom(number: 1)
    _ = chat.takeEffects()
    return chat
  }

  private func up(_ chat: inout Chat, after seconds: Int64 = 0) {
    chat.linkUp(
      nickname: "max", capabilities: ["echo-message"], supported: ["CHANTYPES": "#"],
      now: Timestamp(milliseconds: Self.start.milliseconds + seconds * 1000))
  }

  private func receive(_ chat: inout Chat, _ lines: String...) {
    for line in lines {
      if let message = try? Message(parsing: line) { chat.receive(message, now: Self.start) }
    }
  }

  private func say(_ chat: inout Chat, _ lines: String...) {
    for line in lines { chat.typed(line, now: Self.start) }
  }

  private func sent(_ chat: inout Chat) -> [Message] {
    chat.takeEffects().compactMap { if case .send(let message) = $0 { message } else { nil } }
  }

  private func texts(_ chat: Chat, _ room: String) -> [String] {
    (chat.rooms[room]?.entries ?? []).map { String(EntryRenderer.line($0).plain.dropFirst(5)) }
  }

  @Test func whatIsOnItsWayIsShownUntilItsEcho() {
    var chat = chat(in: "#x")
    say(&chat, "hi", "/me waves", "/msg ann psst")
    let notes = chat.notes(for: "").map { String($0.plain.dropFirst(5)) }
    #expect(
      notes == [
        " ›<max> hi (on its way)", " ›* max waves (on its way)",
        " ›<max> to ann: psst (on its way)",
      ])
    receive(&chat, ":max!u@h PRIVMSG #x :hi", ":max!u@h PRIVMSG #x :\u{1}ACTION waves\u{1}")
    #expect(chat.notes(for: "").count == 1)
    receive(&chat, ":max!u@h PRIVMSG ann :psst")
    #expect(chat.notes(for: "").isEmpty)
  }

  @Test func whatIsLostWithTheConnectionSaysSoInItsRoomAndIsSentAgainOnlyWhenAsked() {
    var chat = chat(in: "#x", "#y")
    say(&chat, "one", "/msg #y two")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: Self.start)
    #expect(chat.notes(for: "").isEmpty)
    #expect(texts(chat, "#x").contains(" ›<max> one (not delivered: /resend or Up)"))
    #expect(texts(chat, "#y").contains(" ›<max> two (not delivered: /resend or Up)"))
    _ = chat.takeEffects()
    up(&chat)
    receive(&chat, ":max!u@h JOIN #x", ":max!u@h JOIN #y")
    #expect(!sent(&chat).contains { $0.command == "PRIVMSG" })
    say(&chat, "/resend")
    #expect(sent(&chat) == [Message("PRIVMSG", "#x", "one")])
  }

  @Test func allKindsOfLinesAreKeptWhileThereIsNoConnection() {
    var chat = chat(in: "#x")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: Self.start)
    say(&chat, "text", "/me waves", "/msg ann psst", "/notice ann hm")
    _ = chat.takeEffects()
    up(&chat)
    receive(&chat, ":max!u@h JOIN #x")
    #expect(
      sent(&chat).filter { ["PRIVMSG", "NOTICE"].contains($0.command) } == [
        Message("PRIVMSG", "ann", "psst"), Message("NOTICE", "ann", "hm"),
        Message("PRIVMSG", "#x", "text"), Message("PRIVMSG", "#x", "\u{1}ACTION waves\u{1}"),
      ])
  }

  @Test(arguments: ["471", "473", "474", "475", "477"])
  func linesThatWaitForARoomThatRefusesAreOfferedBack(numeric: String) {
    var chat = chat(in: "#x", "#y")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: Self.start)
    say(&chat, "/msg #y late")
    up(&chat)
    receive(&chat, ":srv \(numeric) max #y :Cannot join")
    #expect(texts(chat, "#y").last { $0.contains("late") }?.contains("not delivered") == true)
    #expect(!texts(chat, "#y").contains { $0.contains("(waits)") })
    #expect(chat.rooms["#y"]?.entries.contains { $0.kind == .failure } == true)
    let strayed = chat.rooms["#x"]?.entries.contains { $0.text.contains("#y") }
    #expect(strayed == false)
    _ = chat.takeEffects()
    receive(&chat, ":max!u@h JOIN #y")
    #expect(!sent(&chat).contains { $0.command == "PRIVMSG" })
  }

  @Test func linesForARoomThatIsNotEnteredAgainAreOfferedBack() {
    var chat = chat(in: "#x", "#y")
    receive(&chat, ":ann!u@h KICK #y max :out")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: Self.start)
    say(&chat, "/msg #y late")
    up(&chat)
    #expect(texts(chat, "#y").last?.contains("late (not delivered") == true)
  }

  @Test(arguments: [
    ("/msg opp hello", ":srv 401 max opp :No such nick"),
    ("hello", ":srv 404 max #x :Cannot send to channel"),
    ("hello", "FAIL PRIVMSG MESSAGE_REFUSED #x :No"),
  ])
  func whatTheServerRefusesSaysSo(line: String, refusal: String) {
    var chat = chat(in: "#x")
    say(&chat, line)
    receive(&chat, refusal)
    #expect(chat.notes(for: "").isEmpty)
    #expect(texts(chat, "#x").contains { $0.contains("hello (not delivered: /resend or Up)") })
  }

  @Test func aLineThatTheServerChangedIsSettledAsWell() {
    var chat = chat(in: "#x")
    say(&chat, "\u{3}4red")
    receive(&chat, ":max!u@h PRIVMSG #x :red")
    #expect(chat.notes(for: "").isEmpty)
  }

  @Test func theGapIsCountedFromTheLastThingHeard() {
    var chat = chat(in: "#x")
    let noticed = Timestamp(milliseconds: Self.start.milliseconds + 113_000)
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: noticed)
    up(&chat, after: 120)
    #expect(texts(chat, "#x").contains { $0.contains("Back after 2 minutes.") })
  }

  @Test func aKickFromARoomInTheBackgroundIsUnreadAndRings() {
    var chat = chat(in: "#x", "#y")
    receive(&chat, ":ann!u@h KICK #y max :out")
    #expect(chat.prompt.plain == "#x [#y 1]> ")
    #expect(chat.takeEffects().contains { if case .alert = $0 { true } else { false } })
    say(&chat, "/room")
    #expect(texts(chat, "#x").contains("  -- 1: #x, on the screen"))
    #expect(texts(chat, "#x").contains("  -- 2: #y, you are not in it, 1 unread"))
  }

  @Test func thePartnersQuitIsShownInThePrivateTalk() {
    var chat = chat(in: "#x")
    receive(&chat, ":opp!u@h PRIVMSG max :hi", ":opp!u@h QUIT :bye")
    #expect(texts(chat, "opp").last == "  -- opp left (bye)")
  }

  @Test func talkingAfterAKickSaysHowToComeBack() {
    var chat = chat(in: "#x")
    receive(&chat, ":ann!u@h KICK #x max :out")
    say(&chat, "why?")
    #expect(sent(&chat).isEmpty)
    #expect(texts(chat, "#x").last?.contains("You are not in #x: /join #x.") == true)
  }

  @Test func whatIsSaidWhileTheRoomIsEnteredAgainFollows() {
    var chat = chat(in: "#x")
    chat.linkDown(reason: "Lost.", pause: .seconds(1), now: Self.start)
    up(&chat)
    say(&chat, "early")
    #expect(!sent(&chat).contains { $0.command == "PRIVMSG" })
    receive(&chat, ":max!u@h JOIN #x")
    #expect(sent(&chat).contains(Message("PRIVMSG", "#x", "early")))
  }
}
