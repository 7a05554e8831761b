import HubbubThreads
import TestSupport
import Testing

@testable import HubbubClient

/// The painter against a terminal: after anything, the screen shows what was printed and the line, and the cursor
/// is where libedit has it.
@Suite struct PainterTests {
  /// The client's side: text, cursor and what was printed.
  private struct Scene {
    var painter: Painter
    var terminal: VirtualTerminal
    var text: [Unicode.Scalar] = []
    var cursor = 0
    var notes: [StyledText] = []
    var printed: [String] = []

    init(columns: Int, rows: Int) {
      painter = Painter(columns: columns, rows: rows)
      terminal = VirtualTerminal(columns: columns, rows: rows)
    }

    mutating func paint(_ lines: [String] = []) {
      printed += lines
      let layout = InputLayout(
        notes: notes, prompt: "#x> ", text: text, cursor: cursor, columns: painter.columns,
        palette: Palette(.all256))
      terminal.feed(painter.paint(layout, above: lines))
    }

    mutating func resize(columns: Int, rows: Int) {
      terminal.resize(columns: columns, rows: rows)
      terminal.feed(painter.resize(columns: columns, rows: rows))
    }

    /// The last rows, as scalars, and the text.
    var difference: String {
      let shown = terminal.text.suffix(200).unicodeScalars.map { String($0.value, radix: 16) }
      let wanted = text.map { String($0.value, radix: 16) }
      return "\(shown.joined(separator: " "))\n\(wanted.joined(separator: " ")), cursor \(cursor)"
    }

    /// What the terminal must show, rows of the input joined.
    var isRight: Bool {
      var string = String.UnicodeScalarView()
      string.append(contentsOf: text)
      let input = "#x> " + String(string)
      let shown = terminal.text.split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
      guard shown.prefix(printed.count).elementsEqual(printed) else { return false }
      let rest = shown.dropFirst(printed.count + notes.count).joined()
      return PainterTests.trimmed(rest) == PainterTests.trimmed(input)
    }
  }

  private static func trimmed(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: text.unicodeScalars.filter { $0 != " " && $0 != "\u{25CC}" })
    return String(kept)
  }

  @Test func messagesAppearAboveAHalfTypedLine() {
    var scene = Scene(columns: 20, rows: 6)
    scene.text = Array("half typed".unicodeScalars)
    scene.cursor = 4
    scene.paint()
    scene.paint(["ann: hello", "bob: a line that is longer than the screen"])
    #expect(
      scene.terminal.text == """
        ann: hello
        bob: a line that is longer than the screen
        #x> half typed
        """)
    #expect(scene.terminal.cursor == ("#x> half typed", 8))
  }

  @Test func theCursorGoesToTheNextRowWhenARowIsFull() {
    var scene = Scene(columns: 10, rows: 6)
    scene.text = Array("123456".unicodeScalars)
    scene.cursor = 6
    scene.paint()
    #expect(scene.terminal.cursor == ("", 0))
    #expect(scene.terminal.cursorRow == 1)
    scene.cursor = 5
    scene.paint()
    #expect(scene.terminal.cursor == ("#x> 123456", 9))
  }

  @Test func aWideCharacterThatDoesNotFitBeginsTheNextRow() {
    var scene = Scene(columns: 9, rows: 6)
    scene.text = Array("1234漢".unicodeScalars)
    scene.cursor = 4
    scene.paint()
    #expect(scene.terminal.cursor == ("漢", 0))
  }

  @Test func aLineTallerThanTheScreenShowsTheRowsAroundTheCursor() {
    var scene = Scene(columns: 10, rows: 3)
    scene.text = Array((0..<60).map { Unicode.Scalar(UInt8(0x61 + $0 % 26)) })
    scene.cursor = 60
    scene.paint()
    #expect(scene.terminal.screen.count == 3)
    #expect(scene.terminal.cursor.column == 4)
    scene.cursor = 0
    scene.paint()
    #expect(scene.terminal.cursor == ("#x> abcdef", 4))
  }

  @Test func controlCharactersInTheLineAreShownAsCarets() {
    var scene = Scene(columns: 40, rows: 3)
    scene.text = Array("a\u{1B}[2Jb\u{202E}".unicodeScalars)
    scene.paint()
    #expect(scene.terminal.text == "#x> a^[[2Jb")
  }

  @Test func notesStandAboveThePromptAndGo() {
    var scene = Scene(columns: 30, rows: 6)
    scene.notes = ["a note", "another note that is much too long for the screen"]
    scene.paint()
    #expect(scene.terminal.screen[1].hasSuffix("…"))
    #expect(scene.terminal.screen[2] == "#x>")
    scene.notes = []
    scene.paint(["a message"])
    #expect(scene.terminal.text == "a message\n#x>")
  }

  /// Random typing, moving, deleting, messages, notes and (in some) resizing; prints its seed.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func nothingEverSpoilsTheLine(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet = seed % 2 == 0 ? Array("abc déf") : Array("ab漢é😀 字e\u{301}")
    var scene = Scene(columns: 24, rows: 16)
    for step in 0..<200 {
      Self.change(&scene, alphabet, &random)
      #expect(
        Bool(scene.isRight),
        "seed \(seed), step \(step):\n\(scene.terminal.text)\n---\n\(scene.difference)")
      if !scene.isRight { return }
    }
  }

  private static func change(
    _ scene: inout Scene, _ alphabet: [Character], _ random: inout SplitMix64
  ) {
    switch Int.random(in: 0..<10, using: &random) {
    case 0...3:
      let piece = (0..<Int.random(in: 1...9, using: &random)).flatMap { _ in
        alphabet.randomElement(using: &random)!.unicodeScalars
      }
      if scene.text.count < 60 {
        scene.text.insert(contentsOf: piece, at: scene.cursor)
        scene.cursor += piece.count
      }
      scene.paint()
    case 4:
      scene.cursor = Int.random(in: 0...scene.text.count, using: &random)
      scene.paint()
    case 5:
      let count = min(scene.cursor, Int.random(in: 1...20, using: &random))
      scene.text.removeSubrange(scene.cursor - count..<scene.cursor)
      scene.cursor -= count
      scene.paint()
    case 6:
      scene.notes = scene.notes.isEmpty ? ["a note"] : []
      scene.paint()
    case 7:
      scene.resize(columns: Int.random(in: 20...30, using: &random), rows: 16)
      scene.paint()
    default:
      let lines = (0..<Int.random(in: 1...20, using: &random)).map {
        "<ann> \($0):" + String(repeating: "x", count: Int.random(in: 0...50, using: &random))
      }
      scene.paint(lines)
    }
  }
}
