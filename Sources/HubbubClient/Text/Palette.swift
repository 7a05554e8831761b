/// What a terminal can show of a style, and how it is told.
struct Palette: Sendable, Equatable {
  /// How many colours there are to choose from.
  enum Depth: Sendable { case none, sixteen, all256 }

  var depth: Depth

  /// Chooses from what the environment says. `NO_COLOR` (no-color.org) counts when it is not empty.
  init(environment: [String: String], wantsColor: Bool = true) {
    let terminal = environment["TERM"] ?? ""
    if !wantsColor || environment["NO_COLOR"].map({ !$0.isEmpty }) == true {
      depth = .none
    } else if terminal.contains("256") || environment["COLORTERM"] != nil {
      depth = .all256
    } else {
      depth = terminal.hasPrefix("vt") ? .none : .sixteen
    }
  }

  init(_ depth: Depth) { self.depth = depth }

  /// The text with its escape sequences; plain again at its end.
  func encode(_ text: StyledText) -> String {
    text.runs.reduce(into: "") { line, run in
      let codes = codes(for: run.style)
      line += codes.isEmpty ? run.text : "\u{1B}[\(codes)m\(run.text)\u{1B}[0m"
    }
  }

  private func codes(for style: Style) -> String {
    var codes: [String] = []
    if style.isBold { codes.append("1") }
    if style.isDim { codes.append("2") }
    if style.isItalic { codes.append("3") }
    if style.isUnderlined { codes.append("4") }
    if style.isReversed { codes.append("7") }
    if style.isStruck { codes.append("9") }
    if let color = style.color { codes.append(contentsOf: code(for: color, base: 30)) }
    if let color = style.background { codes.append(contentsOf: code(for: color, base: 40)) }
    return codes.joined(separator: ";")
  }

  /// `base`: 30 for the letters, 40 for what is behind them.
  private func code(for color: Style.Color, base: Int) -> [String] {
    switch (depth, color) {
    case (.none, _): []
    case (_, 0..<8): ["\(base + Int(color))"]
    case (_, 8..<16): ["\(base + 52 + Int(color))"]
    case (.all256, _): ["\(base + 8);5;\(color)"]
    // The nearest of the six hues that every terminal has.
    case (.sixteen, _): ["\(base + 1 + Int(color) % 6)"]
    }
  }
}
