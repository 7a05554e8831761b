import ArgumentParser
import Glibc
import HubbubDial
import HubbubSockets
import HubbubSwarm
import HubbubThreads

/// `hubbub watch`
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "See from inside how evenly a Hubbub server serves its rooms.",
    discussion: """
      Once a second: each room with its members, its messages a second, the time from the first \
      member's getting a message to the last one's, and the largest lag; each member with how far \
      it is behind, where it stands on average (0 always first, 1 always last), its share of what \
      is said, and whether its connection is full; and who was ended, and why.

      An operator of the server sees all rooms: '--oper NAME' takes the password from the \
      environment, as HUBBUB_OPER_PASSWORD, or asks for it. Others see them where the server was \
      started with 'hubbub serve --open-stats'; a room's operators see its figures with '/raw \
      STATS f #room' in 'hubbub join'.

      Who is served unlike the others is marked: '!late' and '!early' stand at one end of the line \
      more often than chance explains, '!behind' has far more still to get than the others, and \
      'full' does not read what it is sent.

      On a terminal the view is redrawn in place: 'q' ends it, and 'w', 'n', 'b', 'y', 'p' and 's' \
      sort it as --sort does; the same key again turns the order round.

      Exit codes: 0 done, 1 nothing to see (the reason is printed), 64 wrong usage.
      """)

  @Argument(
    help: ArgumentHelp(
      "The server, or a port of this machine. Port 6667 if none is given.", valueName: "host[:port]"
    ))
  var host = "127.0.0.1"

  @OptionGroup(title: "TLS")
  var tls: TLSClientOptions

  @Option(help: ArgumentHelp("A room to show, instead of all; may be repeated.", valueName: "room"))
  var room: [String] = []

  @Option(help: "Seconds from one look to the next.")
  var interval = 1.0

  @Option(
    help: ArgumentHelp(
      "Sort members by worst, name, behind, bytes, position or share; with a '-' before it the "
        + "other way round, as in --sort=-share.",
      valueName: "column"))
  var sort = "worst"

  @Flag(help: "Look once.")
  var once = false

  @Flag(help: "Print a line of JSON for each look.")
  var json = false

  @Option(help: "The server's password (PASS).")
  var password: String?

  @Option(help: ArgumentHelp("Become this operator of the server first.", valueName: "name"))
  var oper: String?

  func validate() throws {
    guard Endpoint(host) != nil else {
      throw ValidationError("'\(host)' is no address; try 127.0.0.1:6667.")
    }
    guard order != nil else {
      let columns = WatchSort.Column.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--sort takes one of \(columns), with or without a '-' before it.")
    }
    guard (0.1...3600).contains(interval) else {
      throw ValidationError("--interval must be between 0.1 and 3600 seconds.")
    }
  }

  func run() throws {
    do {
      let options = Watch.Options(
        endpoint: Endpoint(host, defaultPort: tls.defaultPort)!, tls: try tls.context(),
        rooms: room, interval: .seconds(interval), isOnce: once, isJSON: json, password: password,
        account: try account(), sort: order ?? WatchSort())
      try Watch(options).run()
    } catch {
      print("hubbub: \(error)")
      throw ExitCode.failure
    }
  }

  /// What `--sort` names.
  private var order: WatchSort? {
    let isReversed = sort.hasPrefix("-")
    return WatchSort.Column(rawValue: String(sort.drop { $0 == "-" }))
      .map { WatchSort($0, isReversed: isReversed) }
  }

  /// Who asks, with the password that must not stand in the list of processes.
  private func account() throws -> Watch.Operator? {
    guard let oper else { return nil }
    let given = getenv("HUBBUB_OPER_PASSWORD").map { String(cString: $0) }
    guard let password = given ?? SecretPrompt.ask("Password of \(oper): ") else {
      throw Watch.Refused(
        description: "--oper needs a password: set HUBBUB_OPER_PASSWORD, or run it on a terminal.")
    }
    return Watch.Operator(name: oper, password: password)
  }
}
