import HubbubBytes
import HubbubLog
import HubbubRooms
import IRCWire

/// One node's copy of what all nodes share, and how the log changes it. Belongs to the thread that
/// applies.
///
/// The same entries in the same order give the same state on every node: nothing here asks a clock,
/// or anything else that only this node knows.
final class Replica {
  let registry: Registry

  /// The nodes that are members now, as of the last entry that was applied.
  private(set) var nodes: [NodeID: Membership] = [:]

  /// The last entry that was applied.
  private(set) var revision: Int64

  /// The latest time that any entry has named.
  private(set) var time = Timestamp(milliseconds: 0)

  /// By which people act: all connections of all nodes, and the last ones of those who stay without
  /// one, by their numbers.
  private var sessions: [MemberID: MemberSession] = [:]

  /// The last connections of those who stay without one, by the people's numbers.
  private var lastSessions: [MemberID: MemberID] = [:]

  /// By which servers act that keep something in common: nobody's.
  private let servers: MemberSession

  /// What connections to other nodes have.
  private let nowhere: Outbox

  /// Shows whether all nodes are in the same state.
  private var check: StateCheck

  struct Membership: Sendable, Equatable {
    let card: NodeCard
    let epoch: Int64
  }

  /// Somebody of this node's own who waits for what comes of an action.
  struct Submitter: Sendable {
    let session: MemberSession
    let isLabelling: Bool
  }

  /// What came of one action.
  struct Applied {
    let author: Author?
    let action: RecordedAction
    let result: Result<Outcome, Refusal>
  }

  /// - Parameters:
  ///   - registry: nothing was done in it yet.
  ///   - charters: of the rooms that the settings make last.
  ///   - beginning: when the network began.
  ///   - interval: see `StateCheck`.
  init(
    _ registry: Registry, _ charters: [RoomCharter], beginning: Timestamp,
    checkingEvery interval: Int64? = nil
  ) {
    self.registry = registry
    check = StateCheck(every: interval)
    revision = 0
    time = beginning
    nowhere = Outbox(nowhere: registry.clock)
    servers = MemberSession(ofServers: nowhere)
    registry.establish(charters, now: beginning)
    noteSessions()
  }

  // MARK: Snapshots

