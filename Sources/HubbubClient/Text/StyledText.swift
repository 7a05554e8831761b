/// A line of text in several styles. Its text is safe to show; see `SafeText`.
struct StyledText: Sendable, Equatable, ExpressibleByStringLiteral {
  /// A piece in one style.
  struct Run: Sendable, Equatable {
    var text: String
    var style: Style
  }

  private(set) var runs: [Run] = []

  /// How far the rows behind the first one are indented where the line needs several, in cells.
  var hang = 0

  init() {}

  init(_ text: String, _ style: Style = .plain) { append(text, style) }

  init(stringLiteral text: String) { self.init(text) }

  /// Without its styles.
  var plain: String { runs.map(\.text).joined() }

  var isEmpty: Bool { runs.isEmpty }

  mutating func append(_ text: String, _ style: Style = .plain) {
    guard !text.isEmpty else { return }
    if let last = runs.indices.last, runs[last].style == style {
      runs[last].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  static func += (left: inout StyledText, right: StyledText) {
    for run in right.runs { left.append(run.text, run.style) }
  }

  static func + (left: StyledText, right: StyledText) -> StyledText {
    var both = left
    both += right
    return both
  }

  /// The same text with `change` made to each of its styles.
  func restyled(_ change: (inout Style) -> Void) -> StyledText {
    var result = StyledText()
    result.hang = hang
    for run in runs {
      var style = run.style
      change(&style)
      result.append(run.text, style)
    }
    return result
  }

  /// As much of the beginning as fits into `cells`, with `…` at the end where something was left
  /// out.
  func truncated(toCells cells: Int) -> StyledText {
    guard CellWidth.of(plain) > cells else { return self }
    var result = StyledText()
    var used = 0
    for run in runs {
      for character in run.text {
        let width = CellWidth.of(character)
        guard used + width <= cells - 1 else { return result + StyledText("…", run.style) }
        used += width
        result.append(String(character), run.style)
      }
    }
    return result
  }
}
