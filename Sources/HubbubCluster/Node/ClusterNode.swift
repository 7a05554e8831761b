import HubbubBytes
import HubbubLog
import HubbubRooms
import HubbubThreads
import IRCWire
import Synchronization

/// A node of a network: its membership, and the threads by which it appends to the log, reads it,
/// says that it lives, and delivers.
///
/// 1. `enter`: is a member, unless its settings do not fit the others'; a thread keeps it one.
/// 2. `fetchState` and `open`: takes the newest state over, into a registry in which nothing was
///    done yet; or, where it begins the network, writes down what is in it.
/// 3. `start`: applies the log; returns once it is as far as it was when it entered, unless its
///    clock does not fit the others'.
/// 4. Its time is over, by `stop` or because the engine or the others have lost contact with it
///    (`NodeObserver.isOver`): it submits nothing any more, and `stop` must follow.
///
/// `enter`, `fetchState`, `open`, `start` and `stop` are called once each, by one thread.
// @unchecked: `tenure`, `replica`, `newest` and `threads` belong to the thread that starts and
// stops; the threads get what they need as they are started, and find the observer under the lock.
public final class ClusterNode: @unchecked Sendable {
  let engine: any Engine
  let settings: ClusterSettings
  let outgoing = Outgoing()

  /// Guards what is known for people, and whether it is over. Nothing else is locked under it.
  let state: Monitor<State>

  private var tenure: Tenure?
  private var replica: Replica?

  /// The state that was fetched and not opened yet.
  private var newest: (revision: Int64, bytes: [UInt8])?
  private var threads: [NamedThread] = []
  private let deliverers = Deliverers(Processors.count)

  struct State {
    var status = NodeStatus()
    var isOver = false
    var isCaughtUp = false

    /// Why it has come to its end before it was caught up.
    var failure: ClusterError?

    /// When a batch of this node's own was applied last; nil before it is caught up.
    var ownReadAt: ContinuousClock.Instant?

    /// A state that is to be written down.
    var snapshot: SnapshotSchedule.Snapshot?

    /// What this node can show of its state.
    var check: StateCheck.Digest?

    /// Who is told; nil before the node is opened.
    weak var observer: (any NodeObserver)?
  }

  public init(_ engine: any Engine, _ settings: ClusterSettings) {
    (self.engine, self.settings) = (engine, settings)
    state = Monitor(State())
  }

  /// Whatever is done on any node is applied here in the one order. Any thread.
  public func ordering(_ local: LocalOrdering) -> any Ordering {
    ClusterOrdering(local, outgoing)
  }

  /// How it is. Any thread.
  public var status: NodeStatus {
    var status = state.withLock { $0.status }
    (status.waiting, status.refused) = (outgoing.count, outgoing.refused)
    status.engine = engine.address
    return status
  }

  /// The name of a member; nil where there is none of that number. Any thread.
  public func name(of node: NodeID) -> String? {
    state.withLock { $0.status.nodes.first { $0.node == node }?.name }
  }

  // MARK: Beginning

  /// Becomes a member.
  ///
  /// - Parameters:
  ///   - card: what it says of itself.
  ///   - former: the lease of the node's former time, should that still last.
  /// - Returns: its membership, and how the network began.
  /// - Throws: `ClusterError`; `SystemError` where no thread can be started. `stop` must follow.
  public func enter(
    _ card: NodeCard, ending former: Int64?
  ) throws -> (tenure: Tenure, genesis: Genesis) {
    if let former { try asking { () throws(EngineError) in try engine.end(lease: former) } }
    let proposal = Genesis(at: card.time, by: settings.node).bytes
    let genesis = try asking { () throws(EngineError) in
      try engine.genesis(proposing: proposal)
    }
    try checkTerms(of: card)
    let tenure = try takeNumber(card)
    self.tenure = tenure
    threads.append(try NamedThread(name: "cluster-alive") { [self] in keepAlive(tenure) })
    // Another may have entered meanwhile.
    try checkTerms(of: card)
    do throws(ByteReader.Malformed) { return (tenure, try Genesis(genesis)) } catch {
      throw ClusterError.unreadable(error.what)
    }
  }

