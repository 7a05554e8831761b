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
        case 0x03: takeColors(1...2, radix: 10, MircColor.terminalColor)
        case 0x04: takeColors(6...6, radix: 16, MircColor.nearest(rgb:))
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

    /// A colour, and perhaps a comma and another; no number: the colours end.
    ///
    /// "If the `,` is not followed by digits, it is not part of the formatting"
    /// (modern.ircdocs.horse/formatting).
    private mutating func takeColors(
      _ digits: ClosedRange<Int>, radix: Int, _ color: (Int) -> Style.Color?
    ) {
      flush()
      guard let front = number(digits, radix: radix) else {
        style.color = base.color
        style.background = base.background
        return
      }
      style.color = color(front)
      let afterFront = rest
      if rest.popFirst() == ",", let back = number(digits, radix: radix) {
        style.background = color(back)
      } else {
        rest = afterFront
      }
      if style.background == nil { style.color = style.color.flatMap(MircColor.readable) }
    }

    /// The number that stands here; nil, and nothing is taken, where there are too few digits.
    private mutating func number(_ digits: ClosedRange<Int>, radix: Int) -> Int? {
      let isDigit = { (scalar: Unicode.Scalar) in
        scalar.isASCII && Character(scalar).hexDigitValue.map { $0 < radix } ?? false
      }
      let taken = rest.prefix(digits.upperBound).prefix(while: isDigit)
      guard taken.count >= digits.lowerBound else { return nil }
      rest = rest.dropFirst(taken.count)
      return Int(String(String.UnicodeScalarView(taken)), radix: radix)
    }
  }
}
