/// The rows that the line being typed takes on the screen, and where its cursor is.
struct InputLayout: Equatable {
  struct Row: Equatable {
    /// With escape sequences.
    var text = ""
    var cells = 0
  }

  private(set) var rows: [Row] = []
  private(set) var cursorRow = 0
  private(set) var cursorCells = 0

  /// What is on the cursor's row before it.
  private(set) var beforeCursor = ""

  /// Lays out what is shown at the bottom of the screen.
  ///
  /// - Parameters:
  ///   - notes: rows above the prompt, each cut to the width of the screen.
  ///   - text: what is typed, as libedit holds it.
  ///   - cursor: an index in `text`; inside of a composed character it counts as before it.
  init(
    notes: [StyledText], prompt: StyledText, text: [Unicode.Scalar], cursor: Int, columns: Int,
    palette: Palette
  ) {
    let columns = max(2, columns)
    for note in notes {
      let note = note.truncated(toCells: columns - 1)
      rows.append(Row(text: palette.encode(note), cells: CellWidth.of(note.plain)))
    }
    let prompt = prompt.truncated(toCells: max(1, columns - min(10, columns / 2)))
    rows.append(Row(text: palette.encode(prompt), cells: CellWidth.of(prompt.plain)))
    noteCursor()
    append(text, cursor: cursor, columns: columns)
  }

  private mutating func append(_ text: [Unicode.Scalar], cursor: Int, columns: Int) {
    var string = String.UnicodeScalarView()
    string.append(contentsOf: text)
    var index = 0
    for character in String(string) {
      let end = index + character.unicodeScalars.count
      let isBreak = character == "\n" || character == "\r\n"
      let shown = isBreak ? (text: "", cells: 0) : Self.shown(character)
      if rows[rows.count - 1].cells + shown.cells > columns { rows.append(Row()) }
      if (index..<end).contains(cursor) { noteCursor() }
      if isBreak { rows.append(Row()) }
      rows[rows.count - 1].text += shown.text
      rows[rows.count - 1].cells += shown.cells
      index = end
    }
    guard cursor >= index else { return }
    if rows[rows.count - 1].cells >= columns { rows.append(Row()) }
    noteCursor()
  }

  private mutating func noteCursor() {
    cursorRow = rows.count - 1
    cursorCells = rows[cursorRow].cells
    beforeCursor = rows[cursorRow].text
  }

  /// What stands for a character of the line: itself, or ^X for a control character.
  private static func shown(_ character: Character) -> (text: String, cells: Int) {
    let first = character.unicodeScalars.first!
    if first.value < 0x20 || first.value == 0x7F {
      return ("^\(Unicode.Scalar(UInt8(first.value ^ 0x40)))", 2)
    }
    let safe = SafeText.clean(String(character))
    let cells = CellWidth.of(safe)
    // A mark without a letter would join whatever stands before it, the prompt even.
    if cells == 0, !safe.isEmpty { return ("\u{25CC}" + safe, 1) }
    return (safe, cells)
  }

  /// At most `limit` rows, the cursor's among them and as many as possible before it.
  mutating func fit(intoRows limit: Int) {
    guard rows.count > limit else { return }
    let first = max(0, cursorRow - limit + 1)
    rows = Array(rows[first..<first + limit])
    cursorRow -= first
  }
}
