/// Draws the line being typed at the bottom of what the terminal shows, and lines above it.
///
/// A plain value that knows what it drew last; what it returns must reach the terminal completely
/// and in order. It leaves no trace but the lines above: no alternate screen, no scroll region, so
/// that the terminal's own scrollback, search and copying work as ever.
struct Painter {
  private(set) var columns: Int
  private(set) var rows: Int

  /// What is on the screen now: the width of each row, and the cursor in them. Empty: nothing.
  private var paintedCells: [Int] = [0]
  private var cursorRow = 0
  private var cursorCells = 0

  init(columns: Int, rows: Int) {
    self.columns = max(2, columns)
    self.rows = max(1, rows)
  }

  /// Prints `lines` above and draws the input again.
  ///
  /// Lines are left to the terminal to wrap, so that a long one is copied as one.
  mutating func paint(_ input: InputLayout, above lines: [String] = []) -> String {
    var input = input
    input.fit(intoRows: rows)
    var output = goToFirstRow()
    if !lines.isEmpty {
      output += eraseRows()
      for line in lines { output += line + "\r\n" }
    }
    // Without wrapping, a width that the terminal sees differently spoils no other row.
    output += "\u{1B}[?7l"
    for (index, row) in input.rows.enumerated() {
      output += (index > 0 ? "\r\n" : "") + "\u{1B}[K" + row.text
    }
    let surplus = max(0, paintedCells.count - input.rows.count)
    for _ in 0..<surplus { output += "\r\n\u{1B}[K" }
    output += Self.up(input.rows.count - 1 + surplus - input.cursorRow)
    // Written again rather than reached by number: so the terminal itself finds the column.
    output += "\r" + input.beforeCursor + "\u{1B}[?7h"
    paintedCells = input.rows.map(\.cells)
    cursorRow = input.cursorRow
    cursorCells = input.cursorCells
    return output
  }

  /// Removes the input from the screen and leaves the cursor where it began.
  mutating func erase(printing lines: [String] = []) -> String {
    var output = goToFirstRow() + eraseRows()
    for line in lines { output += line + "\r\n" }
    forget()
    return output
  }

  /// Leaves the input where it is, and the cursor on the row below.
  mutating func goBelow() -> String {
    let output = Self.down(paintedCells.count - 1 - cursorRow) + "\r\n"
    forget()
    return output
  }

  /// Clears the visible part of the screen; what was there stays in the scrollback where the
  /// terminal keeps it.
  mutating func clear() -> String {
    forget()
    return "\u{1B}[H\u{1B}[2J"
  }

  /// Takes a new size: removes what the terminal has made of the old drawing.
  ///
  /// Assumes that the terminal wraps rows anew, as tmux and the VTE family do.
  mutating func resize(columns: Int, rows: Int) -> String {
    self.columns = max(2, columns)
    self.rows = max(1, rows)
    let above = paintedCells[..<cursorRow].reduce(0) { $0 + rowsNeeded($1) }
    let row = min(above + cursorCells / self.columns, self.rows - 1)
    let total = paintedCells.reduce(0) { $0 + rowsNeeded($1) }
    var output = "\r" + Self.up(row)
    output += total > 1 ? "\u{1B}[K\n\u{1B}[J\u{1B}[A" : "\u{1B}[K"
    forget()
    return output
  }

  /// Forgets what was drawn: somebody else has written to the terminal.
  mutating func forget() {
    paintedCells = [0]
    cursorRow = 0
    cursorCells = 0
  }

  private func rowsNeeded(_ cells: Int) -> Int { max(1, (cells + columns - 1) / columns) }

  private mutating func goToFirstRow() -> String {
    let output = "\r" + Self.up(cursorRow)
    cursorRow = 0
    return output
  }

  /// From the first row. Never ESC[J from the top left corner: tmux would push the screen into its
  /// scrollback.
  private mutating func eraseRows() -> String {
    let count = paintedCells.count
    paintedCells = [0]
    return count > 1 ? "\u{1B}[K\n\u{1B}[J\u{1B}[A" : "\u{1B}[K"
  }

  private static func up(_ count: Int) -> String { count > 0 ? "\u{1B}[\(count)A" : "" }
  private static func down(_ count: Int) -> String { count > 0 ? "\u{1B}[\(count)B" : "" }
}
