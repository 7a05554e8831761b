import ArgumentParser
import Glibc
import HubbubSwarm

/// Where the figures go besides the screen.
struct SwarmOutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write every figure to this file, as JSON.", valueName: "file"))
  var json: String?

  /// What shows the run while it goes on.
  var view: any RunView {
    isatty(STDOUT_FILENO) == 1 ? LiveView() : PlainView()
  }

  /// Prints the verdict and writes the files.
  ///
  /// - Throws: `OutputFile.Unwritable`.
  func show(_ outcome: Outcome) throws {
    for line in Summary(outcome, isColoured: isatty(STDOUT_FILENO) == 1).lines { print(line) }
    if let json { try OutputFile.write(JSONReport(outcome).bytes, to: json) }
  }
}
