/// How a node and its network are, for people. A value.
public struct NodeStatus: Sendable, Equatable {
  public struct Node: Sendable, Equatable {
    public let node: NodeID
    public let name: String
    public let version: String
    public let isSelf: Bool
  }

  /// Those who are members now, in the order of their numbers.
  public var nodes: [Node] = []

  /// The last entry that was applied here.
  public var revision: Int64 = 0

  /// How many entries, and actions in them, have been applied since the start.
  public var entries: UInt64 = 0
  public var actions: UInt64 = 0

  /// How long the last batch of this node's own took from its being made to its being applied here.
  public var lagMilliseconds: Int64 = 0

  /// How many actions of this node's own wait for the log.
  public var waiting = 0

  /// How many of them were refused since the start, because the nodes could not agree.
  public var refused: UInt64 = 0

  /// What the engine is, and which of its servers is asked.
  public var engine = ""

  /// Why it is away; nil while it is there.
  public var trouble: String?

  /// The revision of the newest state that this node has written down; nil for none.
  public var snapshot: Int64?

  /// Why the last one could not be written; nil where it could.
  public var snapshotTrouble: String?
}
