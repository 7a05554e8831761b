import HubbubCluster
import HubbubRooms
import HubbubSockets
import HubbubThreads
import IRCWire
import Logging
import Yams

/// This server's part in a network of several nodes.
///
/// 1. `enter`, before anything else: it is a member, and knows when the network began.
/// 2. `fetchState` and `open`: the registry is what all nodes have.
/// 3. `start`: it is as far as they are; then clients may come.
/// 4. `stop`, when all of them have gone.
final class ClusterService: Sendable {
  let node: ClusterNode

  /// How the network began; its time is the beginning of every message id.
  let genesis: Genesis
  private let tenure: Tenure

  /// Tells clients and the log of what happens. Its thread is the server's.
  let news: ClusterNews
  private let leaseFile: LeaseFile?

  private init(
    _ node: ClusterNode, _ tenure: Tenure, _ genesis: Genesis, _ leaseFile: LeaseFile?,
    _ news: ClusterNews
  ) {
    (self.node, self.tenure, self.genesis) = (node, tenure, genesis)
    (self.leaseFile, self.news) = (leaseFile, news)
  }

  /// Becomes a member of the network that the settings name. Waits for the engine.
  ///
  /// - Parameter given: the engine, where it is not the one that the settings name.
  /// - Returns: nil where they name none.
  /// - Throws: `ClusterError`; `SettingsError` where a file that they name cannot be read.
  static func enter(
    _ settings: ServerSettings, in source: String, _ logger: Logger, engine given: (any Engine)?,
    askToReturn: @escaping @Sendable (String) -> Void
  ) throws -> ClusterService? {
    let configuration = settings.configuration
    let cluster = configuration.cluster
    guard !cluster.engine.isEmpty else { return nil }
    let engine = try given ?? EtcdEngine(try EtcdSettings(settings, in: source))
    let node = ClusterNode(engine, cluster)
    let leaseFile = try StateFolder.open("lease of the network", settings, in: source, logger) {
      try LeaseFile(folder: $0, cluster)
    }
    do {
      let card = NodeCard(
        name: configuration.serverName, version: Version.text,
        terms: try settings.clusterTerms(in: source), time: .now)
      let (tenure, genesis) = try node.enter(card, ending: leaseFile?.read())
      leaseFile?.write(tenure.lease, logger)
      logger.notice(
        "entered the network",
        metadata: [
          "network": "\(cluster.network)", "node": "\(cluster.node)",
          "engine": "\(engine.address)",
        ])
      return ClusterService(node, tenure, genesis, leaseFile, ClusterNews(askToReturn))
    } catch {
      // It may have entered.
      let isOver = node.stop()
      leaseFile?.close(isOver: isOver)
      throw error
    }
  }

  /// The numbers of this server's connections are above this one.
  var firstConnection: MemberID { tenure.firstConnection }

  /// Reads the network's state. Waits for the engine.
  ///
  /// - Parameter revision: see `ClusterNode`.
  /// - Returns: whether there is none, and this server is to say what the network begins with.
  func fetchState(goingOnAfter revision: Int64?) throws(ClusterError) -> Bool {
    try node.fetchState(genesis, goingOnAfter: revision)
  }

  /// Takes that state over, or writes down what the registry has. Waits for the engine.
  func open(_ registry: Registry, _ charters: [RoomCharter]) throws(ClusterError) {
    try node.open(genesis, registry, charters, news)
  }

  /// Leaves, and joins the node's threads. All clients have gone.
  func stop() {
    let isOver = node.stop()
    leaseFile?.close(isOver: isOver)
    news.stop()
  }
}

extension ServerSettings {
  /// What the others must have alike: options as a settings file says them, and what the cloak of
  /// an address is (one of RFC 5737), so that bans hold whichever node somebody comes to. Waits for
  /// the disk.
  func clusterTerms(in source: String) throws(SettingsError) -> [NodeCard.Term] {
    let keys = Self.table.keys.filter { Self.clusterTerms.contains($0.name) }
    precondition(keys.count == Self.clusterTerms.count, "An option that decides has another name.")
    let silence = Logger(label: "hubbub") { _ in SwiftLogNoOpLogHandler() }
    let cloaks = try Cloaks.make(self, in: source, isTrial: false, silence)
    let address = "192.0.2.1"
    return keys.map { key in
      // What was read can be written.
      let text = (try? Yams.serialize(node: key.write(self))) ?? "?"
      // A room may have a key in it.
      let isSecret = key.name == "rooms"
      return NodeCard.Term(key.name, isSecret ? Self.digest(of: text) : text.trimmed)
    } + [
      NodeCard.Term("the format of the log", "2"),
      NodeCard.Term("the cloak of \(address) (cloak-key)", cloaks?.host(of: address) ?? address),
    ]
  }

  private static func digest(of text: String) -> String {
    let bytes = KeyedHash.sha256(of: Array(text.utf8), key: Array("rooms".utf8)).prefix(8)
    return "a list with the digest \(bytes.map { String($0, radix: 16) }.joined())"
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self
    while text.last?.isNewline == true || text.hasSuffix("...") {
      text.removeLast(text.last?.isNewline == true ? 1 : 3)
    }
    return text
  }
}

extension EtcdSettings {
  /// - Throws: `SettingsError` where a file cannot be read.
  fileprivate init(_ settings: ServerSettings, in source: String) throws(SettingsError) {
    let cluster = settings.configuration.cluster
    var password: String?
    if let file = cluster.passwordFile {
      do throws(FileError) {
        password = TextFile.lines(try TextFile.read(file)).first
      } catch {
        throw SettingsError([
          settings.places.problem(
            "'\(file)' cannot be read: \(error.reason)", about: "cluster", in: source)
        ])
      }
    }
    self.init(
      network: cluster.network, endpoints: cluster.engine, user: cluster.user, password: password,
      authorityFile: cluster.authorityFile)
  }
}
