import ArgumentParser
import Glibc
import HubbubServer
import HubbubSockets
import HubbubSwarm

/// `hubbub swarm`
struct SwarmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swarm",
    abstract: "Let many bots talk at once, and see how fast and how fairly a server treats them.",
    discussion: """
      20 bots, each a thread of its own, connect at the same moment, join one room, and exchange \
      messages while each reads what all others say. At the end it tells what arrived, how fast, \
      how evenly and in what order. Without a host it starts a Hubbub server inside this process; \
      with one it measures any IRC server, with --nodes several that share their rooms.

      Losses and order count from the first message, speed and latency after the warm-up. Ctrl-C \
      ends the run early; what was measured so far is reported.

      The gates, each a threshold of --gate:

      \(Self.gates)

      A difference fails a run only where it is beyond its gate and beyond chance: blocks of \
      neighbouring messages are dealt out anew among all who are compared, and one in a hundred \
      such deals may go as far at most. Lost, doubled, altered, disordered or misattributed \
      messages fail it always.

      Exit codes: 0 all gates hold, 1 a gate failed, 3 none failed and at least one could not be \
      told (marked '?'), 2 the run could not take place, 64 wrong usage, 73 a file cannot be \
      written, which is found out before the run.
      """)

  /// A line for each gate.
  private static var gates: String {
    Gates.Name.allCases.map { name in
      let label = name.rawValue + String(repeating: " ", count: 5 - name.rawValue.count)
      return "\(label) \(name.meaning) (\(Gates.text(name.standard)))"
    }.joined(separator: "\n")
  }

  @Argument(
    help: ArgumentHelp(
      "The server, or a port of this machine. Port 6667 if none is given.", valueName: "host[:port]"
    ))
  var host: String?

  @OptionGroup(title: "Nodes")
  var nodes: SwarmNodeOptions

  @OptionGroup(title: "Load")
  var load: SwarmLoadOptions

  @OptionGroup(title: "Trouble")
  var trouble: SwarmTroubleOptions

  @OptionGroup(title: "Browsers")
  var browsers: SwarmWebOptions

  @OptionGroup(title: "TLS")
  var tls: TLSClientOptions

  @OptionGroup(title: "Output")
  var output: SwarmOutputOptions

  @Option(
    help: ArgumentHelp(
      "The server's process on this machine: its processor time and memory are measured.",
      valueName: "pid"))
  var pid: Int32?

  @Option(help: "The server's password (PASS).")
  var password: String?

  @Option(help: "Where chance begins. The same seed gives the same schedule.")
  var seed: UInt64 = 1

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Run it this many times, each with the next seed, and judge the whole: what may be chance in "
        + "one run is none in several.",
      valueName: "runs"))
  var repetitions = 1

  @Flag(
    help:
      "Ask the server for no capabilities: no echo, no times, no tags. Without a guest either.")
  var plain = false

  @Option(
    help: ArgumentHelp(
      "Another threshold for one gate, as M3=5; may be repeated.", valueName: "name=value"))
  var gate: [String] = []

  func validate() throws {
    do {
      let anywhere = Endpoint(host: "127.0.0.1", port: 0)
      let named = try nodes.endpoints(defaultPort: tls.defaultPort)
      var plan = plan(named.isEmpty ? [anywhere] : named)
      plan.web = browsers.door(beside: anywhere, isSecure: false)
      try plan.check()
      var gates = Gates()
      for text in gate { try gates.set(text) }
    } catch let error as Plan.Unsuitable {
      throw ValidationError(error.description)
    }
    guard host == nil || nodes.nodes == nil else {
      throw ValidationError("Choose one of a host and --nodes.")
    }
    if let host, Endpoint(host) == nil {
      throw ValidationError("'\(host)' is no address; try 127.0.0.1:6667.")
    }
    guard (1...1_000).contains(repetitions) else {
      throw ValidationError("--repeat takes 1 to 1,000 runs.")
    }
    guard repetitions == 1 || output.histogram == nil && output.events == nil else {
      throw ValidationError("--histogram and --events tell of one run: leave out --repeat.")
    }
    guard !isOwnServer || browsers.webAddress == nil else {
      throw ValidationError("--web-address needs a host; where a server of our own is, is known.")
    }
    guard !isOwnServer || tls.ca == nil && tls.pin == nil else {
      throw ValidationError("--ca and --pin need a host; a server of our own is known.")
    }
  }

  /// Whether the swarm starts a server of its own.
  private var isOwnServer: Bool { host == nil && nodes.nodes == nil }

  func run() throws {
    try writing { try output.check() }
    guard output.compared.isEmpty else { return try writing { try output.compare() } }
    Interruption.install()
    let outcomes: [Outcome]
    do {
      outcomes = try measureAll()
    } catch let error as OutputFile.Unwritable {
      throw Self.cannotWrite(error)
    } catch {
      print("hubbub: \(error)")
      throw ExitCode(2)
    }
    let result: Outcome.Result
    if repetitions == 1 {
      result = outcomes[0].result
      try writing { try output.show(outcomes[0]) }
    } else {
      let series = Series(outcomes)
      result = series.result
      try writing { try output.show(series) }
    }
    guard result == .held else { throw ExitCode(result.exitCode) }
  }

  /// All repetitions. Ctrl-C ends the run that goes on, and then there is no other.
  private func measureAll() throws -> [Outcome] {
    var outcomes: [Outcome] = []
    for number in 1...repetitions where outcomes.isEmpty || Interruption.stop.requests == 0 {
      outcomes.append(try measure(repetition: number - 1))
      guard repetitions > 1 else { break }
      output.tell(SeriesSummary.line(outcomes[number - 1], number: number, of: repetitions))
    }
    return outcomes
  }

  /// Says what keeps `body` from writing a file.
  private func writing(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as OutputFile.Unwritable {
      throw Self.cannotWrite(error)
    } catch let error as OutputFile.Clash {
      throw ValidationError("\(error)")
    }
  }

  private static func cannotWrite(_ error: OutputFile.Unwritable) -> ExitCode {
    print("hubbub: \(error)")
    return ExitCode(EX_CANTCREAT)
  }

  /// Where the bots go; nowhere yet where the server is one of our own.
  private func targets() throws -> [Endpoint] {
    guard let host else { return try nodes.endpoints(defaultPort: tls.defaultPort) }
    return [Endpoint(host, defaultPort: tls.defaultPort)].compactMap(\.self)
  }

  /// Runs against the host, the nodes, or a server of our own.
  private func measure(repetition: Int) throws -> Outcome {
    let targets = try targets()
    if let first = targets.first {
      var plan = plan(targets, repetition)
      plan.tls = try tls.context()
      plan.web = browsers.door(beside: first, isSecure: plan.tls != nil)
      return try measure(plan)
    }
    var configuration = Configuration()
    var trust: TLSContext?
    if tls.tls {
      let identity = try TLSIdentity.selfSigned(names: ["localhost"])
      configuration.tls = TLSSettings(identity: identity)
      trust = try TLSContext(client: .pin(identity.fingerprint))
    }
    // Somebody who comes back asks for what is remembered.
    let folder = try trouble.recovery.map { _ in try TemporaryFolder.make() }
    defer { folder?.remove() }
    configuration.state = folder?.path
    let server = try InProcessServer.start(configuration, withWeb: browsers.web != nil)
    defer { server.stop() }
    var plan = plan([server.endpoint], repetition)
    plan.tls = trust
    plan.web = server.webEndpoint.flatMap { address in
      browsers.web.map { WebDoor(address, share: $0) }
    }
    plan.processID = getpid()
    if plan.label == nil { plan.label = "hubbub, in-process" }
    return try measure(plan)
  }

  private func measure(_ plan: Plan) throws -> Outcome {
    output.tell("To watch it live: hubbub join \(plan.endpoint) --room '\(plan.firstRoom)'")
    var view = output.view
    defer { view.clear() }
    return try Swarm.run(plan, stop: Interruption.stop) { view.show($0) }
  }

  private func plan(_ targets: [Endpoint], _ repetition: Int = 0) -> Plan {
    var plan = Plan(targets: targets)
    nodes.apply(to: &plan)
    load.apply(to: &plan)
    trouble.apply(to: &plan)
    output.apply(to: &plan)
    plan.processID = pid
    plan.password = password
    plan.seed = seed &+ UInt64(repetition)
    plan.isPlain = plain
    plan.hasGuest = trouble.hasGuest && !plain
    // Those that cannot be used were refused before.
    for text in gate { try? plan.gates.set(text) }
    return plan
  }
}
