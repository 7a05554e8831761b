import HubbubCluster
import Synchronization

/// An engine that its node stops, while others go on with it.
public final class SharedEngine: Engine {
  private let engine: ScriptedEngine

  /// Relaxed: who sees it ends.
  private let isStopped = Atomic(false)

  /// Whether this node alone does not reach it. Relaxed: the next call sees it.
  private let cutOff = Atomic(false)

  public var isCutOff: Bool {
    get { cutOff.load(ordering: .relaxed) }
    set {
      cutOff.store(newValue, ordering: .relaxed)
      engine.wake()
    }
  }

  public init(_ engine: ScriptedEngine) { self.engine = engine }

  public var address: String { engine.address }

  private func check() throws(EngineError) {
    if isStopped.load(ordering: .relaxed) { throw .stopped }
    if isCutOff { throw .away("this node is cut off") }
  }

  public func genesis(proposing bytes: [UInt8]) throws(EngineError) -> [UInt8] {
    try check()
    return try engine.genesis(proposing: bytes)
  }

  public func members() throws(EngineError) -> [(node: NodeID, card: [UInt8])] {
    try check()
    return try engine.members()
  }

  public func enter(_ node: NodeID, card: [UInt8], life: Duration) throws(EngineError) -> Tenure {
    try check()
    return try engine.enter(node, card: card, life: life)
  }

  public func keepAlive(_ tenure: Tenure) throws(EngineError) {
    try check()
    try engine.keepAlive(tenure)
  }

  public func end(lease: Int64) throws(EngineError) {
    try check()
    try engine.end(lease: lease)
  }

  public func append(
    _ batch: [UInt8], number: UInt64, in tenure: Tenure
  ) throws(EngineError) -> Int64? {
    try check()
    return try engine.append(batch, number: number, in: tenure)
  }

  public func follow(
    after revision: Int64, patience: Duration, _ body: ([LogEntry]) -> Bool
  ) throws(EngineError) {
    try check()
    do throws(EngineError) {
      try engine.follow(
        after: revision, patience: patience,
        until: { isStopped.load(ordering: .relaxed) || isCutOff }, body)
    } catch {
      try check()
      throw error
    }
  }

  public func newestSnapshot(
    upTo revision: Int64
  ) throws(EngineError) -> (revision: Int64, bytes: [UInt8])? {
    try check()
    return try engine.newestSnapshot(upTo: revision)
  }

  public func store(snapshot bytes: [UInt8], at revision: Int64) throws(EngineError) {
    try check()
    try engine.store(snapshot: bytes, at: revision)
  }

  public func compact(to revision: Int64) throws(EngineError) {
    try check()
    try engine.compact(to: revision)
  }

  public func stop() {
    isStopped.store(true, ordering: .relaxed)
    engine.wake()
  }
}
