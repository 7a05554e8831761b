import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubClient

@Suite struct TextTests {
  @Test(arguments: [
    ("plain text, Ünïcödé 漢字 👩‍👩‍👧", "plain text, Ünïcödé 漢字 👩‍👩‍👧"),
    ("a\u{1B}[2Jb", "a␛[2Jb"), ("\u{7}\u{8}\r\n", "␇␈␍␊"), ("a\tb", "a b"), ("\u{7F}", "␡"),
    ("\u{9B}31m", "\u{FFFD}31m"), ("\u{202E}gpj.exe", "gpj.exe"), ("a\u{2066}b\u{2069}", "ab"),
    ("a\u{200F}\u{061C}b", "ab"), ("one\u{2028}two", "one two"), ("x\u{E0041}y\u{FEFF}", "xy"),
    ("a" + String(repeating: "\u{301}", count: 50), "a" + String(repeating: "\u{301}", count: 6)),
  ])
  func whatOthersSendIsMadeSafe(text: String, safe: String) {
    #expect(SafeText.clean(text).unicodeScalars.elementsEqual(safe.unicodeScalars))
  }

  /// Every scalar below U+3000 and some above: none that controls a terminal or reorders text comes through.
  @Test func nothingDangerousIsEverLeft() {
    for value in (0..<0x3000 as Range<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for left in SafeText.clean("a\(scalar)").unicodeScalars {
        let isControl = left.value < 0x20 || (0x7F..<0xA0).contains(left.value)
        let isBidi =
          (0x202A...0x202E).contains(left.value) || (0x2066...0x2069).contains(left.value)
        #expect(!isControl && !isBidi && left.value != 0x2028 && left.value != 0x2029)
      }
    }
  }

  @Test func formattingBecomesStyles() {
    let text = FormattedText.styled("a\u{2}b\u{1D}c\u{F}d\u{1F}e\u{1F}\u{16}f\u{16}\u{1E}g")
    #expect(text.plain == "abcdefg")
    #expect(text.runs.map(\.text) == ["a", "b", "c", "d", "e", "f", "g"])
    #expect(text.runs[1].style.isBold && text.runs[2].style.isItalic && text.runs[2].style.isBold)
    #expect(text.runs[3].style == .plain)
    #expect(text.runs[4].style.isUnderlined && text.runs[5].style.isReversed)
    #expect(text.runs[6].style.isStruck)
  }

  @Test(arguments: [
    ("\u{3}4red\u{3} plain", "red plain", 9 as UInt8?, nil as UInt8?),
    ("\u{3}04,02both", "both", 9, 4), ("\u{3}12,no background", ",no background", 12, nil),
    ("\u{3}0white alone", "white alone", nil, nil),
    ("\u{3}0,1white on black", "white on black", 15, 0),
    ("\u{3}99default", "default", nil, nil), ("\u{3}123", "3", 12, nil),
    ("\u{4}FF0000hex", "hex", 196, nil), ("\u{3}plain", "plain", nil, nil),
  ])
  func coloursAreRead(text: String, plain: String, color: UInt8?, background: UInt8?) {
    let styled = FormattedText.styled(text)
    #expect(styled.plain == plain)
    #expect(styled.runs[0].style.color == color)
    #expect(styled.runs[0].style.background == background)
  }

  @Test func aCodeAtTheEndOfATextIsHarmless() {
    for code in ["\u{2}", "\u{3}", "\u{3}4", "\u{3}4,", "\u{4}", "\u{4}FF"] {
      #expect(FormattedText.plain("x" + code).hasPrefix("x"))
    }
  }

  @Test func stylesBecomeEscapeSequencesThatEnd() {
    let text =
      StyledText("a") + StyledText("b", Style(color: 1, isBold: true))
      + StyledText("c", Style(color: 130))
    #expect(Palette(.all256).encode(text) == "a\u{1B}[1;31mb\u{1B}[0m\u{1B}[38;5;130mc\u{1B}[0m")
    #expect(Palette(.none).encode(text) == "a\u{1B}[1mb\u{1B}[0mc")
    #expect(!Palette(.sixteen).encode(text).contains("38;5"))
  }

  @Test func noColorIsHonoured() {
    #expect(Palette(environment: ["TERM": "xterm-256color"]).depth == .all256)
    #expect(Palette(environment: ["TERM": "xterm-256color", "NO_COLOR": "1"]).depth == .none)
    #expect(Palette(environment: ["TERM": "xterm-256color", "NO_COLOR": ""]).depth == .all256)
    #expect(Palette(environment: ["TERM": "xterm"]).depth == .sixteen)
    #expect(Palette(environment: ["TERM": "xterm"], wantsColor: false).depth == .none)
  }

