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

  /// The others that have not been heard of since this node entered: their clocks are compared.
  private var unheard: Set<NodeID>?
  private var deadline: ContinuousClock.Instant?

  /// Longer than any node is silent: then another server of the engine is asked.
  private static let patience: Duration = .seconds(5)

  /// A clock that is further off is not the others'.
  private static let maxClockSeconds: Int64 = 2

  init(
    _ node: ClusterNode, _ replica: Replica, _ tenure: Tenure, _ observer: (any NodeObserver)?,
    _ now: @escaping @Sendable () -> Timestamp
  ) {
    (self.node, self.replica, self.tenure, self.now) = (node, replica, tenure, now)
    self.observer = observer
    schedule = SnapshotSchedule(node.settings)
    applier = Applier(replica, tenure, node.outgoing) { [weak observer] applied in
      guard case .success(let outcome) = applied.result, let author = applied.author else { return }
      node.deliver(outcome)
      observer?.didApply(applied.action.deed, by: author, outcome)
    }
  }

  func run() {
    while !node.isOver(within: .zero) {
      do throws(EngineError) {
        try node.engine.follow(after: replica.revision, patience: Self.patience) { apply($0) }
        // It ends where the node's time does.
        return
      } catch {
        switch error {
        case .stopped: return
        case .compacted:
          return node.end("This server was away for longer than the network remembers")
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
      case .over: node.end("The network has given this server up")
      case .diverged(let what): node.end("This server's state is not the others': \(what)")
      }
      return false
    }
    noteProgress(entries)
    if let fault = clockFault(entries) {
      node.end("This server's clock is not the others'", fault)
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

  private func noteProgress(_ entries: [LogEntry]) {
    let time = now().milliseconds
    var actions: UInt64 = 0
    var lag: Int64?
    for entry in entries {
      guard case .batch(let author, let bytes) = entry.content, let batch = try? Batch(bytes)
      else { continue }
      actions += UInt64(batch.actions.count)
      if author == tenure.node, batch.epoch == tenure.epoch { lag = time - batch.time }
    }
    node.state.withLock { state in
      state.status.revision = replica.revision
      state.status.entries += UInt64(entries.count)
      state.status.actions += actions
      state.check = replica.newestCheck
      guard let lag else { return }
      state.status.lagMilliseconds = lag
    }
  }

  // MARK: Catching up

  /// A node is caught up once its own beginning was applied, and each of the others was heard of
  /// since, or has had the time to be.
  private func clockFault(_ entries: [LogEntry]) -> ClusterError? {
    guard replica.revision >= tenure.epoch, node.state.withLock({ !$0.isCaughtUp }) else {
      return nil
    }
    if unheard == nil {
      unheard = Set(replica.nodes.keys).subtracting([tenure.node])
      deadline = ContinuousClock.now + Self.patience
    }
    for entry in entries where entry.revision > tenure.epoch {
      switch entry.content {
      case .left(let other): unheard?.remove(other)
      case .batch(let other, let bytes):
        guard unheard?.remove(other) != nil, let batch = try? Batch(bytes) else { continue }
        let seconds = abs(now().milliseconds - batch.time) / 1000
        if seconds > Self.maxClockSeconds {
          let name = replica.nodes[other]?.card.name ?? "node \(other)"
          return .clock(seconds: seconds, from: name)
        }
      case .entered: break
      }
    }
    if unheard?.isEmpty == true || ContinuousClock.now >= deadline! {
      node.state.withLock { $0.isCaughtUp = true }
      node.state.wakeAll()
    }
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
