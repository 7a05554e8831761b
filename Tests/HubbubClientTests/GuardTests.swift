import Glibc
import Testing

@testable import HubbubClient

/// What a paste, a habit or a slip of the finger must not do.
@Suite struct GuardTests {
  @Test(arguments: [
    "/oper root hunter2", "/ns identify hunter2", "/nickserv identify hunter2",
    "/identify hunter2", "/m nickserv identify hunter2", "/quote PASS hunter2", "/id hunter2",
    "/opre root hunter2", "/ns id hunter2", "/NickServ SET PASSWORD hunter2",
    "/msg nickserv@services.example identify hunter2",
    "/raw :max PRIVMSG NickServ :identify hunter2", "/raw JOIN #x hunter2",
    "/quote MODE #x +k hunter2", "/mode #x -k hunter2", "/q x login max hunter2",
    "/notice AuthServ auth max hunter2", "/msg *status password hunter2", "ns identify hunter2",
    "oper root hunter2", "//msg nickserv identify hunter2", "/nosuch hunter2", "\toper x hunter2",
    "identify hunter2", "/set on-connect /ns identify hunter2", "/set on-connect /oper bob hunter2",
    "/connect ircs://bob:hunter2@chat.example", "/connect irc://h/#room?hunter2",
  ])
  func passwordsNeverReachTheHistory(line: String) {
    #expect(!HistoryRule.keeps(line, to: "NickServ"))
    #expect(!HistoryRule.keeps(line, to: "#x"))
  }

  @Test(arguments: [
    "hello", "/msg ann my password", "/raw WHO x", "/join #x", "/mode +o ann",
    "//msg nickserv identify", "/msg nickserv help identify", "/me identifies itself",
  ])
  func otherLinesAreKept(line: String) { #expect(HistoryRule.keeps(line, to: "#x")) }

  @Test func whatATalkWithAServiceHoldsIsNotKept() {
    #expect(!HistoryRule.keeps("identify hunter2", to: "NickServ"))
    #expect(HistoryRule.keeps("help identify", to: "NickServ"))
  }

  @Test func aPasteWithoutItsEndEndsByTime() {
    var decoder = InputDecoder()
    decoder.feed("\u{1B}[200~one\rtwo".utf8)
    #expect(decoder.next() == nil && decoder.isPasting)
    #expect(decoder.giveUpWaiting() == .paste("one\rtwo"))
    decoder.feed("x".utf8)
    #expect(decoder.next() == .scalar("x"))
  }

  @Test func controlCByItselfIsAKeyEvenInAPaste() {
    var decoder = InputDecoder()
    decoder.feed("\u{1B}[200~one".utf8)
    #expect(decoder.next() == nil)
    decoder.feed([3])
    #expect(decoder.next() == .scalar("\u{3}"))
    #expect(!decoder.isPasting)
  }

  @Test func aPasteIsWholeOrRefusedWithItsSize() {
    for size in [100_000, InputDecoder.pasteLimitBytes, InputDecoder.pasteLimitBytes + 1] {
      var decoder = InputDecoder()
      decoder.feed("\u{1B}[200~\(String(repeating: "x", count: size))\u{1B}[201~".utf8)
      if size <= InputDecoder.pasteLimitBytes {
        #expect(decoder.next() == .paste(String(repeating: "x", count: size)))
      } else {
        #expect(decoder.next() == .hugePaste(bytes: size))
      }
    }
  }

  @Test func aPasteOfTooManyMessagesIsRefusedWithFigures() {
    var question = PasteQuestion(room: "#x")
    question.add(Array(repeating: "line", count: 1000)) { _ in 1 }
    #expect(question.refusal == nil)
    question.add(Array(repeating: "line", count: 1000)) { _ in 1 }
    #expect(question.refusal?.contains("2,000 lines, 9,999 bytes") == true)
    #expect(question.refusal?.contains("1,500") == true)
  }

  @Test(arguments: [
    ("one\rtwo\rthree", true), ("one\r\rtwo\r", true), ("/quit\r", false), ("one line\r", false),
    ("one\u{1B}[Atwo\r", false), ("\r\r\r\r", false), ("漢字\r漢字", true),
  ])
  func severalLinesAtOnceAreAPaste(text: String, isPaste: Bool) {
    let burst = KeyBurst(Array(text.utf8))
    #expect((burst.paste(isContinuing: false, lineLimit: 1000) != nil) == isPaste)
  }

  @Test func enterIsNoAnswerAndBelongsToTheOneBefore() throws {
    let talk = try Conversation()
    talk.client.type("draft\u{1B}[200~one\rtwo\r\u{1B}[201~\r\r")
    talk.client.wait(for: "Send 2 lines")
    talk.client.type("\u{3}")
    talk.client.wait(for: "The paste was not sent.")
    talk.client.type("\u{15}\u{1B}[200~three\rfour\u{1B}[201~")
    talk.client.wait(for: "Send 2 lines")
    talk.client.type("y")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby three")
  }

  @Test func aPasteWithoutMarksAsksAsWell() throws {
    let talk = try Conversation()
    talk.client.type("u1\ru2\ru3")
    talk.client.wait(for: "Send 3 lines")
    talk.client.type("n")
    talk.client.wait(for: "The paste was not sent.")
    #expect(!talk.server.received.contains { $0.hasPrefix("PRIVMSG") })
  }

  @Test func aBrokenPasteLeavesTheKeyboardAlone() throws {
    let talk = try Conversation()
    talk.client.type("\u{1B}[200~lost")
    talk.client.wait("the paste") { $0.cursor.line == "max #lobby> lost" }
    talk.client.type("\u{3}")
    talk.client.wait("an empty line") { $0.cursor.line == "max #lobby>" }
  }
}