  @Test func nicknameColoursAreStableAndReadableOnLightAndDark() {
    #expect(NicknameColor.of("Ann") == NicknameColor.of("ann_"))
    #expect(Set((0..<200).map { NicknameColor.of("nick\($0)") }).count > 20)
    for color in NicknameColor.choices {
      let light = Self.luminance(color)
      #expect((light + 0.05) / 0.05 >= 3 && 1.05 / (light + 0.05) >= 3, "colour \(color)")
    }
  }

  /// WCAG 2's relative luminance of one of the 6×6×6 colours.
  private static func luminance(_ color: UInt8) -> Double {
    let levels = [0, 95, 135, 175, 215, 255].map { Double($0) / 255 }
    let index = Int(color) - 16
    let parts = [levels[index / 36], levels[index / 6 % 6], levels[index % 6]].map {
      $0 <= 0.04045 ? $0 / 12.92 : power(($0 + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  @Test(arguments: [
    ("short", 20, ["short"]), ("", 20, []), ("one two three", 7, ["one two", "three"]),
    ("one two three", 8, ["one two", "three"]), ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ("ab abcdefgh", 6, ["ab", "abcdef", "gh"]), ("漢漢漢", 7, ["漢漢", "漢"]), ("éa", 1, ["é", "a"]),
  ])
  func longTextIsSplitBetweenWords(text: String, limit: Int, parts: [String]) {
    #expect(MessageSplitter.split(text, limitBytes: limit) == parts)
  }

  @Test func splittingLosesNothingButSpaces() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<200 {
      let text = String(
        (0..<Int.random(in: 0...300, using: &random)).map { _ in
          "ab é漢 😀".randomElement(using: &random)!
        })
      let limit = Int.random(in: 4...60, using: &random)
      let parts = MessageSplitter.split(text, limitBytes: limit)
      #expect(parts.allSatisfy { $0.utf8.count <= limit })
      #expect(parts.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }
  }

  @Test func widthsAreThoseOfATerminal() {
    let widths: [(Character, Int)] = [
      ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("😀", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("👍🏽", 2),
      ("\u{1FAE8}", 2),
    ]
    for (character, width) in widths { #expect(CellWidth.of(character) == width, "\(character)") }
  }

  @Test func timesAreLocalAndDatesHaveNames() {
    let time = LocalTime(Timestamp(milliseconds: 1_795_383_780_000))
    #expect(time.clock.count == 5 && time.date.contains("November 2026"))
  }

  @Test(arguments: [
    (["ann"], "ann"), (["ann", "bob"], "ann and bob"), (["a", "b", "c"], "a, b and c"),
    ([], "nobody"),
  ])
  func listsReadLikeSentences(items: [String], text: String) {
    #expect(Sentence.list(items) == text)
  }

  @Test func numbersAndTimesReadWell() {
    #expect(Sentence.grouped(1_234_567) == "1,234,567" && Sentence.grouped(999) == "999")
    #expect(Sentence.count(1, "line") == "1 line" && Sentence.count(2, "line") == "2 lines")
    #expect(Sentence.duration(seconds: 3900) == "1 hour 5 minutes")
    #expect(Sentence.names(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more")
  }
}

private func power(_ base: Double, _ exponent: Double) -> Double {
  // Newton's way to x^2.4 = x^2 · x^0.4, with x^0.4 the fifth root of x².
  var root = base
  for _ in 0..<60 where root > 0 {
    root -= (root * root * root * root * root - base * base) / (5 * root * root * root * root)
  }
  return base * base * root
}

/// What formatting codes leave of the text.
@Suite struct FormattingTextTests {
  @Test(arguments: [
    ("\u{3}5,apple", ",apple"), ("\u{3}05,apple", ",apple"), ("\u{3}5,", ","),
    ("\u{4}beef stew", "beef stew"), ("\u{4}ff0000,00ff00both", "both"),
    ("\u{4}ff0000,beef", ",beef"), ("\u{3}4,2x", "x"), ("\u{3}123", "3"), ("\u{3}abc", "abc"),
    ("\u{3},5x", ",5x"),
  ])
  func onlyWhatIsANumberOfAColourIsTaken(text: String, plain: String) {
    #expect(FormattedText.plain(text) == plain)
  }

  @Test func aCodeWithoutANumberEndsBothColours() {
    let runs = FormattedText.styled("\u{3}04,02red on blue\u{3}abc").runs
    #expect(runs.last?.text == "abc" && runs.last?.style == .plain)
  }
}
