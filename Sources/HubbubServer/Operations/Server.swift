import HubbubCluster
import HubbubRooms
import HubbubSockets
import HubbubThreads
import HubbubWeb
import Logging

/// The chat server: one thread a client, and a few for all.
///
/// `start` and `stop` are called once each, by one thread.
// @unchecked: `threads` belongs to the thread that starts and stops.
public final class Server: @unchecked Sendable {
  let hub: Hub
  private let connectionStarter: ConnectionStarter
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
  ///   - askToReturn: called once where this server has lost its network, with the reason: `stop`
  ///     should follow, and another server with the same settings. Any thread.
  /// - Throws: `ClusterError`, `NetworkError`, `TLSError`, `SystemError`, and `SettingsError` when
  ///   the ban file cannot be read.
  public convenience init(
    _ settings: ServerSettings, from source: (any SettingsSource)?, logger: Logger,
    askToStop: @escaping @Sendable () -> Void = {},
    askToReturn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    try self.init(
      settings, from: source, logger: logger, askToStop: askToStop, askToReturn: askToReturn
    ) { $0 }
  }

  /// - Parameters:
  ///   - engine: what keeps the order of a network, where it is not what the settings name.
  ///   - order: who decides in which order actions are applied, where it is somebody else.
  init(
    _ settings: ServerSettings, from source: (any SettingsSource)?, logger: Logger,
    askToStop: @escaping @Sendable () -> Void,
    askToReturn: @escaping @Sendable (String) -> Void = { _ in }, engine: (any Engine)? = nil,
    order: (LocalOrdering) -> any Ordering
  ) throws {
    let configuration = settings.configuration
    try Self.checkIdentity(configuration)
    // Before anybody can come: while it waits for its network, clients find another node.
    let cluster = try ClusterService.enter(
      settings, in: source?.name ?? "hubbub", logger, engine: engine,
      askToReturn: askToReturn)
    do {
      doors = try Door.open(configuration)
      hub = try Hub(
        settings, from: source, logger: logger, askToStop: askToStop, cluster: cluster,
        order: order)
    } catch {
      cluster?.stop()
      throw error
    }
    connectionStarter = ConnectionStarter(hub: hub)
    clock = ServerClock(hub: hub)
    memoryRelief = MemoryRelief(hub: hub)
    watchdog = StuckThreads.watchdog(configuration.limits, logger, hub.health)
  }

  /// Reads all that the settings name: the certificate, its key, the bans. Listens nowhere, so that
  /// the server which they are for may be running. Any thread; waits for the disk.
  ///
  /// - Parameter source: where the settings come from.
  /// - Returns: what the server would start with, and people should know of.
  /// - Throws: `SettingsError`, with all that is wrong.
  public static func check(
    _ settings: ServerSettings, from source: String
  ) throws(SettingsError) -> [String] {
    let problems = problems(in: settings, from: source)
    guard problems.isEmpty else { throw SettingsError(problems) }
    // Nothing is thrown by what was found to be in order; should it have changed since, the start
    // says so.
    let context = try? CurrentCertificate(settings.configuration.tls).context
    return settings.notes.map(\.description)
      + [context?.warning].compactMap { $0.map { "\(source): \($0)" } }
  }

  /// What is wrong with the files that settings name, also with settings that cannot be used
  /// otherwise, so that one fault hides no other.
  public static func problems(
    in settings: ServerSettings, from source: String
  ) -> [SettingsProblem] {
    NamedFiles.problems(in: settings, from: source)
  }

  private static func checkIdentity(_ configuration: Configuration) throws(TLSError) {
    let needsOne = configuration.listeners.contains { $0.kind.isSecure }
    if needsOne, configuration.tls == nil { throw .noIdentity }
  }

  /// Where it listens, with the ports that the system chose.
  public var endpoints: [Endpoint] { endpoints(Door.Kind()) }

  /// Where it listens with TLS.
  public var secureEndpoints: [Endpoint] { endpoints(Door.Kind(isSecure: true)) }

  /// Where browsers come: addresses to be opened.
  public var webAddresses: [(endpoint: Endpoint, isSecure: Bool)] {
    doors.filter(\.kind.isForWeb).map { ($0.listener.endpoint, $0.kind.isSecure) }
  }

  /// The same of one kind of door.
  func endpoints(_ kind: Door.Kind) -> [Endpoint] {
    doors.filter { $0.kind == kind }.map(\.listener.endpoint)
  }

  /// What others need to know of its certificate to join: its names and its fingerprint; nil
  /// without TLS.
  public var certificate: (names: [String], fingerprint: Fingerprint, isSelfSigned: Bool)? {
    guard let context = hub.certificate.context, let fingerprint = context.fingerprint else {
      return nil
    }
    return (context.names, fingerprint, context.isSelfSigned)
  }

  /// The settings that are in force, as they were read last. Any thread.
  public var settings: ServerSettings { hub.reload.current }

  /// The file in which it remembers what is said; nil where nothing is remembered.
  public var historyPath: String? { hub.history?.path }

  /// How many are here, in one line for people. Looks at the tables that every client needs.
  public var status: String {
    "\(hub.clients.population.registered) people in \(hub.registry.roomCount) rooms, "
      + "\(hub.clients.connectedCount) connections"
  }

  /// Starts the server's threads and returns.
  ///
  /// - Throws: `SystemError` when a thread cannot be started. Then the server is stopped: nothing
  ///   listens, and all threads are joined.
  public func start() throws { try start { try NamedThread(name: $0, body: $1) } }

