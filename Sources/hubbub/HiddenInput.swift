import Glibc

/// Asks on the terminal without showing what is typed.
enum HiddenInput {
  /// - Returns: the line; nil at the end of the input, or after Ctrl-C.
  static func ask(_ question: String) -> String? {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var hidden = before
    // Without signals, so that Ctrl-C cannot leave the terminal mute: it is a character, seen below.
    hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
    StandardError.write(question)
    let line = readLine()
    StandardError.write("\n")
    return line.flatMap { $0.utf8.contains(interruption) ? nil : $0 }
  }

  /// Ctrl-C.
  private static let interruption: UInt8 = 3
}
