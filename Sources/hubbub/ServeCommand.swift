import ArgumentParser
import FoundationEssentials
import Glibc
import HubbubServer
import HubbubSockets
import HubbubThreads
import Logging

/// `hubbub serve`
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run a chat server.",
    discussion: """
      Listens on 127.0.0.1:6667 unless told otherwise, for this machine alone; '--listen 0.0.0.0' opens it \
      to the network. Ctrl-C or SIGTERM stops it: everyone is told, what is queued leaves, and the port is \
      free again at once.

      Exit codes: 0 stopped when asked to, 1 cannot start (the reason is printed), 64 wrong usage.
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to listen: an address, a name or '*', with ':port' if not 6667. May be repeated.",
      valueName: "host[:port]"))
  var listen: [String] = ["127.0.0.1:6667"]

  @Option(help: "The server's name on the wire.")
  var name = "hubbub.local"

  @Option(help: "The network's name.")
  var network = "Hubbub"

  @Option(help: "Let in only those who send this password (PASS).")
  var password: String?

  @Option(help: ArgumentHelp("Show this file to everyone who comes in.", valueName: "file"))
  var motd: String?

  @OptionGroup(title: "TLS")
  var tls: TLSOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @Option(
    help: ArgumentHelp(
      "What to log: trace, debug, info, notice, warning, error or critical.", valueName: "level"),
    transform: Self.level(named:))
  var logLevel = Logger.Level.info

  @Option(help: "How to log: text or json, to standard error.")
  var logFormat: ServerLog.Format = .text

  @Flag(help: "Stop by itself when the last client has left, or when nobody has come for a minute.")
  var untilDeserted = false

  @Flag(
    help:
      "Let everybody see how evenly rooms are served ('hubbub watch'), not their operators alone.")
  var openStats = false

  @Flag(
    name: .customLong("unfair-fan-out"),
    help:
      "Deliver to the same member first every time. Unfair; to see what the rotation is good for.")
  var isUnfair = false

  func run() throws {
    // Before any thread starts, so that all of them leave the signals to the one that waits.
    let signals = StopSignals()
    let writer = try LogWriter()
    defer { writer.close() }
    let logger = Logger(label: "hubbub") { _ in
      ServerLog(level: logLevel, format: logFormat, writer: writer)
    }
    let service = ServiceReport(environment: ProcessInfo.processInfo.environment, logger: logger)
    let server: Server
    do {
      server = try Server(configuration(), logger: logger)
      Privileges.warnIfNeedless(for: server.endpoints, logger)
      try server.start()
      if let advice = try tls.advice(server.secureEndpoints) { print(advice) }
      fflush(nil)
    } catch let error as TLSError {
      writer.write("hubbub: \(error)")
      throw ExitCode.failure
    } catch let error as NetworkError {
      writer.write("hubbub: \(error)\(Self.advice(on: error))")
      throw ExitCode.failure
    }
    service.ready()
    let reporting = try NamedThread(name: "service") { service.run { server.status } }
    let desertion = untilDeserted ? try stopWhenDeserted(server) : nil
    let signal = signals.wait()
    logger.notice("stopping", metadata: ["signal": "\(signal)"])
    service.stopping()
    reporting.join()
    server.stop()
    desertion?.join()
  }

  private func stopWhenDeserted(_ server: Server) throws -> NamedThread {
    try NamedThread(name: "desertion") {
      server.waitUntilDeserted(patience: .seconds(60))
      // The way out is the same as for everybody who ends the server.
      kill(getpid(), SIGTERM)
    }
  }

  private func configuration() throws -> Configuration {
    var configuration = Configuration()
    configuration.endpoints = try listen.map { text in
      guard let endpoint = Endpoint(text) else {
        throw ValidationError("'\(text)' is no address to listen on; try 127.0.0.1:6667.")
      }
      return endpoint
    }
    configuration.serverName = name
    configuration.networkName = network
    configuration.password = password
    configuration.messageOfTheDay = try motd.map(Self.lines(of:))
    configuration.limits = limits.limits
    try tls.apply(to: &configuration)
    configuration.rotatesFanOut = !isUnfair
    configuration.hasOpenStatistics = openStats
    return configuration
  }

  func validate() throws {
    let isName =
      name.contains(".") && !name.contains(where: { $0.isWhitespace || $0 == "!" || $0 == "@" })
    guard isName else {
      throw ValidationError("--name needs a dot and no spaces, as in chat.example.")
    }
    guard !network.isEmpty, !network.contains(where: \.isWhitespace) else {
      throw ValidationError("--network must be one word.")
    }
  }

  private static func level(named name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else {
      let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(name)' is no log level; there are \(names).")
    }
    return level
  }

  private static func lines(of file: String) throws -> [String] {
    guard let stream = fopen(file, "r") else {
      let reason = SystemError(call: "open", errno: errno).reason
      throw ValidationError("--motd: '\(file)' cannot be read: \(reason).")
    }
    defer { fclose(stream) }
    var lines: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var size = 0
    defer { free(line) }
    while getline(&line, &size, stream) >= 0, let read = line {
      lines.append(String(cString: read).filter { !$0.isNewline })
    }
    guard ferror(stream) == 0 else {
      let reason = SystemError(call: "read", errno: errno).reason
      throw ValidationError("--motd: '\(file)' cannot be read: \(reason).")
    }
    return lines
  }

  private static func advice(on error: NetworkError) -> String {
    guard case .cannotListen(_, let system) = error else { return "" }
    switch system.errno {
    case EADDRINUSE: return " Is a server running there already? Choose another port with --listen."
    case EACCES: return " Ports below 1024 need privileges; choose another with --listen."
    default: return ""
    }
  }
}

extension ServerLog.Format: ExpressibleByArgument {}
