import Testing

@testable import HubbubClient

@Suite struct InputDecoderTests {
  private func events(_ pieces: String...) -> [InputDecoder.Event] {
    var decoder = InputDecoder()
    var events: [InputDecoder.Event] = []
    for piece in pieces {
      decoder.feed(piece.utf8)
      while let event = decoder.next() { events.append(event) }
    }
    return events
  }

  @Test func charactersComeAsTheyAre() {
    #expect(events("aé漢😀\r") == ["a", "é", "漢", "😀", "\r"].map { .scalar($0) })
  }

  @Test func aCharacterCutInTwoIsPutTogether() {
    var decoder = InputDecoder()
    decoder.feed([0xE6, 0xBC])
    #expect(decoder.next() == nil)
    decoder.feed([0xA2])
    #expect(decoder.next() == .scalar("漢"))
  }

  @Test func bytesThatAreNoUTF8AreDropped() {
    var decoder = InputDecoder()
    decoder.feed([0xFF, 0xC3, 0x61, 0xC2, 0x85, 0x62])
    #expect(decoder.next() == .scalar("a"))
    #expect(decoder.next() == .scalar("b"))
    #expect(decoder.next() == nil)
  }

  @Test(arguments: [
    ("\u{1B}[A", Key.up), ("\u{1B}OB", .down), ("\u{1B}[C", .right), ("\u{1B}[1;5D", .wordLeft),
    ("\u{1B}[1;5C", .wordRight),
    ("\u{1B}[1;3C", .nextRoom), ("\u{1B}[1;3D", .previousRoom), ("\u{1B}[17~", .nextRoom),
    ("\u{1B}[15~", .previousRoom), ("\u{1B}[H", .home), ("\u{1B}[4~", .end), ("\u{1B}[3~", .delete),
    ("\u{1B}[Z", .backTab), ("\u{1B}3", .room(3)), ("\u{1B}a", .mostWanted),
  ])
  func keysAreKnown(sequence: String, key: Key) {
    #expect(events(sequence) == [.key(key)])
    // Cut anywhere, it is the same key.
    var decoder = InputDecoder()
    var found: [InputDecoder.Event] = []
    for byte in sequence.utf8 {
      decoder.feed([byte])
      while let event = decoder.next() { found.append(event) }
    }
    #expect(found == [.key(key)])
  }

  @Test func unknownSequencesAreSwallowed() {
    #expect(events("\u{1B}[25~\u{1B}[[Ax\u{1B}[?1;2cy") == [.scalar("x"), .scalar("y")])
  }

  @Test func altAndAKeyIsESCAndTheKey() {
    #expect(events("\u{1B}b") == [.scalar("\u{1B}"), .scalar("b")])
  }

  @Test func aLoneESCIsDecidedByTime() {
    var decoder = InputDecoder()
    decoder.feed([0x1B])
    #expect(decoder.next() == nil)
    #expect(decoder.isUndecided)
    #expect(decoder.giveUpWaiting() == .scalar("\u{1B}"))
    #expect(decoder.next() == nil)
    #expect(!decoder.isUndecided)
  }

  @Test func aPasteIsOneEventHoweverItArrives() {
    #expect(
      events("x\u{1B}[20", "0~one\rtwo", "\u{1B}[2", "01~y")
        == [.scalar("x"), .paste("one\rtwo"), .scalar("y")])
  }

  @Test func aPasteCannotSmuggleAnEscapeSequence() {
    #expect(events("\u{1B}[200~a\u{1B}[31mb\u{1B}[201~") == [.paste("a[31mb")])
  }
}
