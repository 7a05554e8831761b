import Testing

@testable import HubbubClient

/// Long lines: cut between words, indented, and still one line to the terminal.
@Suite struct WordWrapTests {
  private func screen(_ text: StyledText, columns: Int) -> VirtualTerminal {
    var terminal = VirtualTerminal(columns: columns, rows: 24)
    terminal.feed(WordWrap(columns: columns, palette: Palette(.none)).encode(text) + "\r\nnext")
    return terminal
  }

  private func line(_ text: String, hang: Int) -> StyledText {
    var line = StyledText(text)
    line.hang = hang
    return line
  }

  @Test func linesAreCutBetweenWordsAndIndented() {
    let text = "21:43  <ann> the quick brown fox jumps over the lazy dog"
    #expect(
      screen(line(text, hang: 13), columns: 40).screen.prefix(3) == [
        "21:43  <ann> the quick brown fox jumps", "             over the lazy dog", "next",
      ])
    #expect(
      screen(line(text, hang: 13), columns: 20).screen.prefix(4) == [
        "21:43  <ann> the", "  quick brown fox", "  jumps over the", "  lazy dog",
      ])
  }

  @Test(arguments: [80, 40, 20, 7, 5])
  func whatIsCopiedIsOneLineWithAllItsWords(columns: Int) {
    let text =
      "21:43  <ann> see https://chat.example/a/very/long/path?with=1&more=2 漢字かな交じり文 and 😀 smile"
    let copied = screen(line(text, hang: 13), columns: columns).text
    let lines = copied.split(separator: "\n")
    #expect(lines.count == 2 && lines.last == "next", "\(copied)")
    let words = lines[0].split(separator: " ").joined(separator: " ")
    #expect(words == text.split(separator: " ").joined(separator: " "))
  }

  /// A window that has become larger or smaller, of which we do not know yet.
  @Test(arguments: [10, 15, 25, 40, 80])
  func nothingIsWrittenOverInAWindowOfAnotherSize(columns: Int) {
    let text = "21:43  <ann> one two three four five six seven eight nine ten eleven twelve"
    var terminal = VirtualTerminal(columns: columns, rows: 24)
    terminal.feed(WordWrap(columns: 20, palette: Palette(.none)).encode(line(text, hang: 13)))
    let letters = terminal.text.filter { $0 != " " && $0 != "\n" }
    #expect(letters == text.filter { $0 != " " }, "\(terminal.text)")
  }

  @Test func aLinkThatFitsNoRowIsNotTornApartByUs() {
    let link = "https://chat.example/" + String(repeating: "x", count: 90)
    let encoded = WordWrap(columns: 40, palette: Palette(.none)).encode(
      line("see \(link) now", hang: 4))
    #expect(encoded.contains(link))
  }

  @Test func whatFitsAndWhatFillsARowIsLeftAlone() {
    for text in ["short", String(repeating: "x", count: 40)] {
      let encoded = WordWrap(columns: 40, palette: Palette(.none)).encode(line(text, hang: 4))
      #expect(encoded == text)
    }
    let full = String(repeating: "x", count: 40) + " more"
    #expect(screen(line(full, hang: 4), columns: 40).text == full.prefix(40) + "    more\nnext")
  }

  @Test func stylesGoOnOverTheRows() {
    var text = StyledText("plain words before ")
    text.append("bold words that go on over the end", .bold)
    let encoded = WordWrap(columns: 30, palette: Palette(.sixteen)).encode(text)
    #expect(encoded.components("\u{1B}[1m") == 2 && encoded.hasSuffix("\u{1B}[0m"))
  }
}
