import ArgumentParser
import Glibc
import HubbubServer
import HubbubThreads

/// `hubbub hash-password`
struct HashPasswordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hash-password",
    abstract: "Print the hash of a password, for the settings file.",
    discussion: """
      Asks for the password twice without showing it. Without a terminal it reads one line from standard \
      input. The hash is yescrypt's, with random salt: another one each time.

      Exit codes: 0 the hash was printed, 1 there was no password, or the two were not the same, 74 the \
      hash could not be written.
      """)

  func run() throws {
    do {
      try StandardOutput.print(PasswordHash.make(try password()))
    } catch let error as SystemError {
      try fail("This password cannot be hashed: \(error.reason).")
    }
  }

  private func password() throws -> String {
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

  private func fail(_ reason: String) throws -> Never {
    StandardError.write("hubbub: \(reason)\n")
    throw ExitCode.failure
  }
}