  /// Starts a thread with a name.
  typealias ThreadStart = (String, @escaping @Sendable () -> Void) throws -> NamedThread

  /// - Parameter startThread: for tests, in which the system has no room for one more thread.
  func start(_ startThread: @escaping ThreadStart) throws {
    DescriptorLimit.raise()
    do {
      try startHelpers(startThread)
      try startCluster(startThread)
      hub.warnOfCertificate()
      for door in doors {
        let acceptor = Acceptor(door, connectionStarter: connectionStarter, hub: hub)
        acceptors.append(try startThread("accept") { acceptor.run() })
        hub.logger.notice("listening", metadata: door.description)
      }
      hub.health.isReady.store(true, ordering: .relaxed)
    } catch {
      stop()
      throw error
    }
  }

  /// One by one, so that each that has started is joined if the next one cannot be.
  private func startHelpers(_ startThread: ThreadStart) throws {
    try hub.reload.reading.start()
    try hub.banWriting.start()
    threads.append(try startThread("writable-watcher") { [hub] in hub.writableWatcher.run() })
    threads.append(try startThread("clock") { [clock] in clock.run() })
    threads.append(
      try startThread("connection-starter") { [connectionStarter] in connectionStarter.run() })
    threads.append(try startThread("watchdog") { [watchdog] in watchdog.run() })
    threads.append(try startThread("dashboard") { [hub] in hub.live.run(hub) })
    threads.append(try startThread("memory") { [memoryRelief] in memoryRelief.run() })
    guard let accounts = hub.accounts else { return }
    threads.append(
      try startThread("account-chores") { [hub] in
        hub.accountChores.run(hub, accounts.store)
      })
    hub.accountChores.begin()
  }

  /// Joins the others, where there are some: clients are let in to what they are in by now.
  private func startCluster(_ startThread: @escaping ThreadStart) throws {
    guard let cluster = hub.cluster else { return }
    threads.append(try startThread("cluster-news") { [hub] in cluster.news.run(hub) })
    try cluster.node.start(startThread) { .now }
  }

  /// Reads the settings again and puts in force what can be changed without dropping anyone; what
  /// came of it is logged. Any thread; waits for the disk.
  public func reload() { _ = hub.reload.run(on: hub) }

  /// Waits until somebody was here and the last one has left, or until nobody has come for
  /// `patience`.
  ///
  /// - Returns: whether anybody was here.
  public func waitUntilDeserted(patience: Duration) -> Bool {
    guard hub.clients.waitUntilVisited(upTo: patience) else { return false }
    while !hub.clients.waitUntilEmpty(upTo: .seconds(3600)) {}
    return true
  }

  /// Stops: accepts no more, tells everyone why, lets what is queued leave for a while, ends every
  /// connection and joins every thread. Waits for a disk no longer than `limits.disk`.
  public func stop(because reason: String = "Server is stopping") {
    // Whoever waits for a disk holds up the stop as well.
    hub.reload.reading.release()
    hub.banWriting.release()
    for door in doors { door.listener.stop() }
    for acceptor in acceptors { acceptor.join() }
    hub.isStopping.store(true, ordering: .relaxed)
    hub.history?.willStop()
    hub.clients.close()
    hub.visitors.close()
    hub.live.stop(patience: hub.limits.farewell)
    connectionStarter.stop()
    let connected = hub.clients.connectedCount
    for client in hub.clients.all { client.end(reason, .goingAway, whenSent: true) }
    if !hub.clients.waitUntilEmpty(upTo: hub.limits.farewell) {
      for client in hub.clients.all { client.end(reason, .goingAway) }
    }
    // What is still to be written down in a network is to be agreed on.
    if hub.cluster != nil { _ = hub.accountChores.stop(upTo: hub.limits.farewell) }
    // Nobody waits for other servers any more.
    hub.cluster?.node.giveUp()
    // Those that were admitted while the others were told.
    while !hub.clients.waitUntilEmpty(upTo: .milliseconds(100)) {
      for client in hub.clients.all { client.end(reason, .goingAway) }
    }
    hub.cluster?.stop()
    hub.writableWatcher.stop()
    clock.stop()
    watchdog.stop()
    memoryRelief.stop()
    // What it still waits for is given up with the store.
    if !hub.accountChores.stop(upTo: hub.limits.disk) { hub.accounts?.store.release() }
    for thread in threads { thread.join() }
    finishErrands()
    hub.accounts?.close(patience: hub.limits.disk)
    finishHistory()
    // Another may come in its place, in the same process.
    if hub.cluster != nil { hub.registry.dissolve() }
    hub.logger.notice("stopped", metadata: ["clients": "\(connected)"])
  }

  private func finishHistory() {
    guard let history = hub.history else { return }
    hub.registry.endKeeping()
    // The node applies nothing any more.
    if let cluster = hub.cluster { history.note(lastRevision: cluster.node.status.revision) }
    if !history.close(patience: hub.limits.disk) {
      hub.logger.critical("not all of the history is stored", metadata: ["file": "\(history.path)"])
    }
  }

  private func finishErrands() {
    let deadline = ContinuousClock.now + hub.limits.disk
    // Where the disk failed before, it may be better now; what is wrong is logged.
    let areSaved = hub.banWriting.finish(by: deadline) { [hub] in _ = hub.bans.save(hub.logger) }
    if !areSaved {
      hub.logger.critical("bans not saved", metadata: ["reason": "the disk takes too long"])
    }
    if !hub.reload.reading.finish(by: deadline) {
      hub.logger.warning(
        "stopped while the settings were being read", metadata: ["from": "\(hub.reload.name)"])
    }
  }
}
