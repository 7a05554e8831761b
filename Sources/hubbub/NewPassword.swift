import ArgumentParser
import Glibc

/// Asks for a password that is to be set.
enum NewPassword {
  /// On the terminal twice, without showing it; else one line of standard input.
  static func ask() throws -> String {
    guard isatty(STDIN_FILENO) == 1 else {
      guard let line = readLine(), !line.isEmpty else { try fail("There was no password.") }
      return line
    }
    guard let first = HiddenInput.ask("Password: "), !first.isEmpty else {
      try fail("There was no password.")
    }
    guard HiddenInput.ask("Once more: ") == first else { try fail("These were two passwords.") }
    return first
  }

  private static func fail(_ reason: String) throws -> Never {
    StandardError.write("hubbub: \(reason)\n")
    throw ExitCode.failure
  }
}
