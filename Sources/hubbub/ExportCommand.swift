import ArgumentParser
import Glibc
import HubbubServer

/// `hubbub export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print what a server remembers of a room, or of what an account has said.",
    discussion: """
      A line of JSON for each message, in the order in which it was said, with its id, time, \
      author and account. Reads history.db in the folder of 'state', also while the server runs.

      Exit codes: 0 it was done, 1 it could not be (the reason is printed), 64 wrong usage, 78 the \
      settings cannot be used.
      """)

  @OptionGroup var files: StateOptions

  @Option(help: ArgumentHelp("What was said in this room.", valueName: "#room"))
  var room: String?

  @Option(
    help: ArgumentHelp(
      "What this account has said, in rooms and in private.", valueName: "account"))
  var account: String?

  func validate() throws {
    guard (room == nil) != (account == nil) else {
      throw ValidationError("Name one of the two: --room '#room' or --account name.")
    }
  }

  func run() throws {
    try files.run(reporting: HistoryAdministration.Failure.self) { settings in
      let history = try HistoryAdministration(settings)
      let print: (String) throws -> Void = { try StandardOutput.print($0) }
      let count =
        if let room { try history.export(room: room, to: print) } else {
          try history.export(account: account ?? "", to: print)
        }
      StandardError.write("\(count) \(count == 1 ? "message" : "messages")\n")
    }
  }
}
