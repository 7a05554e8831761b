import Glibc
import HubbubCluster
import HubbubRooms
import HubbubSockets
import HubbubStore
import HubbubThreads
import IRCWire
import Logging
import Synchronization

/// What all threads of one server share.
final class Hub: Sendable {
  let current: CurrentConfiguration

  /// The server's name on the wire, which no reload changes.
  let serverName: String

  let registry: Registry

  /// What was said in rooms; nil where nothing is remembered.
  let history: RoomHistory?

  /// This server's part in a network of several; nil where it is alone.
  let cluster: ClusterService?

  /// Decides in which order what people do takes effect.
  let ordering: any Ordering
  let clients: ClientTable
  let bans: BanList

  /// Writes them to their file. `Server` starts and finishes it.
  let banWriting = ErrandThread(name: "bans")

  /// What is shown in the place of addresses; nil where addresses are shown.
  let cloaks: Cloaks?
  let passwords = PasswordGate()

  /// nil where there are none.
  let accounts: AccountService?

  /// Writes registered rooms down.
  let accountChores = AccountChores()

  /// What people and rooms say of themselves.
  let metadata = MetadataBook()

  /// How far people have read.
  let markers = ReadMarkers()

  /// Those who stay without a connection.
  let staying = StayingPeople()

  /// Reads the settings again.
  let reload: SettingsReload

  /// Called when an operator wants the server to stop. The thread that called `Server.start` stops
  /// it.
  let askToStop: @Sendable () -> Void
  let writableWatcher: WritableWatcher

  /// For one write to all members of a room; nil where the system does not allow it.
  let groups: SocketGroups?

  /// For the moment when there are no other descriptors.
  let spareDescriptor = SpareDescriptor()

  /// What encrypted connections begin with.
  let certificate: CurrentCertificate

  /// What the web ports share, and who is there and no client.
  let web: WebSite
  let visitors = WebVisitors()

  /// Those who say what hooks bring.
  let hooks = HookBots()

  /// Those who look at the dashboard.
  let live = LiveFigures()

  /// Whether the server is well.
  let health = Health()

  let endings = Endings()
  let logger: Logger
  let startedAt: Timestamp

  /// Counts the direct messages, for their ids. Relaxed: only the numbers' being different matters.
  private let directMessages = Atomic<UInt64>(0)

  /// Counts the batches, for their names. Relaxed: only the numbers' being different matters.
  private let batches = Atomic<UInt64>(0)

  /// Whether the server is stopping: then nobody is told of the others' leaving. Relaxed: a late
  /// QUIT does no harm.
  let isStopping = Atomic<Bool>(false)

  /// The settings that were loaded last. What is decided by them is decided by one look.
  var configuration: Configuration { current.value }

  var limits: Limits { current.limits }

  /// How much may be kept for slow readers.
  var memory: MemoryBudget { MemoryBudget(limits.lagMemoryBytes) }

  /// Says that too much may be kept for slow readers (`MemoryRelief`).
  let memoryAlarm = Alarm()

