import HubbubRooms
import HubbubThreads
import IRCWire

/// The thread by which a node reads the log and applies it.
// @unchecked: all of it belongs to the one thread that runs it.
final class LogFollowing: @unchecked Sendable {
  private let node: ClusterNode
  private let replica: Replica
  private let tenure: Tenure
  private weak let observer: (any NodeObserver)?
  private let now: @Sendable () -> Timestamp
  private var applier: Applier
  private var schedule: SnapshotSchedule

  /// Compares clocks, until this node is caught up.
  private var clocks: ClockComparison

  /// Longer than any node is silent: then another server of the engine is asked.
  private static let patience: Duration = .seconds(5)

  init(
    _ node: ClusterNode, _ replica: Replica, _ tenure: Tenure, _ observer: (any NodeObserver)?,
    _ now: @escaping @Sendable () -> Timestamp
  ) {
    (self.node, self.replica, self.tenure, self.now) = (node, replica, tenure, now)
    self.observer = observer
    schedule = SnapshotSchedule(node.settings, isBeginning: replica.revision == 0)
    clocks = ClockComparison(of: tenure)
    applier = Applier(replica, tenure, node.outgoing) { [weak observer] book, key, value in
      observer?.didKeep(book, key, value)
    } tell: { [weak observer] applied in
      guard case .success(let outcome) = applied.result, let author = applied.author else { return }
      node.deliver(outcome)
      observer?.didApply(applied.action.deed, by: author, outcome)
    }
  }

  func run() {
    noteNodes([:])
    while !node.isOver(within: .zero) {
      do throws(EngineError) {
        try node.engine.follow(after: replica.revision, patience: Self.patience) { apply($0) }
        // It ends where the node's time does.
        return
      } catch {
        switch error {
        case .stopped: return
        case .compacted:
          return node.end(
            "This server was away for longer than the network remembers", .engine(error))
        default: if node.isOver(within: ClusterNode.pause) { return }
        }
      }
    }
  }

  /// - Returns: false where nothing more is to be read.
  private func apply(_ entries: [LogEntry]) -> Bool {
    if node.isOver(within: .zero) { return false }
    do throws(Applier.End) {
      let before = replica.nodes
      try applier.apply(entries)
      if replica.nodes != before { noteNodes(before) }
    } catch {
      switch error {
      case .over: node.end("The network has declared this server dead")
      case .diverged(let what):
        // Whoever reads it again reads the same.
        node.end("This server's state differs from that of the others: \(what)", .unreadable(what))
      }
      return false
    }
    let batches = entries.compactMap { entry -> (entry: LogEntry, batch: Batch)? in
      guard case .batch(_, let bytes) = entry.content, let batch = try? Batch(bytes) else {
        return nil
      }
      return (entry, batch)
    }
    noteProgress(entries, batches.map(\.batch))
    if let fault = catchUp(batches) {
      node.end("This server's clock differs from that of the others", fault)
      return false
    }
    keep(entries)
    return true
  }

  // MARK: What is told

  private func noteNodes(_ before: [NodeID: Replica.Membership]) {
    let nodes = replica.nodes
    node.state.withLock { state in
      state.status.nodes = nodes.sorted { $0.key < $1.key }.map { number, membership in
        NodeStatus.Node(
          node: number, name: membership.card.name, version: membership.card.version,
          isSelf: number == tenure.node)
      }
    }
    for (number, membership) in before where nodes[number]?.epoch != membership.epoch {
      observer?.didChange(number, named: membership.card.name, isHere: false)
    }
    for (number, membership) in nodes where before[number]?.epoch != membership.epoch {
      observer?.didChange(number, named: membership.card.name, isHere: true)
    }
  }

  private func noteProgress(_ entries: [LogEntry], _ batches: [Batch]) {
    let own = batches.last { $0.node == tenure.node && $0.epoch == tenure.epoch }
    let time = now().milliseconds
    node.state.withLock { state in
      state.status.revision = replica.revision
      state.status.entries += UInt64(entries.count)
      state.status.actions += UInt64(batches.reduce(0) { $0 + $1.actions.count })
      state.check = replica.newestCheck
      guard let own else { return }
      state.status.lagMilliseconds = time &- own.time
      state.ownReadAt = .now
    }
  }

  // MARK: Catching up

  /// A node is caught up once its own beginning was applied, and each of the others was heard of
  /// since, or has had the time to be.
  private func catchUp(_ batches: [(entry: LogEntry, batch: Batch)]) -> ClusterError? {
    guard node.state.withLock({ !$0.isCaughtUp }) else { return nil }
    for (entry, batch) in batches {
      guard let fault = clocks.note(batch, at: entry.revision) else { continue }
      let name = replica.nodes[fault.node]?.card.name ?? "node \(fault.node)"
      return .clock(seconds: fault.seconds, from: name)
    }
    guard replica.revision >= tenure.epoch,
      clocks.isDone(with: replica.nodes.keys, after: Self.patience)
    else { return nil }
    node.state.withLock { $0.isCaughtUp = true }
    node.state.wakeAll()
    return nil
  }

  // MARK: Snapshots

  private func keep(_ entries: [LogEntry]) {
    let isFirst = replica.nodes.keys.min() == tenure.node
    guard schedule.isDue(after: entries, isFirst: isFirst, now: now()) else { return }
    let snapshot = SnapshotSchedule.Snapshot(
      revision: replica.revision, lastBatch: schedule.lastBatch, bytes: replica.snapshot())
    node.state.withLock { $0.snapshot = snapshot }
    node.state.wakeAll()
  }
}
