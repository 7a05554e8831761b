/// Whether a name shows all of itself to the eye.
///
/// Two names that differ by what nobody sees would be taken for one another, and what changes the
/// direction of the writing makes one name look like another. Refused in names, wherever they
/// stand; in texts all of it may be said.
enum VisibleName {
  /// Characters that show nothing although Unicode counts them among symbols and letters: the
  /// Braille blank, a musical notehead, the fillers of the Khitan and Egyptian scripts, and the
  /// place of an object that is not there.
  private static let blanks: Set<UInt32> = [
    0x2800, 0xFFFC, 0x1_D159, 0x1_3441, 0x1_3442, 0x1_6FE4,
  ]

  /// Whether each character of `text` shows something by itself, and its first stands alone.
  static func isOne(_ text: Substring.UnicodeScalarView) -> Bool {
    // Most names are ASCII, of which the caller has looked at each byte.
    if text.allSatisfy(\.isASCII) { return true }
    if let first = text.first, isMark(first) { return false }
    return text.allSatisfy(shows)
  }

  /// Whether it would change the character before it, which is none of the name.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func shows(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    // What is for private use shows what each machine's fonts make of it, which may be nothing.
    case .control, .format, .surrogate, .privateUse, .spaceSeparator, .lineSeparator,
      .paragraphSeparator:
      return false
    default:
      // Variation selectors, tags, Hangul fillers and their like are marks and letters by category.
      return !properties.isDefaultIgnorableCodePoint && !properties.isWhitespace
        && !properties.isBidiControl && !properties.isNoncharacterCodePoint
        && !blanks.contains(scalar.value)
    }
  }
}
