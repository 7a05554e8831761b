/// Text from others made harmless for a terminal.
///
/// What could move the cursor, start an escape sequence, reorder or hide text is replaced or left
/// out: a control character becomes its picture (␛ for ESC), separators of lines become spaces, and
/// what overrides the direction of writing goes.
enum SafeText {
  /// No more marks than this on one character: a tower of them paints over the lines above.
  static let marksLimit = 6

  static func clean(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var safe = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
      marks = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : marks + 1
      guard marks <= marksLimit, let replacement = replacement(for: scalar) else { continue }
      safe.append(replacement)
    }
    return String(safe)
  }

  /// What stands for `scalar`: itself where it is harmless, nil where nothing does.
  private static func replacement(for scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x09: " "
    case 0x00..<0x20: Unicode.Scalar(0x2400 + scalar.value)
    case 0x7F: "\u{2421}"
    // C1: an 8-bit terminal takes U+009B for the beginning of a sequence.
    case 0x80..<0xA0: "\u{FFFD}"
    case 0x2028, 0x2029: " "
    // Marks, embeddings, overrides and isolates of direction (Unicode TR 36, "Bidirectional Text
    // Spoofing").
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x206F: nil
    // Annotations, the byte order mark, and tags that are written in invisible letters.
    case 0xFFF9...0xFFFB, 0xFEFF, 0xE0000...0xE007F, 0x00AD, 0x180E, 0x200B: nil
    default: scalar
    }
  }
}
