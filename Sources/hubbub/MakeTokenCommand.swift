import ArgumentParser
import HubbubServer

/// `hubbub make-token`
struct MakeTokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make-token",
    abstract: "Make a token for a program, and the lines for the settings file.",
    discussion: """
      A token lets a program ask the web ports for more than everybody: 'metrics' for /metrics, \
      'read' for the dashboard and for looking by /api/v1, 'moderate' to kill, ban and tell all \
      something there, 'admin' for accounts and all else, 'say:#ROOM' to say something in a room \
      (POST /hooks/TOKEN). The settings keep its hash alone, so that it is shown once: the token \
      goes to standard output, the rest to standard error.

      Exit codes: 0 the token was printed, 64 wrong usage, 74 it could not be written.
      """)

  @Argument(help: ArgumentHelp("What it is called in the log.", valueName: "name"))
  var name: String

  @Option(
    name: .customLong("scope"),
    help: ArgumentHelp("What it is good for. May be repeated.", valueName: "scope"))
  var scopes: [String] = ["metrics"]

  func validate() throws {
    guard !name.isEmpty, !name.contains(where: \.isWhitespace) else {
      throw ValidationError("A name is one word.")
    }
    for scope in scopes where AccessToken.Scope(scope) == nil {
      throw ValidationError(
        "'\(scope)' is no scope; there are metrics, read, moderate, admin and say:#ROOM.")
    }
  }

  func run() throws {
    let (token, hash) = AccessToken.make()
    let list = scopes.map { "\"\($0)\"" }.joined(separator: ", ")
    StandardError.write(
      """
      Into the settings file, under 'tokens':
      - {name: "\(name)", sha256: "\(hash)", scopes: [\(list)]}
      And the token, which is shown this once:

      """)
    try StandardOutput.print(token)
  }
}
