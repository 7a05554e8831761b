import Glibc

/// Asks on the terminal without showing what is typed.
enum HiddenInput {
  /// - Returns: the line; nil at the end of the input, or after Ctrl-C.
  static func ask(_ question: String) -> String? {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var hidden = before
    // Without signals, so that Ctrl-C cannot leave the terminal mute: it ends the line instead.
    hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
    withUnsafeMutableBytes(of: &hidden.c_cc) { $0[Int(VEOL)] = interruption }
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
    StandardError.write(question)
    let line = readLine()
    StandardError.write("\n")
    return line
  }

  /// Ctrl-C.
  private static let interruption: UInt8 = 3

  /// One read is one line: the terminal sees to that.
  private static func readLine() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var count = read(STDIN_FILENO, &buffer, buffer.count)
    while count < 0, errno == EINTR { count = read(STDIN_FILENO, &buffer, buffer.count) }
    guard count > 0 else { return nil }
    var line = buffer.prefix(count)
    if line.last == UInt8(ascii: "\n") { line.removeLast() }
    return line.contains(interruption) ? nil : String(decoding: line, as: UTF8.self)
  }
}
