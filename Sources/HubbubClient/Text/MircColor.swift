/// The numbered colours of chat programs as colours of a terminal.
enum MircColor {
  /// nil for 99, the terminal's own, and for numbers that stand for nothing.
  static func terminalColor(_ number: Int) -> Style.Color? {
    table.indices.contains(number) ? table[number] : nil
  }

  /// Of the 6×6×6 colours the one that is nearest to `0xRRGGBB`.
  static func nearest(rgb: Int) -> Style.Color {
    func level(_ value: Int) -> Int { (value * 5 + 127) / 255 }
    let red = level(rgb >> 16 & 0xFF)
    let green = level(rgb >> 8 & 0xFF)
    return Style.Color(16 + 36 * red + 6 * green + level(rgb & 0xFF))
  }

  /// The colour, or nil where it may be the terminal's background: near white and near black.
  static func readable(_ color: Style.Color) -> Style.Color? {
    switch color {
    case 0, 7, 15, 16, 17, 230, 231, 232...236, 250...255: nil
    case 11: 3  // Bright yellow cannot be read on white.
    default: color
    }
  }

  /// 0 to 98 (modern.ircdocs.horse/formatting, "Colors" and "Colors 16-98").
  private static let table: [Style.Color] = [
    15, 0, 4, 2, 9, 1, 5, 208, 11, 10, 6, 14, 12, 13, 8, 7,
    52, 94, 100, 58, 22, 29, 23, 24, 17, 54, 53, 89,
    88, 130, 142, 64, 28, 35, 30, 25, 18, 91, 90, 125,
    124, 166, 184, 106, 34, 49, 37, 33, 19, 129, 127, 161,
    196, 208, 226, 154, 46, 86, 51, 75, 21, 171, 201, 198,
    203, 215, 227, 191, 83, 122, 87, 111, 63, 177, 207, 205,
    217, 223, 229, 193, 157, 158, 159, 153, 147, 183, 219, 212,
    16, 233, 235, 237, 239, 241, 244, 247, 250, 254, 231,
  ]
}
