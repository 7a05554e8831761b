import ArgumentParser
import HubbubServer
import HubbubThreads

/// `hubbub hash-password`
struct HashPasswordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hash-password",
    abstract: "Print the hash of a password, for the settings file.",
    discussion: """
      Asks for the password twice without showing it. Without a terminal it reads one line from \
      standard input. The hash is yescrypt's, with random salt: another one each time.

      Exit codes: 0 the hash was printed, 1 there was no password, or the two were not the same, \
      74 the hash could not be written.
      """)

  func run() throws {
    do {
      try StandardOutput.print(PasswordHash.make(try NewPassword.ask()))
    } catch let error as SystemError {
      try fail("This password cannot be hashed: \(error.reason).")
    }
  }

  private func fail(_ reason: String) throws -> Never {
    StandardError.write("hubbub: \(reason)\n")
    throw ExitCode.failure
  }
}
