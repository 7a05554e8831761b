import Glibc

/// Lines on a terminal that are redrawn in place.
struct Canvas {
  private var drawn = 0

  /// The terminal's size; 80 × 24 where it does not say.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? (Int(size.ws_col), Int(size.ws_row)) : (80, 24)
  }

  /// Draws the lines over those of the last time. One write, so that the terminal never shows half
  /// a picture.
  mutating func draw(_ lines: [String]) {
    var text = drawn > 0 ? "\u{1B}[\(drawn)A\r" : ""
    for line in lines { text += line + "\u{1B}[K\n" }
    text += "\u{1B}[J"
    drawn = lines.count
    print(text, terminator: "")
    fflush(nil)
  }
}
