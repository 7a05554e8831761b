import Glibc

/// The run on a terminal, redrawn in place: progress, and a row for each bot.
public struct LiveView: RunView {
  /// The time between two drawings, in seconds.
  static let interval = 0.25

  private var drawn = 0
  private var last = -1.0

  public init() {}

  public mutating func show(_ progress: Progress) {
    let time = RunClock.system.seconds
    guard time - last >= Self.interval else { return }
    last = time
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let lines = LivePage(
      progress, columns: isKnown ? Int(size.ws_col) : 80, rows: isKnown ? Int(size.ws_row) : 24
    ).lines
    draw(lines)
  }

  public mutating func clear() { draw([]) }

  /// One write, so that the terminal never shows half a picture.
  private mutating func draw(_ lines: [String]) {
    var text = drawn > 0 ? "\u{1B}[\(drawn)A\r" : ""
    for line in lines { text += line + "\u{1B}[K\n" }
    text += "\u{1B}[J"
    drawn = lines.count
    print(text, terminator: "")
    fflush(nil)
  }
}
