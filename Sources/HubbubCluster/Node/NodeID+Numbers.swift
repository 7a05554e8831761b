import HubbubRooms

// Connections are numbered by their nodes: no two of a network have the same number.

extension Tenure {
  /// The numbers of the connections of this time of the node are above this one. Rooms remember by
  /// them who has said what, beyond a node's end: the epoch keeps two times apart, for more than
  /// 65,536 connections come with more than one revision.
  public var firstConnection: MemberID {
    node.firstConnection + (MemberID(truncatingIfNeeded: epoch) & 0xFFFF_FFFF) << 16
  }
}

extension NodeID {
  /// The node to which a connection is.
  public init(of connection: MemberID) { self = NodeID(truncatingIfNeeded: connection >> 48) }

  /// The numbers of the node's connections are above this one.
  public var firstConnection: MemberID { MemberID(self) << 48 }
}
