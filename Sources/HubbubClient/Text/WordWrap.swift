/// Lines for a terminal, cut between words, and indented where they go on.
///
/// The rows are the terminal's own: it wraps by itself at the last column, because a space is
/// written there. So it still knows that they are one line, and copies them as one, with more
/// spaces between some words; a newline of ours would cut what is copied into pieces. Where the
/// window becomes another one, the old rows keep these spaces. A word that fits no row, such as a
/// long link, is left to the terminal as it is, so that it can be copied and clicked.
struct WordWrap {
  let columns: Int
  let palette: Palette

  /// The line with its escape sequences.
  func encode(_ line: StyledText) -> String {
    guard columns > 4, CellWidth.of(line.plain) > columns else { return palette.encode(line) }
    let indent = line.hang > columns / 3 ? 2 : max(1, line.hang)
    var output = ""
    var row = StyledText()
    var used = 0
    for word in Self.words(line) {
      let cells = word.cells
      // The first word of all begins where the line does.
      if used > 0, used + word.spaces.count + cells > columns, cells <= columns - indent {
        output += palette.encode(row) + filler(from: used) + String(repeating: " ", count: indent)
        row = StyledText()
        used = indent
      } else {
        for space in word.spaces { row.append(" ", space) }
        used += word.spaces.count
      }
      row += word.text
      used += cells
      // The terminal has wrapped it.
      if used > columns { used = (used - 1) % columns + 1 }
    }
    return output + palette.encode(row)
  }

  /// Has the terminal wrap at the next character. A step that ends at the edge of the screen, and
  /// never goes back: where the window has another size than we know yet, or sees another width of
  /// some character, nothing is written over.
  private func filler(from used: Int) -> String {
    guard used < columns else { return "" }
    let step = columns - used - 1
    return (step > 0 ? "\u{1B}[\(step)C" : "") + " "
  }

  private struct Word {
    /// The styles of the spaces before it.
    var spaces: [Style]
    var text = StyledText()
    var cells = 0
  }

  private static func words(_ line: StyledText) -> [Word] {
    var words: [Word] = []
    var spaces: [Style] = []
    var isInWord = false
    for run in line.runs {
      for part in run.text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
        if part.offset > 0 {
          spaces.append(run.style)
          isInWord = false
        }
        guard !part.element.isEmpty else { continue }
        if !isInWord { words.append(Word(spaces: spaces)) }
        words[words.count - 1].text.append(String(part.element), run.style)
        words[words.count - 1].cells += CellWidth.of(String(part.element))
        (spaces, isInWord) = ([], true)
      }
    }
    return words
  }
}
