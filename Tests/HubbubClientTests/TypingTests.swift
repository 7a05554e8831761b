import Glibc
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubClient

/// The client in a real pseudo-terminal: typing while things happen.
@Suite(.serialized) struct TypingTests {
  @Test func aHalfTypedLineStaysAsItIsWhenAMessageArrives() throws {
    let talk = try Conversation()
    talk.client.type("half typed 漢字 😀 line\u{1B}[D\u{1B}[D")
    talk.client.wait("the cursor") { $0.cursor == ("max #lobby> half typed 漢字 😀 line", 33) }
    talk.say("hello")
    talk.client.wait("the message above the line") {
      $0.text.contains("<ann> hello\nmax #lobby> half typed 漢字 😀 line")
        && $0.cursor == ("max #lobby> half typed 漢字 😀 line", 33)
    }
    talk.client.type("X\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby :half typed 漢字 😀 liXne")
  }

  @Test func aLineOverSeveralRowsStaysAsItIsUnderABurst() throws {
    let talk = try Conversation(columns: 40, rows: 15)
    let long = String(repeating: "wörd ", count: 20)
    talk.client.type(long)
    talk.client.wait("the line") { $0.text.contains("wörd wörd") && $0.cursor.column == 28 }
    let before = ContinuousClock.now
    talk.server.send((1...1000).map { ":bob!u@host PRIVMSG #lobby :number \($0)." })
    talk.client.wait(for: "number 1000.")
    // Bound by what this machine can do in a debug build, under other tests; the issue's 50 ms are measured elsewhere.
    #expect(ContinuousClock.now - before < .seconds(20))
    talk.client.wait("the line again") { $0.cursor.column == 28 && $0.text.hasSuffix("wörd") }
    for number in 1...1000 where talk.client.screen.text.contains("number \(number).") == false {
      Issue.record("number \(number) is missing")
    }
    talk.client.type("\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby :" + long)
  }

  @Test func aRunningSearchStaysWhenAMessageArrives() throws {
    let talk = try Conversation()
    talk.client.type("the first line\r")
    talk.client.wait(for: "<max> the first line")
    talk.client.type("another\r")
    talk.client.wait(for: "<max> another")
    talk.client.type("\u{12}first")
    talk.client.wait("the search") { $0.screen.contains("bck:first") }
    talk.say("in between")
    talk.client.wait("the message and the search") {
      $0.text.contains("<ann> in between\nmax #lobby> the first line\nbck:first")
    }
    talk.client.type("\r")
    talk.client.wait("the line found") { $0.text.components("<max> the first line") == 2 }
  }

  @Test func anESCThatWaitsForItsKeyIsNotDisturbed() throws {
    let talk = try Conversation()
    talk.client.type("one two")
    talk.client.wait(for: "one two")
    talk.client.type("\u{16}")  // ^V: the next character is taken as it is.
    talk.say("now")
    talk.client.wait(for: "<ann> now")
    talk.client.type("\u{1}")
    talk.client.wait("^A itself") { $0.cursor.line == "max #lobby> one two^A" }
  }

  @Test func whatIsTypedAheadIsNotLost() throws {
    let talk = try Conversation()
    // As somebody types while the machine is busy: all at once it would be a paste.
    talk.client.signal(SIGSTOP)
    #expect(talk.client.waitUntilStopped())
    talk.client.type((1...20).map { "line \($0)\r" }.joined() + "the rest")
    talk.client.signal(SIGCONT)
    for number in 1...20 {
      #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby :line \(number)")
    }
    talk.client.wait("the rest") { $0.cursor.line == "max #lobby> the rest" }
  }

