import HubbubCluster
import HubbubDial
import HubbubRooms
import HubbubSockets
import HubbubThreads
import IRCWire
import Logging

@testable import HubbubServer

/// A server on a port that the system chose, for one test.
final class TestServer {
  let server: Server
  let log = LogRecord()
  private var isStopped = false

  convenience init(_ change: (inout Configuration) -> Void = { _ in }) throws {
    try self.init(from: nil, change)
  }

  /// - Parameters:
  ///   - source: where the settings are read again.
  ///   - askToStop: what DIE does.
  ///   - order, engine: see `Server`.
  init(
    from source: (any SettingsSource)?, askToStop: (@Sendable () -> Void)? = nil,
    askToReturn: @escaping @Sendable (String) -> Void = { _ in }, engine: (any Engine)? = nil,
    order: (LocalOrdering) -> any Ordering = { $0 }, _ change: (inout Configuration) -> Void
  ) throws {
    var settings = ServerSettings()
    settings.configuration.endpoints = [Endpoint(host: "127.0.0.1", port: 0)]
    change(&settings.configuration)
    server = try Server(
      settings, from: source, logger: log.logger, askToStop: askToStop ?? {},
      askToReturn: askToReturn, engine: engine, order: order)
    try server.start()
  }

  deinit { stop() }

  var endpoint: Endpoint { server.endpoints[0] }

  func stop() {
    if !isStopped { server.stop() }
    isStopped = true
  }

  /// Connects and registers.
  func client(
    _ nickname: String, capabilities: [String] = [], password: String? = nil
  ) throws -> ScriptedClient {
    let client = try connect()
    let registration = Registration(
      nickname: nickname, password: password, capabilities: capabilities)
    _ = try registration.perform(on: client.connection)
    return client
  }

  /// Connects over TLS and registers.
  ///
  /// - Parameter identity: the certificate to show.
  func secureClient(
    _ nickname: String, trusting fingerprint: Fingerprint, identity: TLSIdentity? = nil
  ) throws -> ScriptedClient {
    let context = try TLSContext(client: .pin(fingerprint), identity: identity)
    let connection = try LineConnection.open(server.secureEndpoints[0], tls: context)
    _ = try Registration(nickname: nickname).perform(on: connection)
    return ScriptedClient(connection)
  }

  /// Connects and says nothing.
  func connect() throws -> ScriptedClient {
    ScriptedClient(try LineConnection.open(endpoint))
  }
}

/// What a server logged.
final class LogRecord: Sendable {
  private let lines = Monitor<[String]>([])

  func append(_ line: String) {
    lines.withLock { $0.append(line) }
    lines.wakeAll()
  }

  /// A logger that writes here.
  var logger: Logger { Logger(label: "test") { _ in RecordingLog(self) } }

  func find(_ isWanted: (String) -> Bool) -> String? {
    lines.withLock { $0.first(where: isWanted) }
  }

  /// Waits until a line contains all of `parts`.
  func waitForLine(containing parts: String...) -> String? {
    lines.wait(upTo: ScriptedClient.patience) { lines in
      lines.first { line in parts.allSatisfy(line.contains) }
    }
  }
}

struct RecordingLog: LogHandler {
  var logLevel = Logger.Level.trace
  var metadata: Logger.Metadata = [:]
  private let record: LogRecord

  init(_ record: LogRecord) { self.record = record }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let fields = (event.metadata ?? [:]).map { " \($0.key)=\($0.value)" }.sorted().joined()
    record.append("\(event.level) \(event.message)\(fields)")
  }
}
