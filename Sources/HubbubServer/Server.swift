import HubbubSockets
import HubbubThreads
import Logging

/// The chat server: one thread a client, and a few for all.
///
/// `start` and `stop` are called once each, by one thread.
// @unchecked: `threads` belongs to the thread that starts and stops.
public final class Server: @unchecked Sendable {
  let hub: Hub
  private let intake: Intake
  private let doors: [Door]
  private let clock: ServerClock
  private let watchdog: Watchdog
  private let memoryRelief: MemoryRelief
  private var threads: [NamedThread] = []
  private var acceptors: [NamedThread] = []

  /// Opens the listeners, for settings that are never read again.
  ///
  /// - Throws: `NetworkError`, `SystemError`, `SettingsError`.
  public convenience init(_ configuration: Configuration, logger: Logger) throws {
    var settings = ServerSettings()
    settings.configuration = configuration
    try self.init(settings, from: nil, logger: logger)
  }

  /// Opens the listeners.
  ///
  /// - Parameters:
  ///   - source: where `reload` and REHASH read the settings again.
  ///   - askToStop: what DIE does; any thread may call it, and `stop` should follow.
  /// - Throws: `NetworkError`, `TLSError`, `SystemError`, and `SettingsError` when the ban file cannot be read.
  public init(
    _ settings: ServerSettings, from source: (any SettingsSource)?, logger: Logger,
    askToStop: @escaping @Sendable () -> Void = {}
  ) throws {
    let configuration = settings.configuration
    try Self.checkIdentity(configuration)
    doors = try Door.open(configuration)
    hub = try Hub(settings, from: source, logger: logger, askToStop: askToStop)
    intake = Intake(hub: hub)
    clock = ServerClock(hub: hub)
    memoryRelief = MemoryRelief(hub: hub)
    watchdog = StuckThreads.watchdog(configuration.limits, logger)
  }

  /// Reads all that the settings name: the certificate, its key, the bans. Listens nowhere, so that the server
  /// which they are for may be running. Any thread; waits for the disk.
  ///
  /// - Parameter source: where the settings come from.
  /// - Returns: what the server would start with, and people should know of.
  /// - Throws: `SettingsError`, `SystemError`.
  public static func check(
    _ settings: ServerSettings, from source: String, logger: Logger
  ) throws -> [String] {
    let hub: Hub
    do {
      try checkIdentity(settings.configuration)
      hub = try Hub(settings, isTrial: true, logger: logger)
    } catch let error as TLSError {
      throw SettingsError([settings.problem(error, in: source)])
    }
    if let obstacle = settings.configuration.banFile.map(BanFile.init(path:))?.obstacle {
      throw SettingsError([settings.places.problem(obstacle, about: "ban-file", in: source)])
    }
    return [hub.certificate.context?.warning].compactMap { $0 }
  }

  private static func checkIdentity(_ configuration: Configuration) throws(TLSError) {
    let needsOne = configuration.listeners.contains { $0.kind.isSecure }
    if needsOne, configuration.tls == nil { throw .noIdentity }
  }

  /// Where it listens, with the ports that the system chose.
  public var endpoints: [Endpoint] { endpoints(Door.Kind()) }

  /// Where it listens with TLS.
  public var secureEndpoints: [Endpoint] { endpoints(Door.Kind(isSecure: true)) }

  /// The same of one kind of door.
  func endpoints(_ kind: Door.Kind) -> [Endpoint] {
    doors.filter { $0.kind == kind }.map(\.listener.endpoint)
  }

  /// How many are here, in one line for people. Looks at the tables that every client needs.
  public var status: String {
    "\(hub.clients.population.registered) people in \(hub.registry.roomCount) rooms, "
      + "\(hub.clients.connectedCount) connections"
  }

  /// Starts the server's threads and returns.
  ///
  /// - Throws: `SystemError` when a thread cannot be started.
  public func start() throws {
    DescriptorLimit.raise()
    threads = [
      try NamedThread(name: "drainer") { [hub] in hub.drainer.run() },
      try NamedThread(name: "clock") { [clock] in clock.run() },
      try NamedThread(name: "intake") { [intake] in intake.run() },
      try NamedThread(name: "watchdog") { [watchdog] in watchdog.run() },
      try NamedThread(name: "memory") { [memoryRelief] in memoryRelief.run() },
    ]
    hub.warnOfCertificate()
    for door in doors {
      let acceptor = Acceptor(door, intake: intake, hub: hub)
      acceptors.append(try NamedThread(name: "accept") { acceptor.run() })
      hub.logger.notice("listening", metadata: door.description)
    }
  }

  /// Reads the settings again and puts in force what can be changed without dropping anyone; what came of
  /// it is logged. Any thread; waits for the disk.
  public func reload() { _ = hub.reload.run(on: hub) }

  /// Waits until somebody was here and the last one has left, or until nobody has come for `patience`.
  public func waitUntilDeserted(patience: Duration) {
    guard hub.clients.waitUntilVisited(upTo: patience) else { return }
    while !hub.clients.waitUntilEmpty(upTo: .seconds(3600)) {}
  }

  /// Stops: accepts no more, tells everyone, lets what is queued leave for a while, ends every
  /// connection and joins every thread.
  public func stop() {
    for door in doors { door.listener.stop() }
    for acceptor in acceptors { acceptor.join() }
    hub.isStopping.store(true, ordering: .relaxed)
    hub.clients.close()
    intake.stop()
    let connected = hub.clients.connectedCount
    for client in hub.clients.all { client.end("Server is stopping", whenSent: true) }
    if !hub.clients.waitUntilEmpty(upTo: hub.limits.farewell) {
      for client in hub.clients.all { client.end("Server is stopping") }
    }
    // Those that were admitted while the others were told.
    while !hub.clients.waitUntilEmpty(upTo: .milliseconds(100)) {
      for client in hub.clients.all { client.end("Server is stopping") }
    }
    hub.drainer.stop()
    clock.stop()
    watchdog.stop()
    memoryRelief.stop()
    for thread in threads { thread.join() }
    // Where the disk failed before, it may be better now; what is wrong is logged.
    _ = hub.bans.save(hub.logger)
    hub.logger.notice("stopped", metadata: ["clients": "\(connected)"])
  }
}
