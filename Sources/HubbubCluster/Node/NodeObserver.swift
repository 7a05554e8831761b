import HubbubRooms

/// What a node tells the server that it is a part of. Called by the node's threads, one call at a
/// time of each of them; nothing here may wait.
public protocol NodeObserver: AnyObject, Sendable {
  /// Something was done elsewhere, and has been applied here. Whoever is here and has something to
  /// read by it is delivered to by the node.
  func didApply(_ deed: Action.Deed, by author: Author, _ outcome: Outcome)

  /// Something is kept in common from here on in the log, or no more (nil), whoever has asked for
  /// it. In the order of the log.
  func didKeep(_ book: String, _ key: String, _ value: [UInt8]?)

  /// A node has come, or is gone.
  func didChange(_ node: NodeID, named name: String, isHere: Bool)

  /// The engine has been away for as long as nobody waits for it; with the reason.
  func engineIsAway(_ reason: String)

  /// It is back.
  func engineIsBack()

  /// The node's time is over: all its clients must go. Once.
  func isOver(_ reason: String)
}
