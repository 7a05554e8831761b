/// The formatting codes that chat programs put into messages (modern.ircdocs.horse/formatting).
enum FormattedText {
  /// The text as it is meant to look, safe to show.
  ///
  /// Colours that would vanish on a light or on a dark terminal are left at the terminal's own.
  static func styled(_ text: String, base: Style = .plain) -> StyledText {
    var scanner = Scanner(rest: Array(text.unicodeScalars)[...], base: base, style: base)
    return scanner.scan()
  }

  /// The text without its codes, safe to show.
  static func plain(_ text: String) -> String { styled(text).plain }

  private struct Scanner {
    var rest: ArraySlice<Unicode.Scalar>
    let base: Style
    var style: Style
    var piece = String.UnicodeScalarView()
    var result = StyledText()

    mutating func scan() -> StyledText {
      while let scalar = rest.popFirst() {
        switch scalar.value {
        case 0x02: change { $0.isBold.toggle() }
        case 0x1D: change { $0.isItalic.toggle() }
        case 0x1F: change { $0.isUnderlined.toggle() }
        case 0x1E: change { $0.isStruck.toggle() }
        case 0x16: change { $0.isReversed.toggle() }
        case 0x11: flush()  // Monospace: every terminal's text is.
        case 0x0F: reset()
        case 0x03: takeColors { $0.number(digits: 2).flatMap(MircColor.terminalColor) }
        case 0x04: takeColors { $0.number(digits: 6, radix: 16).map(MircColor.nearest(rgb:)) }
        default: piece.append(scalar)
        }
      }
      flush()
      return result
    }

    private mutating func change(_ body: (inout Style) -> Void) {
      flush()
      body(&style)
    }

    private mutating func reset() {
      flush()
      style = base
    }

    private mutating func flush() {
      result.append(SafeText.clean(String(piece)), style)
      piece = .init()
    }

    /// A colour, and perhaps a comma and another; no digits: the colours end.
    private mutating func takeColors(_ next: (inout Scanner) -> Style.Color?) {
      flush()
      let start = rest
      guard let first = rest.first, first.properties.isASCIIHexDigit else {
        style.color = base.color
        style.background = base.background
        return
      }
      style.color = next(&self)
      let afterFirst = rest
      guard rest.startIndex != start.startIndex else { return }
      if rest.popFirst() == ",", let digit = rest.first, digit.properties.isASCIIHexDigit {
        style.background = next(&self)
      } else {
        rest = afterFirst
      }
      if style.background == nil { style.color = style.color.flatMap(MircColor.readable) }
    }

    mutating func number(digits: Int, radix: Int = 10) -> Int? {
      var text = ""
      while text.count < digits, let scalar = rest.first, Int(String(scalar), radix: radix) != nil {
        text.unicodeScalars.append(scalar)
        rest.removeFirst()
      }
      return Int(text, radix: radix)
    }
  }
}