  /// Keys, pastes and sizes at random; prints its seed. Nothing may end the client but leaving.
  @Test(arguments: [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21] as [UInt64])
  func noKeysAtAnySizeCrashIt(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let talk = try Conversation()
    let keys = [
      "a", "漢", "é", "😀", "\u{301}", "\t", "\u{1B}[A", "\u{1B}[B", "\u{1B}b", "\u{1B}[D", "\u{12}",
      "\u{7}",
      "\u{16}", "\u{B}", "\u{19}", "\u{1B}1", "\u{1B}[Z", "\u{1B}[200~x\ry\u{1B}[201~n", "\u{14}",
      "\u{1B}5", "\u{7F}",
      "\r", "\u{C}", "/h\r", "\u{1B}[99;9X", "\u{1B}O", "\u{FF}", "\u{18}\u{18}", "\u{1B}",
      "words and words ", "\u{15}",
    ]
    for step in 0..<400 {
      talk.client.type(keys.randomElement(using: &random)!)
      if step % 7 == 0 { talk.say("message \(step)") }
      if step % 23 == 0 {
        talk.client.resize(
          columns: Int.random(in: 2...120, using: &random),
          rows: Int.random(in: 1...40, using: &random))
      }
    }
    talk.client.resize(columns: 80, rows: 24)
    talk.say("still there")
    // Perhaps cut between words for the size before, of which the client heard last.
    talk.client.wait("a sign of life, seed \(seed)") { screen in
      screen.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        .contains("<ann> still there")
    }
    talk.client.type("\u{7}\u{7}n\u{3}\u{3}")
    #expect(try talk.client.end() == 0, "seed \(seed)")
    #expect(talk.client.isOrdinary)
  }

  @Test func emacsKeysWork() throws {
    let talk = try Conversation()
    talk.client.type("one two three")
    talk.client.type("\u{1B}b\u{1B}b\u{0B}\u{01}\u{19} ")  // M-b M-b ^K ^A ^Y
    talk.client.wait("the words moved") { $0.cursor.line == "max #lobby> two three one" }
    talk.client.type("\u{05}\u{17}")  // ^E ^W
    talk.client.type("\u{15}")  // ^U
    talk.client.wait("an empty line") { $0.cursor.line == "max #lobby>" }
  }

  @Test(arguments: ["👨‍👩‍👧", "🇩🇪", "👍🏽", "❤️", "e\u{301}", "é", "漢"])
  func backspaceDeleteAndArrowsTakeAWholeCharacter(character: String) throws {
    let talk = try Conversation()
    talk.client.type("ab\(character)\u{7F}c\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby abc")
    talk.client.wait("an empty line") { $0.cursor.line == "max #lobby>" }
    talk.client.type("a\(character)b\u{1B}[D\u{1B}[Dx\u{1B}[Cy\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby ax\(character)yb")
    talk.client.wait("an empty line") { $0.cursor.line == "max #lobby>" }
    talk.client.type("a\(character)b\u{1}\u{1B}[C\u{1B}[3~\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby ab")
  }

  @Test func backspaceInASearchTakesOneLetterOfWhatIsSearched() throws {
    let talk = try Conversation()
    talk.client.type("family 👨‍👩‍👧\r")
    talk.client.wait(for: "<max> family")
    talk.client.type("\u{12}famx")
    talk.client.type("\u{7F}")
    talk.client.wait("the search without its last letter") { $0.screen.contains("bck:fam") }
    talk.client.type("\u{7}\u{7}x\r")
    #expect(talk.server.receive("PRIVMSG #lobby x") == "PRIVMSG #lobby x")
  }

  @Test func controlNAndPChangeRoomsForThoseWhoAskForThat() throws {
    let talk = try Conversation(["--room", "#lobby", "--room", "#dev"])
    #expect(talk.server.receive("JOIN #dev") != nil)
    talk.client.type("/set keys rooms\r")
    talk.client.wait(for: "keys is rooms")
    talk.client.type("draft\u{E}")
    talk.client.wait("the other room") { $0.cursor.line == "max #dev> draft" }
    talk.client.type("\u{10}")
    talk.client.wait("the first") { $0.cursor.line == "max #lobby> draft" }
  }

  @Test func viKeysWorkForThoseWhoAskForThem() throws {
    let home = TemporaryDirectory()
    let file = try #require(fopen(home.path + "/.editrc", "w"))
    fputs("bind -v\n", file)
    fclose(file)
    let talk = try Conversation(home: home)
    talk.client.type("one two")
    talk.client.wait("the line") { $0.cursor.line == "max #lobby> one two" }
    talk.client.type("\u{1B}")
    talk.client.wait("the cursor on the last letter") { $0.cursor.column == 18 }
    talk.client.type("0")
    talk.client.wait("the cursor at the beginning") { $0.cursor.column == 12 }
    talk.client.type("x")
    talk.client.wait("a letter less") { $0.cursor.line == "max #lobby> ne two" }
  }