  /// Whether what decides is alike at all members.
  private func checkTerms(of card: NodeCard) throws(ClusterError) {
    let members = try asking { () throws(EngineError) in try engine.members() }
    for (_, bytes) in members {
      let differences = card.differences(from: try Self.card(bytes))
      guard differences.isEmpty else { throw .differs(differences) }
    }
  }

  private static func card(_ bytes: [UInt8]) throws(ClusterError) -> NodeCard {
    do throws(ByteReader.Malformed) { return try NodeCard(bytes) } catch {
      throw .unreadable(error.what)
    }
  }

  /// Asks the engine, and again while it is away, as it is while its servers elect a leader.
  private func asking<Result>(
    _ body: () throws(EngineError) -> Result
  ) throws(ClusterError) -> Result {
    let deadline = ContinuousClock.now + settings.life
    while true {
      do throws(EngineError) { return try body() } catch {
        guard case .away = error, ContinuousClock.now < deadline else { throw .engine(error) }
        if isOver(within: Self.pause) { throw .engine(.over) }
      }
    }
  }

  /// Takes the node's number. One that died a moment ago still has it, until nobody expects to hear
  /// of it any more.
  private func takeNumber(_ card: NodeCard) throws(ClusterError) -> Tenure {
    let deadline = ContinuousClock.now + settings.life * 2
    while true {
      var holder: [UInt8]?
      let tenure: Tenure? = try asking { () throws(EngineError) in
        do throws(EngineError) {
          return try engine.enter(settings.node, card: card.bytes, life: settings.life)
        } catch {
          guard case .taken(let bytes) = error else { throw error }
          holder = bytes
          return nil
        }
      }
      if let tenure { return tenure }
      let name = try Self.card(holder ?? []).name
      // Another one of another name has not just died here.
      guard name == card.name, ContinuousClock.now < deadline else {
        throw .taken(settings.node, by: name)
      }
      if isOver(within: Self.pause) { throw .engine(.over) }
    }
  }

  /// Reads what the network's state is, as far as it was written down last. Whoever has not begun
  /// the network waits until there is one.
  ///
  /// - Parameter revision: up to where this node has kept what was said before it went: it begins
  ///   there, and not later, where the log still reaches back so far. nil for one that keeps
  ///   nothing.
  /// - Returns: whether there is none, and this node is to write the first: its registry is to have
  ///   by `open` what the network begins with.
  public func fetchState(
    _ genesis: Genesis, goingOnAfter revision: Int64? = nil
  ) throws(ClusterError) -> Bool {
    let deadline = ContinuousClock.now + settings.life * 2
    while true {
      newest = try asking { () throws(EngineError) in
        if let revision, let known = try engine.newestSnapshot(upTo: revision) { return known }
        return try engine.newestSnapshot()
      }
      if newest != nil { return false }
      if genesis.founder == settings.node { return true }
      guard ContinuousClock.now < deadline else { throw .notFounded(by: genesis.founder) }
      if isOver(within: Self.pause) { throw .engine(.over) }
    }
  }

  /// Of the state that was fetched and not opened yet; nil where there is none. The thread that
  /// opens.
  public var fetchedRevision: Int64? { newest?.revision }

  /// Takes over the state that was fetched, or writes the first one down.
  ///
  /// - Parameters:
  ///   - registry: nothing was done in it yet, or what the network is to begin with.
  ///   - charters: of the rooms that the settings make last.
  public func open(
    _ genesis: Genesis, _ registry: Registry, _ charters: [RoomCharter],
    _ observer: any NodeObserver
  ) throws(ClusterError) {
    let interval = Int64(settings.comparisonInterval)
    let replica: Replica
    if let newest {
      do throws(ByteReader.Malformed) {
        replica = try Replica(
          registry, charters, newest.bytes, at: newest.revision, checkingEvery: interval)
      } catch {
        throw .unreadable(error.what)
      }
    } else {
      replica = Replica(registry, charters, beginning: genesis.time, checkingEvery: interval)
      let first = replica.snapshot()
      try asking { () throws(EngineError) in try engine.store(snapshot: first, at: 0) }
    }
    newest = nil
    self.replica = replica
    state.withLock { $0.observer = observer }
  }

