import CLibEdit

/// How many columns of a terminal text takes.
///
/// Terminals disagree about new emoji and joined ones: the painter never relies on these numbers
/// for where the cursor is, only for where rows break.
enum CellWidth {
  static func of(_ text: String) -> Int {
    // Plain ASCII is one cell each; asking for each character would cost more than all the rest.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    if scalars.count == 1 { return of(scalars.first!) }
    if scalars.contains(where: makesEmoji) { return 2 }
    return min(2, scalars.reduce(0) { $0 + of($1) })
  }

  static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value >= 0x20, scalar.value < 0x7F { return 1 }
    _ = isLocaleSet
    let cells = Int(clibedit_cells(wchar_t(bitPattern: scalar.value)))
    if cells >= 0 { return cells }
    // glibc 2.36 knows Unicode 14; what came later above here is emoji.
    return scalar.value >= 0x1F000 ? 2 : 1
  }

  /// Without a locale that knows UTF-8 glibc has no widths.
  private static let isLocaleSet: Void = clibedit_use_utf8()

  /// A joiner, the selector of the coloured form, or a skin tone.
  private static func makesEmoji(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x200D || scalar.value == 0xFE0F || (0x1F3FB...0x1F3FF).contains(scalar.value)
  }
}