  @Test func theLineSurvivesAChangeOfTheWindow() throws {
    let talk = try Conversation(columns: 70, rows: 20)
    let text = "a line that is longer than the narrow window will be"
    talk.client.type(text)
    talk.client.wait("the line") { $0.cursor.line.hasSuffix("will be") }
    talk.client.resize(columns: 32, rows: 20)
    talk.client.wait("the line in the narrow window") {
      $0.screen.contains { $0.hasPrefix("#lobby> a line that is longer") }
        && $0.text.components("#lobby> a line") == 1 && $0.cursor.line.hasSuffix("will be")
    }
    talk.client.resize(columns: 100, rows: 30)
    talk.client.wait("the line in the wide window") { $0.cursor.line == "max #lobby> " + text }
    talk.client.type("\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby :" + text)
  }

  @Test func tabCompletesAndGoesRound() throws {
    let talk = try Conversation()
    talk.server.send(":anna!u@host JOIN #lobby")
    talk.client.wait(for: "anna joined")
    talk.client.type("an\t")
    talk.client.wait("the first candidate") { $0.cursor.line == "max #lobby> ann:" }
    #expect(talk.client.screen.text.contains("ann  anna"))
    talk.client.type("\t")
    talk.client.wait("the second candidate") { $0.cursor.line == "max #lobby> anna:" }
    talk.say("hi", as: "anna")
    talk.client.wait(for: "<anna> hi")
    talk.client.type("\u{15}/wh\t\t\u{15}an\t")
    talk.client.wait("the latest speaker first") { $0.cursor.line == "max #lobby> anna:" }
    talk.client.type("\u{15}/msg #lo\t")
    talk.client.wait("a room") { $0.cursor.line == "max #lobby> /msg #lobby" }
  }