  // MARK: Living

  /// Starts a thread with a name.
  public typealias ThreadStart = (String, @escaping @Sendable () -> Void) throws -> NamedThread

  /// Starts its threads, and waits until it is as far as the log was when it entered.
  ///
  /// - Parameter now: the time of day.
  /// - Throws: `ClusterError`; `SystemError` where a thread cannot be started. `stop` must
  ///   follow in any case.
  public func start(_ startThread: ThreadStart, now: @escaping @Sendable () -> Timestamp) throws {
    guard let replica, let tenure else {
      preconditionFailure("A node must be opened before it is started.")
    }
    for (number, body) in deliverers.bodies.enumerated() {
      threads.append(try startThread("deliver-\(number)", body))
    }
    let observer = state.withLock { $0.observer }
    let following = LogFollowing(self, replica, tenure, observer, now)
    threads.append(try startThread("cluster-log") { following.run() })
    let appending = LogAppending(self, tenure, observer, now)
    threads.append(try startThread("cluster-append") { appending.run() })
    let storing = SnapshotStoring(self)
    threads.append(try startThread("cluster-store") { storing.run() })
    let trouble = state.wait { state -> ClusterError?? in
      if let failure = state.failure { return .some(failure) }
      return state.isCaughtUp ? .some(nil) : nil
    }
    if let trouble, let trouble { throw trouble }
  }

  /// Has those delivered to whom something concerns that was done elsewhere.
  func deliver(_ outcome: Outcome) { deliverers.deliver(outcome) }

  /// The node is no member any more, or must not be. Any thread; the first time counts.
  func end(_ reason: String, _ failure: ClusterError? = nil) {
    let isFirst = state.withLock { state in
      defer { state.isOver = true }
      if !state.isOver { state.failure = failure ?? .engine(.over) }
      return !state.isOver
    }
    guard isFirst else { return }
    state.wakeAll()
    outgoing.close()
    state.withLock { $0.observer }?.isOver(reason)
  }

  /// Whether it is over; waits for it up to `limit`.
  func isOver(within limit: Duration) -> Bool {
    state.wait(upTo: limit) { $0.isOver ? true : nil } ?? false
  }

  /// Says again and again that the node lives. A thread's body.
  private func keepAlive(_ tenure: Tenure) {
    var heard = ContinuousClock.now
    while !isOver(within: settings.life / 4) {
      let asked = ContinuousClock.now
      do throws(EngineError) {
        try engine.keepAlive(tenure)
        heard = asked
      } catch {
        switch error {
        case .over: return end("The network has declared this server dead")
        case .stopped: return
        default: break
        }
      }
      // Its own batches come back every few seconds, or it is deaf.
      let read = state.withLock { $0.ownReadAt } ?? .now
      if ContinuousClock.now - min(heard, read) >= settings.life {
        return end("This server has lost contact with the network")
      }
    }
  }

  /// Waits for nothing any more: what was submitted and not applied is refused, and whatever comes.
  /// Before `stop`, where that cannot wait for the engine.
  public func giveUp() { outgoing.close() }

  /// Leaves, and joins all threads. All its people should have gone.
  ///
  /// - Returns: whether the network knows that it has left; if not, it notices by its silence.
  @discardableResult
  public func stop() -> Bool {
    state.withLock { $0.isOver = true }
    state.wakeAll()
    outgoing.close()
    var isKnown = true
    if let tenure {
      do throws(EngineError) { try engine.end(lease: tenure.lease) } catch { isKnown = false }
    }
    engine.stop()
    deliverers.stop()
    for thread in threads { thread.join() }
    replica = nil
    return isKnown
  }

  static let pause: Duration = .milliseconds(200)
}