  /// - Parameters:
  ///   - source: where to read the settings again.
  ///   - askToStop: what DIE does.
  /// - Throws: `SystemError`, and `SettingsError` when the ban file or the cloaks' key cannot be
  ///   read.
  init(
    _ settings: ServerSettings, from source: (any SettingsSource)? = nil, logger: Logger,
    askToStop: @escaping @Sendable () -> Void = {},
    cluster: ClusterService? = nil, order: (LocalOrdering) -> any Ordering = { $0 }
  ) throws {
    self.cluster = cluster
    let configuration = settings.configuration
    // A network keeps its bans itself.
    let banFile = cluster == nil ? configuration.banFile.map(BanFile.init(path:)) : nil
    bans = try BanList(file: banFile)
    if let banFile, let obstacle = banFile.obstacle {
      logger.error(
        "bans cannot be kept", metadata: ["file": "\(banFile.path)", "reason": "\(obstacle)"])
    }
    cloaks = try Cloaks.make(settings, in: source?.name ?? "hubbub", isTrial: false, logger)
    clients = ClientTable(
      bans: bans, after: cluster?.firstConnection ?? 0)
    reload = SettingsReload(settings, from: source)
    self.askToStop = askToStop
    current = CurrentConfiguration(configuration)
    serverName = configuration.serverName
    self.logger = logger
    startedAt = Timestamp.now
    let limits = Registry.Limits(
      roomsPerMember: configuration.limits.roomsPerClient,
      membersPerRoom: configuration.limits.membersPerRoom,
      sessionsPerMember: configuration.accounts.sessions,
      formerNames: configuration.limits.formerNames,
      formerRooms: configuration.history.keepsEmptyRooms ? configuration.history.rooms : 0,
      formerTalks: configuration.history.isEnabled ? configuration.history.rooms : 0)
    groups = Self.openGroups(configuration, logger)
    writableWatcher = try WritableWatcher()
    certificate = try CurrentCertificate(configuration.tls)
    web = WebSite(current, certificate)
    // The last that may fail: they start threads.
    let accounts = try AccountService.open(settings, in: source?.name ?? "hubbub", logger)
    do {
      history = try RoomHistory.open(settings, in: source?.name ?? "hubbub", accounts, logger)
    } catch {
      accounts?.close(patience: configuration.limits.disk)
      throw error
    }
    self.accounts = accounts
    registry = Registry(
      limits: limits, startedAt: cluster?.genesis.time ?? startedAt,
      serverName: cluster.map { _ in configuration.cluster.sharedName }
        ?? configuration.serverName,
      groups: groups, rotatesStart: configuration.rotatesFanOut, archive: history,
      ledger: cluster == nil ? nil : accounts.map { AccountLedger($0.store) },
      isReplicated: cluster != nil)
    let charters = configuration.rooms.map(RoomCharter.init)
    if let cluster {
      ordering = cluster.node.ordering(LocalOrdering(registry))
      do { try join(cluster, charters) } catch {
        closeStores()
        guard let error = error as? StoreError else { throw error }
        throw SettingsError([
          settings.places.problem(
            error.description, about: "state", in: source?.name ?? "hubbub")
        ])
      }
      return
    }
    ordering = order(LocalOrdering(registry))
    registry.restore(accounts?.keptRooms ?? [])
    keepHistories()
    registry.establish(charters, now: startedAt)
    staying.restore(in: self, by: ordering)
  }

  /// Gives up the files that are open, where the server cannot start.
  private func closeStores() {
    _ = history?.close(patience: limits.disk)
    accounts?.close(patience: limits.disk)
  }

  /// The name of the server to which somebody is connected. Any thread.
  func serverName(of member: Member) -> String {
    let id = member.sessions.first?.id ?? member.id
    return cluster?.node.name(of: NodeID(of: id)) ?? serverName
  }

  /// The host that others see of whoever comes from an address. Any thread.
  func shownHost(of address: String) -> String { cloaks?.host(of: address) ?? address }

  private static func openGroups(
    _ configuration: Configuration, _ logger: Logger
  ) -> SocketGroups? {
    guard configuration.writesInGroups else { return nil }
    do {
      return try SocketGroups.open()
    } catch {
      logger.info("no io_uring: one write for each reader", metadata: ["reason": "\(error.reason)"])
      return nil
    }
  }

  /// A name for a batch: another one each time. Any thread.
  func batchReference() -> String {
    "m\(String(batches.add(1, ordering: .relaxed).newValue, radix: 36))"
  }

  /// A message id for what is in no room's log.
  func directMessageID() -> [UInt8] {
    let number = directMessages.add(1, ordering: .relaxed).newValue
    // Of two nodes that started at the same moment, each has its own.
    let node = cluster.map { _ in "\(String(configuration.cluster.node, radix: 36))." } ?? ""
    return Array("\(node)\(String(startedAt.milliseconds, radix: 36))-d\(number)".utf8)
  }
}

extension Timestamp {
  /// The time of day by the system's clock.
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
