/// How a node is a part of a network of several.
public struct ClusterSettings: Sendable, Equatable {
  /// The network's name: what its nodes have in common.
  public var network = "hubbub"

  /// This node's number: no other has it.
  public var node: NodeID = 1

  /// Where the servers of the engine are, as URLs.
  public var engine: [String] = []

  /// By which the engine knows this node; nil where it asks nobody.
  public var user: String?

  /// Where the password for that is.
  public var passwordFile: String?

  /// Whose certificates are believed of the engine's servers, where they have some (`https`); nil
  /// for those that the system believes.
  public var authorityFile: String?

  /// How long a node is a member without a word.
  public var life: Duration = .seconds(10)

  /// After how many revisions nodes compare their states.
  public var comparisonInterval = 20_000

  /// After how much of the log, and how long, the state is written down.
  public var snapshotBytes = 64 * 1024 * 1024
  public var snapshotPeriod: Duration = .seconds(300)

  /// What speaks in rooms where no person does: the same at all nodes.
  public var sharedName: String { network.contains(".") ? network : "\(network).network" }

  public init() {}
}
