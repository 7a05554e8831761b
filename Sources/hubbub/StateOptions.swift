import ArgumentParser
import Glibc
import HubbubServer

/// Which server's files a command works on.
struct StateOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("The settings file.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the server's files. (default: ~/.local/state/hubbub)", valueName: "dir"))
  var state: String?

  /// Does something with the settings that the server has, or would have. Where they are wrong, or
  /// `body` fails, prints the reason and exits with its code.
  ///
  /// - Parameter failure: what `body` throws of what it was asked for.
  func run<Failure: Error>(
    reporting failure: Failure.Type, _ body: (ServerSettings) throws -> Void
  ) throws {
    do {
      let flags = try ServeOptions.parse(state.map { ["--state", $0] } ?? [])
      try body(FileAndFlags(path: config, flags: flags).read())
    } catch let error as Failure {
      StandardError.write("hubbub: \(error)\n")
      throw ExitCode.failure
    } catch let error as SettingsError {
      StandardError.write("\(error)\n")
      throw ExitCode(EX_CONFIG)
    }
  }
}
