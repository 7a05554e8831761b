import ArgumentParser
import FoundationEssentials
import Glibc
import HubbubCluster
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
      Listens on 127.0.0.1:6667 unless told otherwise, for this machine alone; '--listen 0.0.0.0' \
      opens it to the network. Ctrl-C or SIGTERM stops it: everyone is told, what is queued \
      leaves, and the port is free again at once.

      What is said in rooms is remembered, for those who are in them to read when they come back: \
      in history.db in the directory of --state, as long as the settings say (30 days), and not at \
      all with --no-history.

      All else is said in a settings file, in YAML: the one of --config, or \
      /etc/hubbub/hubbub.yaml, or hubbub/hubbub.yaml in $XDG_CONFIG_HOME (~/.config), whichever is \
      there first. '--print-config' prints one with every option, explained. Flags win over it. \
      SIGHUP reads it again: what can be changed without dropping anyone is changed, the log says \
      what and what needs a restart, and a broken file changes nothing.

      Exit codes: 0 stopped when asked to, 1 cannot start (the reason is printed), 64 wrong usage, \
      78 the settings cannot be used (what is wrong with them is printed).
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The settings file.", valueName: "file"))
  var config: String?

  @Flag(help: "Print a settings file with every option, its default, and what it is; then end.")
  var printConfig = false

  @Flag(
    help:
      ArgumentHelp(
        "Say what is wrong with the settings and the files that they name, and end: 0 nothing, 78 "
          + "something.")
  )
  var checkConfig = false

  @Flag(help: "Stop by itself when the last client has left, or when nobody has come for a minute.")
  var untilDeserted = false

  @OptionGroup
  var options: ServeOptions

  func run() throws {
    if printConfig { return try StandardOutput.print(SettingsPrint.file(), terminator: "") }
    let source = FileAndFlags(path: config, flags: options)
    do {
      let settings = try source.read()
      if checkConfig { return try check(settings, of: source) }
      // Not before, so that a disk that hangs under the settings can be interrupted; and before any
      // thread starts, so that all of them leave the signals to the one that waits.
      try serve(settings, from: source, until: ProcessSignals())
    } catch let error as SettingsError {
      let more = error.rest.map { Server.problems(in: $0, from: source.name) } ?? []
      StandardError.write("\(SettingsError(error.problems + more))\n")
      throw ExitCode(EX_CONFIG)
    }
  }

  private func check(_ settings: ServerSettings, of source: FileAndFlags) throws {
    let warnings = try Server.check(settings, from: source.name)
    for warning in warnings { try StandardOutput.print(warning) }
    if warnings.isEmpty { try StandardOutput.print("\(source.name): nothing is wrong") }
  }

  private func serve(
    _ settings: ServerSettings, from source: FileAndFlags, until signals: ProcessSignals
  ) throws {
    Allocator.limitArenas()
    let writer = try LogWriter()
    defer { writer.close() }
    let logger = Logger(label: "hubbub") { _ in
      ServerLog(level: settings.logLevel, format: settings.logFormat, writer: writer)
    }
    let service = ServiceReport(environment: ProcessInfo.processInfo.environment, logger: logger)
    let current = CurrentServer(service)
    defer { current.end() }
    var next: ServerSettings? = settings
    var isReturning = false
    var pause = Self.returnPause
    while let settings = next {
      let start = ContinuousClock.now
      do {
        next = try run(settings, from: source, until: signals, logger, writer, service, current)
        isReturning = true
        if ContinuousClock.now - start >= Self.longestPause { pause = Self.returnPause }
        // One that is out of its network as soon as it is in need not try at once.
        guard next == nil || isStill(for: pause, signals) else { return service.stopping() }
      } catch let error as ClusterError {
        guard isReturning, error.isPassing else {
          writer.write("hubbub: \(error)")
          throw error.isPassing ? ExitCode.failure : ExitCode(EX_CONFIG)
        }
        logger.warning("cannot enter the network again yet", metadata: ["reason": "\(error)"])
        guard isStill(for: pause, signals) else { return service.stopping() }
      }
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// How long a node that has lost its network waits before it tries to enter again: at first, and
  /// after several times.
  private static let (returnPause, longestPause): (Duration, Duration) = (
    .milliseconds(500), .seconds(16)
  )

  /// Waits; what a server that is not there is asked for is for nobody.
  ///
  /// - Returns: false where it is asked to stop.
  private func isStill(for pause: Duration, _ signals: ProcessSignals) -> Bool {
    let end = ContinuousClock.now + pause
    while let request = signals.wait(upTo: end - .now) {
      if case .stop = request { return false }
    }
    return true
  }

  /// Runs a server from its start to its end.
  ///
  /// - Returns: where it has lost its network, the settings with which another should be run.
  private func run(
    _ settings: ServerSettings, from source: FileAndFlags, until signals: ProcessSignals,
    _ logger: Logger, _ writer: LogWriter, _ service: ServiceReport, _ current: CurrentServer
  ) throws -> ServerSettings? {
    let request = ServerStop()
    let server = try start(settings, from: source, logger, writer, request)
    if let path = source.path { logger.notice("settings read", metadata: ["from": "\(path)"]) }
    for note in settings.notes { logger.warning("settings", metadata: ["note": "\(note)"]) }
    if let path = server.historyPath { logger.notice("history", metadata: ["file": "\(path)"]) }
    if let line = JoinAdvice.line(for: server) { logger.notice("\(line)") }
    try current.begin(server)
    let desertion = untilDeserted ? try stopWhenDeserted(server, request) : nil
    let reloading = try Reloading(server, service)
    let end = request.end(wait(for: signals, reloading, request))
    logger.notice("stopping", metadata: [end.name: "\(end.reason)"])
    if end.isToReturn { service.reloading() } else { service.stopping() }
    if end.isToReturn { server.stop(because: end.reason) } else { server.stop() }
    current.pause()
    reloading.stop()
    desertion?.join()
    return end.isToReturn ? server.settings : nil
  }

  private func start(
    _ settings: ServerSettings, from source: FileAndFlags, _ logger: Logger, _ writer: LogWriter,
    _ request: ServerStop
  ) throws -> Server {
    do {
      let server = try Server(settings, from: source, logger: logger) {
        request.ask(because: "an operator said DIE")
      } askToReturn: { reason in
        request.ask(because: reason, toReturn: true)
      }
      Privileges.warnIfNeedless(
        for: server.endpoints + server.webAddresses.map(\.endpoint), logger)
      try server.start()
      if let advice = try options.tls.advice(server.secureEndpoints) { print(advice) }
      fflush(nil)
      return server
    } catch let error as TLSError {
      writer.write("\(settings.problem(error, in: source.path ?? "hubbub"))")
      throw ExitCode.failure
    } catch let error as NetworkError {
      writer.write("hubbub: \(error)\(Self.advice(on: error))")
      throw ExitCode.failure
    }
  }

  /// Waits for the signal to stop, and returns its name; nil where it came from within.
  private func wait(
    for signals: ProcessSignals, _ reloading: Reloading, _ request: ServerStop
  ) -> String? {
    while true {
      switch signals.wait() {
      case .stop(let signal): return signal
      // It may have been for a server that is no more.
      case .within: if request.isAsked { return nil }
      case .reload: reloading.request()
      }
    }
  }

  private func stopWhenDeserted(
    _ server: Server, _ request: ServerStop
  ) throws -> NamedThread {
    try NamedThread(name: "desertion") {
      let wasVisited = server.waitUntilDeserted(patience: .seconds(60))
      request.ask(because: wasVisited ? "everybody left" : "nobody came")
    }
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
