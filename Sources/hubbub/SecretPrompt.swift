import Glibc

/// Asks on the terminal for what nobody may see.
enum SecretPrompt {
  /// Shows `question` and reads a line that the terminal does not show.
  ///
  /// - Returns: nil without a terminal, at its end, and after Ctrl-C.
  static func ask(_ question: String) -> String? {
    guard let terminal = fopen("/dev/tty", "r+") else { return nil }
    defer { fclose(terminal) }
    var before = termios()
    guard tcgetattr(fileno(terminal), &before) == 0 else { return nil }
    var silent = before
    // Without ISIG a Ctrl-C is a character like any other, and the terminal is not left silent by
    // it.
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    tcsetattr(fileno(terminal), TCSAFLUSH, &silent)
    defer { tcsetattr(fileno(terminal), TCSAFLUSH, &before) }
    fputs(question, terminal)
    fflush(terminal)
    var line: UnsafeMutablePointer<CChar>?
    var size = 0
    defer { free(line) }
    let count = getline(&line, &size, terminal)
    fputs("\n", terminal)
    guard count > 0, let line else { return nil }
    let text = String(cString: line).filter { !$0.isNewline }
    return text.contains("\u{3}") ? nil : text
  }
}
