import HubbubThreads

/// The thread that writes states down and lets the log before the last but one be forgotten: nobody
/// waits for it.
// @unchecked: all of it belongs to the one thread that runs it.
final class SnapshotStoring: @unchecked Sendable {
  private let node: ClusterNode

  /// The last that was stored.
  private var former: SnapshotSchedule.Snapshot?

  init(_ node: ClusterNode) { self.node = node }

  func run() {
    while true {
      let next: SnapshotSchedule.Snapshot? =
        node.state.wait { state -> SnapshotSchedule.Snapshot?? in
          if state.isOver { return .some(nil) }
          guard let snapshot = state.snapshot else { return nil }
          state.snapshot = nil
          return .some(snapshot)
        } ?? nil
      guard let next else { return }
      store(next)
    }
  }

  /// What fails is tried with the next one, which is newer.
  private func store(_ snapshot: SnapshotSchedule.Snapshot) {
    do throws(EngineError) {
      try node.engine.store(snapshot: snapshot.bytes, at: snapshot.revision)
      node.state.withLock { state in
        (state.status.snapshot, state.status.snapshotTrouble) = (snapshot.revision, nil)
      }
      if let former { try node.engine.compact(to: former.lastBatch) }
      former = snapshot
    } catch {
      node.state.withLock { $0.status.snapshotTrouble = error.description }
    }
  }
}
