import Glibc

/// The keys of the terminal, one by one as they are pressed, while a view is shown.
///
/// The terminal is as before when `restore()` was called, or a signal ended the program. There is
/// one at a time, on the thread that shows the view.
struct Keys {
  // What the terminal was like, for a signal handler. Written before the handler is installed, and
  // never again.
  private nonisolated(unsafe) static var before = termios()

  /// Ctrl-C and Ctrl-D, which come as keys.
  private static let ending: Set<UInt8> = [3, 4]

  /// - Returns: nil where standard input is no terminal.
  init?() {
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &Self.before) == 0 else { return nil }
    var now = Self.before
    // Ctrl-C too: were it a signal, the program would end with the terminal as it is now.
    now.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    for number in [SIGTERM, SIGHUP, SIGINT] {
      signal(number) { number in
        tcsetattr(STDIN_FILENO, TCSANOW, &Keys.before)
        _exit(128 + number)
      }
    }
    guard tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0 else { return nil }
  }

  func restore() { tcsetattr(STDIN_FILENO, TCSANOW, &Self.before) }

  /// The next key, where one was pressed; `q` for Ctrl-C, Ctrl-D and the end of the terminal.
  func read() -> Character? {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 0) > 0 else { return nil }
    var byte: UInt8 = 0
    let count = Glibc.read(STDIN_FILENO, &byte, 1)
    guard count > 0, !Self.ending.contains(byte) else { return "q" }
    return Character(UnicodeScalar(byte))
  }
}
