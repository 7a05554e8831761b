import ArgumentParser
import CCommit
import Glibc
import HubbubServer
import HubbubSockets

/// The root command.
@main
struct Hubbub: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "A chat room server, its terminal client, and the instrument that shows whether it is fair.",
    discussion: """
      Start a server with 'hubbub serve', join it from other terminals with 'hubbub join', and let \
      20 bots talk at once with 'hubbub swarm'. It speaks IRC: other clients can join this server, \
      and this client and swarm can join other servers.
      """,
    version: "hubbub \(Version.number) (\(String(cString: ccommit())))",
    subcommands: [
      ServeCommand.self, JoinCommand.self, SwarmCommand.self, SiegeCommand.self,
      WatchCommand.self, AccountsCommand.self, ExportCommand.self, HashPasswordCommand.self,
      MakeTokenCommand.self,
    ])

  static func main() {
    do {
      try StandardDescriptors.complete()
    } catch {
      // There may be nowhere to say why.
      Glibc.exit(EX_OSERR)
    }
    main(nil)
  }
}
