import HubbubCluster
import HubbubThreads

/// An engine in memory, whose network fails when a script says so. Any thread.
///
/// It keeps the contract of `Engine`; what fails is what lies between it and its nodes: a call is
/// lost on its way there, or its answer on the way back.
public final class ScriptedEngine: Engine {
  public enum Fault: Sendable {
    /// It is not carried out.
    case lost

    /// It is carried out, and nobody is told.
    case unanswered
  }

  private struct Node {
    var card: [UInt8]
    var lease: Int64
    var epoch: Int64
  }

  private struct State {
    var revision: Int64 = 1
    var first: Int64 = 0
    var log: [LogEntry] = []
    var everything: [LogEntry] = []
    var nodes: [NodeID: Node] = [:]
    var batches: [NodeID: (count: UInt64, last: [UInt8])] = [:]
    var genesis: [UInt8]?
    var snapshots: [(revision: Int64, bytes: [UInt8])] = []
    var isAway = false
    var isFull = false
    var isStopped = false
  }

  /// Guards all of it. Nothing else is locked under it.
  private let state = Monitor(State())

  /// What happens to the next call; nil: nothing.
  private let fault: @Sendable () -> Fault?

  public init(fault: @escaping @Sendable () -> Fault? = { nil }) { self.fault = fault }

  public var address: String { "a script" }

  // MARK: What a script does

  /// Nobody reaches it, or everybody again.
  public var isAway: Bool {
    get { state.withLock { $0.isAway } }
    set {
      state.withLock { $0.isAway = newValue }
      state.wakeAll()
    }
  }

  /// It has no space left, and takes nothing more.
  public var isFull: Bool {
    get { state.withLock { $0.isFull } }
    set { state.withLock { $0.isFull = newValue } }
  }

  /// A node is not heard of for too long.
  public func expire(_ node: NodeID) {
    state.withLock { Self.remove(node, &$0) }
    state.wakeAll()
  }

  /// All that the log ever had.
  public var everything: [LogEntry] { state.withLock { $0.everything } }

  public func entries(after revision: Int64) throws(EngineError) -> [LogEntry] {
    try state.withLock { (state) throws(EngineError) in
      if revision + 1 < state.first { throw .compacted(state.first) }
      return state.log.filter { $0.revision > revision }
    }
  }

  // MARK: Engine

  public func genesis(proposing bytes: [UInt8]) throws(EngineError) -> [UInt8] {
    try call { state in
      state.genesis = state.genesis ?? bytes
      return state.genesis!
    }
  }

  public func members() throws(EngineError) -> [(node: NodeID, card: [UInt8])] {
    try call { state in state.nodes.sorted { $0.key < $1.key }.map { ($0.key, $0.value.card) } }
  }

  public func enter(_ node: NodeID, card: [UInt8], life: Duration) throws(EngineError) -> Tenure {
    let result: Result<Tenure, EngineError> = try call { state in
      if let holder = state.nodes[node] { return .failure(.taken(holder.card)) }
      let epoch = Self.append(.entered(node, card: card), &state)
      state.nodes[node] = Node(card: card, lease: epoch, epoch: epoch)
      return .success(
        Tenure(
          node: node, lease: epoch, epoch: epoch, batches: state.batches[node]?.count ?? 0))
    }
    return try result.get()
  }

  public func keepAlive(_ tenure: Tenure) throws(EngineError) {
    let isMember = try call { Self.isMember(tenure, $0) }
    if !isMember { throw .over }
  }

  public func end(lease: Int64) throws(EngineError) {
    _ = try call { state in
      guard let node = state.nodes.first(where: { $0.value.lease == lease })?.key else { return }
      Self.remove(node, &state)
    }
  }

  public func append(
    _ batch: [UInt8], number: UInt64, in tenure: Tenure
  ) throws(EngineError) -> Int64? {
    let result: Result<Int64?, EngineError> = try call { state in
      guard Self.isMember(tenure, state) else { return .failure(.over) }
      if state.isFull { return .failure(.refused("no space")) }
      let known = state.batches[tenure.node] ?? (0, [])
      if known.count == number, known.last == batch { return .success(nil) }
      guard known.count + 1 == number else { return .failure(.strange("batch \(number)")) }
      state.batches[tenure.node] = (number, batch)
      return .success(Self.append(.batch(tenure.node, batch), &state))
    }
    return try result.get()
  }

  public func follow(
    after revision: Int64, patience: Duration, _ body: ([LogEntry]) -> Bool
  ) throws(EngineError) {
    try follow(after: revision, patience: patience, until: { false }, body)
  }

  /// - Parameter isStopped: whether it is stopped for this caller; `wake` must follow.
  public func follow(
    after revision: Int64, patience: Duration, until isStopped: () -> Bool,
    _ body: ([LogEntry]) -> Bool
  ) throws(EngineError) {
    var last = revision
    while true {
      let next: Result<[LogEntry], EngineError>? = state.wait(upTo: patience) { state in
        if state.isStopped || isStopped() { return .failure(.stopped) }
        if state.isAway { return .failure(.away("a script says so")) }
        if last + 1 < state.first { return .failure(.compacted(state.first)) }
        let new = state.log.filter { $0.revision > last }
        return new.isEmpty ? nil : .success(new)
      }
      guard let next else { throw .silent }
      let entries = try next.get()
      last = entries.last!.revision
      guard body(entries) else { return }
    }
  }

  public func newestSnapshot(
    upTo revision: Int64
  ) throws(EngineError) -> (revision: Int64, bytes: [UInt8])? {
    try call { $0.snapshots.last { $0.revision <= revision } }
  }

  public func store(snapshot bytes: [UInt8], at revision: Int64) throws(EngineError) {
    try call { state in
      state.snapshots.append((revision, bytes))
      if state.snapshots.count > 2 { state.snapshots.removeFirst() }
    }
  }

  public func compact(to revision: Int64) throws(EngineError) {
    try call { state in
      state.log.removeAll { $0.revision < revision }
      state.first = max(state.first, revision)
    }
  }

  /// Has those who follow look whether they are stopped.
  public func wake() { state.wakeAll() }

  public func stop() {
    state.withLock { $0.isStopped = true }
    state.wakeAll()
  }

  // MARK: Inside

  private func call<Result>(_ body: (inout State) -> Result) throws(EngineError) -> Result {
    let fault = fault()
    if case .lost = fault { throw .away("lost on the way there") }
    let result = try state.withLock { (state) throws(EngineError) in
      if state.isStopped { throw .stopped }
      if state.isAway { throw .away("a script says so") }
      return body(&state)
    }
    state.wakeAll()
    if case .unanswered = fault { throw .away("lost on the way back") }
    return result
  }

  private static func append(_ content: LogEntry.Content, _ state: inout State) -> Int64 {
    state.revision += 1
    state.log.append(LogEntry(state.revision, content))
    state.everything.append(LogEntry(state.revision, content))
    return state.revision
  }

  private static func isMember(_ tenure: Tenure, _ state: State) -> Bool {
    state.nodes[tenure.node]?.epoch == tenure.epoch
  }

  private static func remove(_ node: NodeID, _ state: inout State) {
    guard state.nodes.removeValue(forKey: node) != nil else { return }
    _ = append(.left(node), &state)
  }
}
