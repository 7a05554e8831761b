import HubbubCluster
import Yams

extension ServerSettings {
  /// Being a part of a network of several servers.
  static let clusterKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "cluster.engine", \.configuration.cluster.engine, .list(of: .engineAddress),
      takesEffect: .afterRestart,
      """
      Where the etcd servers are that keep the order of a network of several nodes; none: this \
      server is alone. Three of them survive the loss of one.
      """),
    SettingsKey(
      "cluster.network", \.configuration.cluster.network, .clusterName, takesEffect: .afterRestart,
      "What the nodes of one network have in common: its name among the keys of etcd."),
    SettingsKey(
      "cluster.node", \.configuration.cluster.node, .nodeNumber, takesEffect: .afterRestart,
      "This node's number; no other of the network has it."),
    SettingsKey(
      "cluster.user", \.configuration.cluster.user, .optional(.word("a name")),
      takesEffect: .afterRestart,
      "By which name etcd knows the nodes; null where it asks nobody."),
    SettingsKey(
      "cluster.password-file", \.configuration.cluster.passwordFile, .optional(.file),
      takesEffect: .afterRestart, "A file with the password for that, alone on its line."),
    SettingsKey(
      "cluster.compare", \.configuration.cluster.comparisonInterval, .count(1...1_000_000_000),
      takesEffect: .afterRestart,
      """
      After how many entries of the log the nodes compare digests of their states. One that has \
      another stops, for what it would show is not what the others see.
      """),
    SettingsKey(
      "cluster.ca", \.configuration.cluster.authorityFile, .optional(.file),
      takesEffect: .afterRestart,
      """
      A file with the certificates of those who may vouch for etcd's servers (https); null: whom \
      the system trusts.
      """),
  ]

  /// What all nodes of a network must have alike, by the names of the options: actions are decided
  /// by it, or people would be told other limits on each node.
  static let clusterTerms = [
    "network", "rooms", "accounts.enabled", "accounts.sessions", "history.enabled",
    "history.direct", "history.empty-rooms", "history.rooms",
    "limits.rooms-per-client", "limits.members-per-room",
    "limits.nickname", "limits.user-name", "limits.real-name", "limits.room-name", "limits.topic",
    "limits.away", "limits.kick", "limits.key", "limits.masks-per-list", "limits.mask",
  ]

  /// Checks what is said of a network of several nodes.
  static func checkCluster(
    _ settings: inout ServerSettings, _ reading: inout SettingsReading
  ) {
    let configuration = settings.configuration
    let cluster = configuration.cluster
    guard !cluster.engine.isEmpty else {
      if cluster != ClusterSettings() {
        reading.advise(
          "there is no network without 'cluster.engine', the addresses of etcd's servers",
          about: "cluster.network")
      }
      return
    }
    if (cluster.user == nil) != (cluster.passwordFile == nil) {
      reading.note(
        "expected both 'cluster.user' and 'cluster.password-file', or neither",
        about: cluster.user == nil ? "cluster.password-file" : "cluster.user")
    }
    if cluster.user != nil, cluster.engine.contains(where: Self.isInTheClear) {
      reading.note(
        "the password would travel in the clear; expected https, but for this machine",
        about: "cluster.engine")
    }
    if cluster.authorityFile != nil, !cluster.engine.contains(where: { $0.hasPrefix("https:") }) {
      reading.advise("no address begins with https: it is for nothing", about: "cluster.ca")
    }
    // Without a folder a server keeps neither; the nodes compare what they do.
    if configuration.state == nil {
      settings.configuration.accounts.isEnabled = false
      settings.configuration.history.isEnabled = false
    }
  }

  /// Whether what is said to an etcd server can be read on the way.
  private static func isInTheClear(_ address: String) -> Bool {
    guard address.hasPrefix("http://") else { return false }
    let place = address.dropFirst("http://".count)
    return !["127.", "localhost:", "[::1]"].contains { place.hasPrefix($0) }
  }

}

extension SettingsType where Value == String {
  static let engineAddress = Self(
    scalar: "the address of an etcd server, as in https://etcd.example:2379",
    parse: { EtcdSettings.isEndpoint($0) ? $0 : nil }, write: Node.quoted)

  static let clusterName = Self(
    scalar: "a name of 1 to 64 letters, digits, '-', '_' and '.'",
    parse: { EtcdSettings.isNetworkName($0) ? $0 : nil }, write: Node.quoted)
}

extension SettingsType where Value == NodeID {
  static let nodeNumber = Self(
    scalar: "a number from 1 to 1023",
    parse: { text in
      Quantity.number(text).flatMap { (1...1023).contains($0) ? NodeID($0) : nil }
    }, write: { .plain("\($0)") })
}
