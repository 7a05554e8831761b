@testable import HubbubClient

/// A terminal's screen as a person would see it, with scrollback: enough of one for what the client sends.
///
/// Wraps rows anew when its width changes, as tmux and VTE do.
struct VirtualTerminal {
  /// "" is the right half of a wide character.
  private struct Row {
    var cells: [String] = []
    var continues = false
  }

  private(set) var columns: Int
  private(set) var rows: Int
  private(set) var bells = 0
  private(set) var marksPastes = false
  private(set) var wraps = true

  /// Scrollback and screen; the last `rows` are the screen.
  private var lines: [Row]
  private var top = 0
  private var row = 0
  private var column = 0
  private var isWrapPending = false

  /// Where the last character went: marks join it.
  private var lastColumn: Int?
  private var pending: [UInt8] = []

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    lines = Array(repeating: Row(), count: rows)
  }

  /// Everything from the first line of the scrollback on, wrapped rows joined, trailing blanks cut.
  var text: String {
    var result = ""
    for (index, line) in lines.enumerated() {
      let text = line.cells.joined()
      result += line.continues ? text : Self.trimmed(text)
      if !line.continues, index < lines.count - 1 { result += "\n" }
    }
    while result.last == "\n" { result.removeLast() }
    return result
  }

  /// The rows of the screen.
  var screen: [String] { lines[top...].map { Self.trimmed($0.cells.joined()) } }

  /// What is on the cursor's row, and the column it is in.
  var cursor: (line: String, column: Int) {
    (Self.trimmed(lines[top + row].cells.joined()), min(column, columns - 1))
  }

  var cursorRow: Int { row }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    pending.append(contentsOf: bytes)
    while let length = completeLength() {
      let piece = Array(pending[..<length])
      pending.removeFirst(length)
      take(piece)
    }
  }

  mutating func feed(_ text: String) { feed(text.utf8) }

  // MARK: Taking the stream apart

  private func completeLength() -> Int? {
    guard let first = pending.first else { return nil }
    if first == 0x1B {
      guard pending.count > 1 else { return nil }
      guard pending[1] == UInt8(ascii: "[") else { return 2 }
      return pending.dropFirst(2).firstIndex { (0x40...0x7E).contains($0) }.map { $0 + 1 }
    }
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    return pending.count >= length ? length : nil
  }

  private mutating func take(_ piece: [UInt8]) {
    switch piece[0] {
    case 0x1B: control(String(decoding: piece.dropFirst(2).dropLast(), as: UTF8.self), piece.last!)
    case 0x07: bells += 1
    case 0x08: column = max(0, column - 1)
    case 0x0D: (column, isWrapPending) = (0, false)
    case 0x0A: lineFeed()
    default:
      for scalar in String(decoding: piece, as: UTF8.self).unicodeScalars { put(scalar) }
    }
  }

  private mutating func control(_ parameters: String, _ final: UInt8) {
    let number = Int(parameters) ?? 0
    isWrapPending = false
    switch Character(Unicode.Scalar(final)) {
    case "A": row = max(0, row - max(1, number))
    case "B": row = min(rows - 1, row + max(1, number))
    case "C": column = min(columns - 1, column + max(1, number))
    case "H": (row, column) = (0, 0)
    case "J":
      if number == 2 {
        for index in lines.indices[top...] { lines[index] = Row() }
      } else {
        eraseToEnd()
        for index in lines.indices[(top + row + 1)...] { lines[index] = Row() }
      }
    case "K": eraseToEnd()
    case "h", "l":
      let isOn = final == UInt8(ascii: "h")
      if parameters == "?7" { wraps = isOn }
      if parameters == "?2004" { marksPastes = isOn }
    default: break
    }
  }

  private mutating func eraseToEnd() {
    let index = top + row
    lines[index].cells = Array(lines[index].cells.prefix(column))
    lines[index].continues = false
  }

  private mutating func lineFeed() {
    isWrapPending = false
    if row < rows - 1 {
      row += 1
    } else {
      lines.append(Row())
      top += 1
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = CellWidth.of(scalar)
    if width == 0 { return combine(scalar) }
    if isWrapPending || (width == 2 && column == columns - 1 && wraps) {
      lines[top + row].continues = true
      lineFeed()
      column = 0
    }
    column = max(0, min(column, columns - width))
    let index = top + row
    while lines[index].cells.count < column + width { lines[index].cells.append(" ") }
    lines[index].cells[column] = String(scalar)
    lastColumn = column
    if width == 2 { lines[index].cells[column + 1] = "" }
    column += width
    if column >= columns {
      column = columns - (wraps ? 0 : 1)
      isWrapPending = wraps
    }
  }

  private mutating func combine(_ scalar: Unicode.Scalar) {
    let index = top + row
    if let lastColumn, lines[index].cells.indices.contains(lastColumn) {
      lines[index].cells[lastColumn].unicodeScalars.append(scalar)
    }
  }

  // MARK: Another size

  mutating func resize(columns: Int, rows: Int) {
    var joined: [[String]] = [[]]
    var place = (line: 0, offset: 0)
    for (index, line) in lines.enumerated() {
      if index == top + row { place = (joined.count - 1, joined[joined.count - 1].count + column) }
      joined[joined.count - 1] += line.cells
      if !line.continues, index < lines.count - 1 { joined.append([]) }
    }
    while joined.count > place.line + 1, joined.last!.allSatisfy({ $0 == " " }) {
      joined.removeLast()
    }
    self.columns = columns
    self.rows = rows
    lines = []
    for (index, cells) in joined.enumerated() {
      if index == place.line {
        row = lines.count + place.offset / columns
        column = place.offset % columns
      }
      wrap(cells)
    }
    while lines.count < max(rows, row + 1) { lines.append(Row()) }
    top = max(0, lines.count - rows)
    if row < top { top = row }
    lines = Array(lines.prefix(top + rows))
    row -= top
    isWrapPending = false
  }

  private mutating func wrap(_ cells: [String]) {
    var rest = cells[...]
    repeat {
      var count = min(columns, rest.count)
      // A wide character goes to the next row as a whole.
      if count == columns, count > 1, count < rest.count, rest[rest.startIndex + count] == "" {
        count -= 1
      }
      lines.append(Row(cells: Array(rest.prefix(count)), continues: rest.count > count))
      rest = rest.dropFirst(count)
    } while !rest.isEmpty
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
