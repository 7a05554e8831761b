import HubbubRooms

// Connections are numbered by their nodes: no two of a network have the same number.

extension NodeID {
  /// The node to which a connection is.
  public init(of connection: MemberID) { self = NodeID(truncatingIfNeeded: connection >> 48) }

  /// The numbers of the node's connections are above this one.
  public var firstConnection: MemberID { MemberID(self) << 48 }
}