  @Test func aPasteOfSeveralLinesAsksFirst() throws {
    let talk = try Conversation()
    talk.client.type("draft")
    talk.client.type("\u{1B}[200~one\rtwo\rthree\r\u{1B}[201~")
    talk.client.wait(for: "Send 3 lines, 13 bytes to #lobby? [y/n]")
    talk.say("in between")
    talk.client.wait(for: "<ann> in between")
    talk.client.type("n")
    talk.client.wait(for: "The paste was not sent.")
    talk.client.type("\u{1B}[200~one\r/two\r\u{1B}[201~")
    talk.client.wait(for: "Send 2 lines, 8 bytes")
    talk.client.type("\u{1B}[200~three\u{1B}[201~")
    talk.client.wait(for: "Send 3 lines, 14 bytes")
    talk.client.type("y")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby one")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby /two")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby three")
    talk.client.wait("the draft") { $0.cursor.line == "max #lobby> draft" }
  }

  @Test func aPasteOfOneLineGoesIntoTheLine() throws {
    let talk = try Conversation()
    talk.client.type("ab\u{1B}[D\u{1B}[200~x\ty\u{1B}[2Jz\u{1B}[201~")
    talk.client.wait("the paste") { $0.cursor.line == "max #lobby> ax y[2Jzb" }
  }

  @Test func aPastedLineThatIsTooLongToEditIsAskedAboutAsAWhole() throws {
    let talk = try Conversation()
    let long = String(repeating: "word ", count: 400) + "end"
    talk.client.type("\u{1B}[200~\(long)\u{1B}[201~")
    talk.client.wait(for: "Send 1 line, 2,003 bytes, as 5 messages to #lobby? [y/n]")
    talk.client.type("y")
    let parts = (1...5).map { _ in talk.server.receive("PRIVMSG #lobby :")?.dropFirst(16) ?? "" }
    #expect(parts.joined(separator: " ") == long)
  }

  @Test func namesBeyondASCIIAreCompleted() throws {
    let talk = try Conversation()
    talk.server.send(":ægir漢!u@host JOIN #lobby")
    talk.client.wait(for: "ægir漢 joined")
    talk.client.type("æ\thi\r")
    #expect(talk.server.receive("PRIVMSG") == "PRIVMSG #lobby :ægir漢: hi")
  }

  @Test func aLongMessageSaysIntoHowManyItWillBeSplit() throws {
    let talk = try Conversation()
    talk.client.type(String(repeating: "words ", count: 100))
    talk.client.wait(for: "it will be sent as 2 messages.")
    talk.client.type("\r")
    let first = try #require(talk.server.receive("PRIVMSG"))
    let second = try #require(talk.server.receive("PRIVMSG"))
    #expect(first.utf8.count <= 510 && second.hasPrefix("PRIVMSG #lobby :words"))
    talk.client.wait("the hint gone") { !$0.screen.joined().contains("it will be sent") }
  }

  @Test func roomsAreChangedWithAltAndControlKeys() throws {
    let talk = try Conversation(["--room", "#lobby", "--room", "#dev"])
    talk.client.wait("the prompt") { $0.cursor.line == "max #lobby>" }
    #expect(talk.server.receive("JOIN #dev") != nil)
    talk.say("hello dev", in: "#dev")
    talk.client.wait("what waits") { $0.cursor.line == "max #lobby [#dev 1]>" }
    talk.client.type("draft\u{1B}2")
    talk.client.wait("the other room with the draft") {
      $0.cursor.line == "max #dev> draft" && $0.text.contains("── unread ──")
        && $0.text.contains("<ann> hello dev")
    }
    talk.client.type("\u{1B}[17~")
    talk.client.wait("round to the first") { $0.cursor.line == "max #lobby> draft" }
    talk.say("hey", as: "cia", in: "max")
    talk.say("more", in: "#dev")
    talk.client.wait("what waits") { $0.cursor.line == "max #lobby [#dev 1, @cia 1]> draft" }
    talk.client.type("\u{1B}a")
    talk.client.wait("the one that wants us most") { $0.cursor.line == "max @cia [#dev 1]> draft" }
    talk.client.type("\u{1B}[1;3D")
    talk.client.wait("the one before") { $0.cursor.line == "max #dev> draft" }
  }

  @Test func controlPAndNWalkTheHistoryWhereAnInterruptedDraftIsKept() throws {
    let talk = try Conversation()
    talk.client.type("first\r")
    talk.client.wait(for: "<max> first")
    talk.client.type("draft")
    talk.client.wait("the draft") { $0.cursor.line == "max #lobby> draft" }
    talk.client.type("\u{3}")
    talk.client.wait("an empty line") { $0.cursor.line == "max #lobby>" }
    talk.client.type("\u{10}")
    talk.client.wait("the draft again") { $0.cursor.line == "max #lobby> draft" }
    talk.client.type("\u{10}")
    talk.client.wait("the line before") { $0.cursor.line == "max #lobby> first" }
    talk.client.type("\u{E}")
    talk.client.wait("the draft after it") { $0.cursor.line == "max #lobby> draft" }
  }

  @Test func historyIsKeptWithoutPasswordsAndForTheOwnerOnly() throws {
    let home = TemporaryDirectory()
    do {
      let talk = try Conversation(home: home)
      talk.client.type("remember me\r")
      talk.client.wait(for: "<max> remember me")
      talk.client.type("/msg NickServ IDENTIFY secret\r")
      #expect(talk.server.receive("PRIVMSG NickServ") != nil)
      talk.client.type("/quit\r")
      #expect(try talk.client.end() == 0)
    }
    var status = stat()
    #expect(stat(home.path + "/.local/state/hubbub/history", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let talk = try Conversation(home: home)
    talk.client.type("\u{1B}[A\u{1B}[A")
    talk.client.wait("the line of the last session") { $0.cursor.line == "max #lobby> remember me" }
  }
}

extension String {
  /// How often a text is in it.
  func components(_ part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.range(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}

extension Substring {
  fileprivate func range(of part: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
      start = index(after: start)
    }
    return nil
  }
}
