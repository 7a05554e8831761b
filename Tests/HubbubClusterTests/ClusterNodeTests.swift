import HubbubLog
import HubbubRooms
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubCluster

/// Nodes with their threads, over an engine in memory.
@Suite struct ClusterNodeTests {
  private let engine = ScriptedEngine()

  /// What a node tells its server.
  private final class Record: NodeObserver {
    let over = Monitor<String?>(nil)

    func didApply(_ deed: Action.Deed, by author: Author, _ outcome: Outcome) {}
    func didKeep(_ book: String, _ key: String, _ value: [UInt8]?) {}
    func didChange(_ node: NodeID, named name: String, isHere: Bool) {}
    func engineIsAway(_ reason: String) {}
    func engineIsBack() {}

    func isOver(_ reason: String) {
      over.withLock { $0 = reason }
      over.wakeAll()
    }
  }

  private struct Started {
    let node: ClusterNode
    let registry: Registry
    let ordering: any Ordering
    let access: SharedEngine
    let record: Record
  }

  /// - Parameter offset: how far its clock is off, in milliseconds.
  private func start(
    _ number: NodeID, offset: Int64 = 0, _ change: (inout ClusterSettings) -> Void = { _ in }
  ) throws -> Started {
    var settings = ClusterSettings()
    settings.node = number
    settings.comparisonInterval = 1
    change(&settings)
    let access = SharedEngine(engine)
    let node = ClusterNode(access, settings)
    let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_000_000 + offset) }
    let card = NodeCard(name: "n\(number)", version: "1", terms: [], time: now())
    let (_, genesis) = try node.enter(card, ending: nil)
    let registry = Registry(
      limits: .init(roomsPerMember: 9, membersPerRoom: 9), startedAt: genesis.time,
      serverName: "network", isReplicated: true)
    let record = Record()
    _ = try node.fetchState(genesis)
    try node.open(genesis, registry, [], record)
    let ordering = node.ordering(LocalOrdering(registry))
    do {
      try node.start({ try NamedThread(name: $0, body: $1) }, now: now)
    } catch {
      node.stop()
      throw error
    }
    return Started(
      node: node, registry: registry, ordering: ordering, access: access, record: record)
  }

  @Test("a node whose clock is off does not join, and says by how much")
  func clock() throws {
    let one = try start(1)
    defer { one.node.stop() }
    do {
      try start(2, offset: 12_345).node.stop()
      Issue.record("It has joined.")
    } catch ClusterError.clock(let seconds, let name) {
      #expect((seconds, name) == (12, "n1"))
    }
  }

  @Test("a node that was away for longer than the log remembers is over, and says so")
  func compaction() throws {
    let (one, two) = (try start(1), try start(2))
    defer {
      one.node.stop()
      two.node.stop()
    }
    two.access.isCutOff = true
    let guest = Guest(NodeID(1).firstConnection + 1, "ann", at: one.registry)
    _ = try one.ordering.submit(
      Action(by: Author(guest.session), at: Timestamp(milliseconds: 1), .register()))
    let last = try #require(
      engine.everything.last { if case .batch = $0.content { true } else { false } })
    try engine.compact(to: last.revision)
    // What is compacted is what it has not read.
    _ = try one.ordering.submit(
      Action(by: Author(guest.session), at: Timestamp(milliseconds: 2), .setAway("x")))
    let newest = try #require(engine.everything.last)
    try engine.compact(to: newest.revision)
    two.access.isCutOff = false
    #expect(
      two.record.over.wait(upTo: .seconds(60)) { $0 }
        == "This server was away for longer than the network remembers")
  }

  @Test("a node that is cut off for as long as it may be silent knows that its time is over")
  func silence() throws {
    let one = try start(1) { $0.life = .seconds(1) }
    defer { one.node.stop() }
    one.access.isCutOff = true
    #expect(
      one.record.over.wait(upTo: .seconds(60)) { $0 }
        == "This server has lost contact with the network")
    let guest = Guest(NodeID(1).firstConnection + 1, "ann", at: one.registry)
    #expect(throws: Refusal.unavailable) {
      try one.ordering.submit(
        Action(by: Author(guest.session), at: Timestamp(milliseconds: 1), .register()))
    }
  }

  @Test("a node that is declared dead between entering and starting does not start, and says why")
  func early() throws {
    var settings = ClusterSettings()
    settings.life = .seconds(1)
    let node = ClusterNode(SharedEngine(engine), settings)
    defer { node.stop() }
    let now = Timestamp(milliseconds: 1)
    let card = NodeCard(name: "n1", version: "1", terms: [], time: now)
    let (_, genesis) = try node.enter(card, ending: nil)
    engine.expire(1)
    #expect(node.isOver(within: .seconds(60)))
    let registry = Registry(
      limits: .init(roomsPerMember: 9, membersPerRoom: 9), startedAt: genesis.time,
      serverName: "network", isReplicated: true)
    let record = Record()
    try node.open(genesis, registry, [], record)
    do {
      try node.start({ try NamedThread(name: $0, body: $1) }, now: { now })
      Issue.record("It has started.")
    } catch ClusterError.engine(let error) {
      #expect(error == .over)
    }
  }

  @Test("a state that is written down is where a later node begins")
  func snapshot() throws {
    let one = try start(1) { $0.snapshotBytes = 1 }
    defer { one.node.stop() }
    let guest = Guest(NodeID(1).firstConnection + 1, "ann", at: one.registry)
    for deed in [Action.Deed.register(), .join("#a", key: nil)] {
      guest.settle(
        try one.ordering.submit(
          Action(by: Author(guest.session), at: Timestamp(milliseconds: 1), deed)),
        at: one.registry)
    }
    // Written by a thread of its own, of the last entry or of one before it.
    while try engine.newestSnapshot()?.revision == 0 {
      _ = try one.ordering.submit(
        Action(by: Author(guest.session), at: Timestamp(milliseconds: 1), .setAway(nil)))
    }
    let two = try start(2)
    #expect(two.registry.room(named: "#a")?.memberCount == 1)
    #expect(two.registry.member(named: "ann") != nil)
    // Both have applied what two has written.
    let other = Guest(NodeID(2).firstConnection + 1, "bob", at: two.registry)
    _ = try two.ordering.submit(
      Action(by: Author(other.session), at: Timestamp(milliseconds: 1), .register()))
    _ = try one.ordering.submit(
      Action(by: Author(guest.session), at: Timestamp(milliseconds: 1), .setAway(nil)))
    _ = try two.ordering.submit(
      Action(by: Author(other.session), at: Timestamp(milliseconds: 1), .setAway(nil)))
    #expect(two.registry.digest() == one.registry.digest())
    // Nothing is left of a state in whose place another comes.
    two.node.stop()
    weak let ann = two.registry.member(named: "ann")
    weak let room = two.registry.room(named: "#a")
    two.registry.dissolve()
    #expect(ann == nil && room == nil)
  }
}
