/// Whether a node's clock is that of the others, by what each says of the time at its place in the
/// log: nothing that this node was late in reading counts. A value, of the thread that applies.
///
/// What stands before another's batch was said before that one was read; so, but for what is on its
/// way and between two signs of life, times rise in the log.
struct ClockComparison {
  private let tenure: Tenure

  /// The latest time of each of the others, before this node's own first batch.
  private var latest: [NodeID: Int64] = [:]

  /// The time in its own first batch.
  private var own: Int64?

  /// Those that were heard of behind that.
  private var heard: Set<NodeID> = []
  private var since: ContinuousClock.Instant?

  /// A clock that is further off is not the others'; in milliseconds.
  private static let tolerance: Int64 = 2000

  init(of tenure: Tenure) { self.tenure = tenure }

  struct Fault: Equatable {
    let node: NodeID
    let seconds: Int64
  }

  /// - Returns: whose clock is another; nil where nothing is wrong.
  mutating func note(_ batch: Batch, at revision: Int64) -> Fault? {
    if batch.node == tenure.node {
      guard batch.epoch == tenure.epoch, own == nil else { return nil }
      own = batch.time
      for (node, time) in latest.sorted(by: { $0.key < $1.key }) {
        if let fault = Self.fault(node, earlier: time, later: batch.time) { return fault }
      }
      return nil
    }
    guard let own else {
      latest[batch.node] = batch.time
      return nil
    }
    heard.insert(batch.node)
    return Self.fault(batch.node, earlier: own, later: batch.time)
  }

  /// Whether all of these were heard of behind this node's own first batch, or it has waited for
  /// long enough.
  mutating func isDone(with nodes: some Sequence<NodeID>, after patience: Duration) -> Bool {
    let start = since ?? .now
    since = start
    let isHeard = nodes.allSatisfy { $0 == tenure.node || heard.contains($0) }
    return own != nil && isHeard || ContinuousClock.now - start >= patience
  }

  private static func fault(_ node: NodeID, earlier: Int64, later: Int64) -> Fault? {
    let (difference, isOverflow) = earlier.subtractingReportingOverflow(later)
    guard isOverflow || difference > tolerance else { return nil }
    return Fault(node: node, seconds: isOverflow ? .max : difference / 1000)
  }
}