  /// All of it, as of `revision`.
  func snapshot() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(time)
    writer.write(list: nodes.sorted { $0.key < $1.key }) { writer, node in
      writer.write(UInt64(node.key))
      writer.write(UInt64(bitPattern: node.value.epoch))
      writer.write(node.value.card.bytes)
    }
    writer.write(registry.snapshot())
    return writer.bytes
  }

  /// Takes a state over in the place of the network's beginning.
  ///
  /// - Parameter registry: as in `init`.
  init(
    _ registry: Registry, _ charters: [RoomCharter], _ snapshot: [UInt8], at revision: Int64,
    checkingEvery interval: Int64? = nil
  ) throws(ByteReader.Malformed) {
    self.registry = registry
    check = StateCheck(every: interval, from: revision)
    self.revision = revision
    nowhere = Outbox(nowhere: registry.clock)
    servers = MemberSession(ofServers: nowhere)
    var reader = ByteReader(snapshot[...])
    time = try reader.time()
    let members = try reader.list { (reader) throws(ByteReader.Malformed) in
      guard let node = NodeID(exactly: try reader.number()) else {
        throw ByteReader.Malformed("there is no such node")
      }
      let epoch = Int64(bitPattern: try reader.number())
      return (node, Membership(card: try NodeCard(try reader.data()), epoch: epoch))
    }
    for (node, membership) in members { nodes[node] = membership }
    try registry.restore(try reader.data(), charters, reading: nowhere)
    noteSessions()
  }

  /// Knows by which connections those act who are here as the state begins.
  private func noteSessions() {
    for member in registry.members {
      for session in member.sessions { sessions[session.id] = session }
      guard member.sessions.isEmpty, let last = member.anySession else { continue }
      sessions[last.id] = last
      lastSessions[member.id] = last.id
    }
  }

  // MARK: Applying

  /// Applies one entry.
  ///
  /// - Parameters:
  ///   - own: who of this node's own waits for an action of a batch, by its place there; nil for
  ///     none.
  ///   - body: is given what came of each action.
  func apply(
    _ entry: LogEntry, own: (Batch, Int) -> Submitter? = { _, _ in nil },
    _ body: (Applied, Int) -> Void
  ) throws(ByteReader.Malformed) {
    switch entry.content {
    case .batch(let author, let bytes):
      let batch = try Batch(bytes)
      // The engine promises it; should it break its word, no state is safe.
      guard author == batch.node, nodes[batch.node]?.epoch == batch.epoch else {
        throw ByteReader.Malformed("a batch is of a node that is no member")
      }
      try compare(batch.check)
      time = max(time, Timestamp(milliseconds: batch.time))
      for (place, bytes) in batch.actions.enumerated() {
        let action = try RecordedAction(bytes[...])
        body(apply(action, own(batch, place)), place)
      }
    case .entered(let node, let card):
      nodes[node] = Membership(card: try NodeCard(card), epoch: entry.revision)
    case .left(let node):
      let name = nodes.removeValue(forKey: node)?.card.name ?? "node \(node)"
      for applied in end(node, "Lost contact with \(name)") { body(applied, 0) }
    }
    revision = entry.revision
    if check.isDue(at: revision) { check.note(registry.digest(), at: revision) }
  }

  /// What this node has to show the others of its state.
  var newestCheck: StateCheck.Digest? { check.newest }

  private func compare(_ other: StateCheck.Digest?) throws(ByteReader.Malformed) {
    guard let other, let own = check.digest(at: other.revision), own != other.digest else { return }
    throw ByteReader.Malformed(
      "the state at \(other.revision) is \(own) here and \(other.digest) at another node")
  }

  private func apply(_ action: RecordedAction, _ own: Submitter?) -> Applied {
    time = max(time, action.time)
    guard let session = session(for: action, own) else {
      return Applied(author: nil, action: action, result: .failure(.hasQuit))
    }
    let author = Author(session, isLabelling: own?.isLabelling ?? false)
    do throws(Refusal) {
      let outcome = try registry.apply(Action(by: author, at: action.time, action.deed))
      note(action.deed, outcome, of: session)
      return Applied(author: author, action: action, result: .success(outcome))
    } catch {
      return Applied(author: author, action: action, result: .failure(error))
    }
  }

  /// By what an action is done: who registers comes with it, and nobody knows of it yet.
  private func session(for action: RecordedAction, _ own: Submitter?) -> MemberSession? {
    guard let arrival = action.arrival else {
      if action.session == MemberSession.servers { return servers }
      return sessions[action.session]
    }
    if let own { return own.session }
    return MemberSession(action.session, arrivingElsewhere: arrival, outbox: nowhere)
  }

  private func note(_ deed: Action.Deed, _ outcome: Outcome, of session: MemberSession) {
    switch deed {
    case .register: sessions[session.id] = session
    case .quit:
      // Whoever stays acts by the last connection that it had.
      if case .detached(_, stays: true) = outcome.answer {
        lastSessions[session.member.id] = session.id
        return
      }
      forget(session)
    default: break
    }
    // Whoever stayed has a connection again.
    if case .attached(let attachment) = outcome.answer,
      let last = lastSessions.removeValue(forKey: attachment.person.id), last != session.id
    {
      sessions[last] = nil
    }
  }

  private func forget(_ session: MemberSession) {
    sessions[session.id] = nil
    lastSessions[session.member.id] = nil
  }

  /// All connections of a node are over, and with them whoever has no others and does not stay. In
  /// the order of their numbers.
  private func end(_ node: NodeID, _ reason: String) -> [Applied] {
    let gone = sessions.values.filter { NodeID(of: $0.id) == node }.sorted { $0.id < $1.id }
    return gone.compactMap { session in
      let person = session.member
      let stays = person.profile.account.map { registry.ledger?.letsStay($0) == true } ?? false
      let isConnected = person.sessions.contains { $0 === session }
      // Whoever stays without a connection does so wherever it had its last one.
      if !isConnected, stays || person.anySession !== session { return nil }
      let deed = Action.Deed.quit(reason: reason, silentReason: nil, stays: stays)
      return apply(RecordedAction(by: session.id, at: time, deed), nil)
    }
  }
}
