/// Why a node does not become, or remain, a part of its network.
public enum ClusterError: Error, Sendable, CustomStringConvertible {
  case engine(EngineError)

  /// Another node has the number, and lives; its name.
  case taken(NodeID, by: String)

  /// The settings differ where they decide, each difference in words.
  case differs([String])

  /// The clocks are apart; by how much, and from whose.
  case clock(seconds: Int64, from: String)

  /// Nobody can come before the node has come back that began the network.
  case notFounded(by: NodeID)

  /// What is kept of the network cannot be understood.
  case unreadable(String)

  /// Whether it may be otherwise in a while, with nothing changed here.
  public var isPassing: Bool {
    switch self {
    case .engine: true
    // This one's own former time, perhaps.
    case .taken, .notFounded: true
    case .differs, .clock, .unreadable: false
    }
  }

  public var description: String {
    switch self {
    case .engine(let error): "\(error)"
    case .taken(let node, let name):
      "node \(node) is '\(name)' already: give this one another number (cluster.node)"
    case .differs(let differences):
      "this node's settings are not those of the network:\n  "
        + differences.joined(separator: "\n  ")
        + "\nMake them the same, and restart."
    case .clock(let seconds, let name):
      "this machine's clock is \(seconds) s off that of '\(name)': set it, and restart"
    case .notFounded(let node):
      "node \(node) began this network, and has not said what with: start it first"
    case .unreadable(let what):
      "what is kept of the network cannot be read: \(what). Is it of a later version?"
    }
  }
}
