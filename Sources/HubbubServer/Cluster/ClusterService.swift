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
/// 2. `open`: the registry is what all nodes have.
/// 3. `start`: it is as far as they are; then clients may come.
/// 4. `stop`, when all of them have gone.
final class ClusterService: Sendable {
  let node: ClusterNode

  /// The network's beginning: that of every message id.
  let beginning: Timestamp
  private let tenure: Tenure

  /// Tells clients and the log of what happens. Its thread is the server's.
  let news: ClusterNews
  private let leaseFile: LeaseFile?

  private init(
    _ node: ClusterNode, _ tenure: Tenure, _ beginning: Timestamp, _ leaseFile: LeaseFile?,
    _ news: ClusterNews
  ) {
    (self.node, self.tenure, self.beginning) = (node, tenure, beginning)
    (self.leaseFile, self.news) = (leaseFile, news)
  }

  /// Becomes a member of the network that the settings name. Waits for the engine.
  ///
  /// - Returns: nil where they name none.
  /// - Throws: `ClusterError`; `SettingsError` where a file that they name cannot be read.
  static func enter(
    _ settings: ServerSettings, in source: String, _ logger: Logger,
    askToReturn: @escaping @Sendable (String) -> Void
  ) throws -> ClusterService? {
    let configuration = settings.configuration
    let cluster = configuration.cluster
    guard !cluster.engine.isEmpty else { return nil }
    let engine = EtcdEngine(try EtcdSettings(settings, in: source))
    let node = ClusterNode(engine, cluster)
    let leaseFile = configuration.state.map { LeaseFile(folder: $0, cluster) }
    let card = NodeCard(
      name: configuration.serverName, version: Version.text, terms: settings.clusterTerms,
      time: .now)
    do throws(ClusterError) {
      let (tenure, beginning) = try node.enter(card, ending: leaseFile?.read())
      leaseFile?.write(tenure.lease, logger)
      logger.notice(
        "entered the network",
        metadata: [
          "network": "\(cluster.network)", "node": "\(cluster.node)",
          "engine": "\(engine.address)",
        ])
      return ClusterService(node, tenure, beginning, leaseFile, ClusterNews(askToReturn))
    } catch {
      // It may have entered.
      node.stop()
      throw error
    }
  }

  /// Takes the network's state over. Waits for the engine.
  func open(_ registry: Registry, _ charters: [RoomCharter]) throws(ClusterError) {
    #if DEBUG
      let interval: Int64? = 1000
    #else
      let interval: Int64? = nil
    #endif
    try node.open(
      tenure, beginning, registry, charters, checkingEvery: interval, news)
  }

  /// Leaves, and joins the node's threads. All clients have gone.
  func stop() {
    node.stop()
    leaseFile?.remove()
    news.stop()
  }
}

extension ServerSettings {
  /// What the others must have alike, as a settings file says it.
  var clusterTerms: [NodeCard.Term] {
    Self.table.keys.filter { Self.clusterTerms.contains($0.name) }.map { key in
      let node = key.write(self)
      let text = (try? Yams.serialize(node: node)) ?? "?"  // What was read can be written.
      return NodeCard.Term(key.name, text.trimmed)
    }
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
