import HubbubLog
import HubbubRooms
import HubbubThreads
import IRCWire
import TestSupport

@testable import HubbubCluster

/// A node without threads: each step of its work is taken when a simulation says so.
final class SimulatedNode {
  let number: NodeID
  private let engine: ScriptedEngine
  private(set) var registry: Registry
  private(set) var replica: Replica
  private(set) var guests: [Guest] = []
  private(set) var tenure: Tenure
  private var outgoing = Outgoing()
  private var appender: Appender
  private var applier: Applier
  private var connections: MemberID
  private let clock: () -> Timestamp
  private let check: Box

  /// What it has heard, in all its times.
  let archive: SimulatedArchive
  private let ledger = SimulatedLedger()

  /// What it can show of its state.
  private final class Box { var digest: StateCheck.Digest? }

  /// Texts whose authors were told that they were said.
  private(set) var acknowledged: [String] = []

  /// Enters, from the newest state that is kept.
  ///
  /// - Parameter archive: of its former times.
  init(
    _ number: NodeID, _ engine: ScriptedEngine, _ archive: SimulatedArchive = .init(),
    clock: @escaping () -> Timestamp
  ) throws {
    self.archive = archive
    (self.number, self.engine, self.clock) = (number, engine, clock)
    tenure = try Self.insist {
      let card = NodeCard(name: "node\(number)", version: "1", terms: [], time: clock())
      do { return try engine.enter(number, card: card.bytes, life: .seconds(1)) } catch {
        // It entered, and the answer was lost: nobody keeps that time alive.
        if case EngineError.taken = error { engine.expire(number) }
        throw EngineError.away("it is tried again")
      }
    }
    registry = Registry(
      limits: .init(
        roomsPerMember: 4, membersPerRoom: 5, sessionsPerMember: 3, formerRooms: 3,
        formerTalks: 4), startedAt: Timestamp(milliseconds: 1), serverName: "network",
      archive: archive, ledger: ledger, isReplicated: true)
    let snapshot = try Self.insist { try engine.newestSnapshot() }
    if let snapshot {
      replica = try Replica(
        registry, Self.charters, snapshot.bytes, at: snapshot.revision, checkingEvery: 7)
    } else {
      replica = Replica(
        registry, Self.charters, beginning: Timestamp(milliseconds: 1), checkingEvery: 7)
    }
    connections = tenure.firstConnection
    let check = Box()
    self.check = check
    appender = Appender(engine, tenure, outgoing, now: clock, check: { check.digest })
    applier = Applier(
      replica, tenure, outgoing,
      tell: { applied in
        guard case .success(let outcome) = applied.result else { return }
        // As a server does for those of its own who come into a room by it.
        switch outcome.answer {
        case .renamed(let newcomers), .joined(_, let newcomers):
          for newcomer in newcomers {
            newcomer.session.outbox.fill(newcomer.view.reservation!, with: newcomer.lines)
            newcomer.session.outbox.deliver()
          }
        default: break
        }
        Room.deliver(to: outcome.rooms)
        for person in outcome.people { person.deliver() }
        outcome.talk?.keeper?.hasNews()
      })
  }

  private static let charters = [
    RoomCharter(
      name: "#lasting", topic: "stay", modes: RoomModes(), operators: [], serverOperators: [])
  ]

  private static func insist<Result>(_ body: () throws -> Result) throws -> Result {
    while true {
      do { return try body() } catch EngineError.away { continue }
    }
  }

  /// Somebody comes, and wants this name.
  func arrive(as nickname: String) {
    connections += 1
    let guest = Guest(connections, nickname, at: registry)
    guests.append(guest)
    submit(.register(), by: guest)
  }

  /// - Parameter text: what it says, if anything.
  func submit(_ deed: Action.Deed, by guest: Guest, saying text: String? = nil) {
    guard guest.ticket == nil else { return }
    let ordering = ClusterOrdering(LocalOrdering(registry), outgoing)
    let action = Action(by: Author(guest.session), at: clock(), deed)
    if let ticket = try? ordering.enqueue(action) { guest.ticket = (ticket, text) }
  }

  /// Something is changed that rooms know nothing of.
  func amend(with number: UInt64, by guest: Guest) {
    submit(.amend(ledger.change(adding: number)), by: guest)
  }

  /// - Throws: `.over`.
  func append() throws(EngineError) {
    do throws(EngineError) { _ = try appender.step(silence: .zero) } catch {
      guard case .away = error else { throw error }
    }
  }

  /// Applies up to `count` entries.
  func apply(_ count: Int) throws {
    let entries = try engine.entries(after: replica.revision)
    try applier.apply(Array(entries.prefix(count)))
    check.digest = replica.newestCheck
    settle()
  }

  private func settle() {
    for guest in guests {
      guard let (ticket, text) = guest.ticket, let result = ticket.current else { continue }
      guest.ticket = nil
      if case .success(let outcome) = result {
        guest.settle(outcome, at: registry)
        if let text, case .spoken = outcome.answer, outcome.refusals.isEmpty {
          acknowledged.append(text)
        }
      }
    }
    guests.removeAll {
      $0.ticket == nil && ($0.hasGone || $0.session.member.hasLeft) && departed($0)
    }
  }

  private func departed(_ guest: Guest) -> Bool {
    former.append(guest)
    return true
  }

  /// Those who have left.
  private(set) var former: [Guest] = []

  var hasWork: Bool { outgoing.count > 0 || guests.contains { $0.ticket != nil } }
}
