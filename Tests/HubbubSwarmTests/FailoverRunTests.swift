import HubbubSockets
import Testing

@testable import HubbubSwarm

/// A node dies while the bots talk: those who were there go on at another one.
@Suite(.serialized) struct FailoverRunTests {
  private static let messages = 300

  private func run(
    _ fault: Fault, memory: ScriptedHistory.Memory = .right, offersEcho: Bool = true,
    change: (inout Plan) -> Void = { _ in }
  ) throws -> Outcome {
    let server = try ScriptedServer(
      fault, messages: Self.messages, offersEcho: offersEcho, memory: memory, nodes: 3)
    defer { server.stop() }
    var plan = Plan(targets: server.endpoints)
    plan.bots = 6
    plan.observers = 3
    plan.load = .rate(600)
    plan.length = .messages(Self.messages)
    plan.warmUp = .zero
    plan.patience = .seconds(2)
    plan.hasFailover = true
    change(&plan)
    return try Swarm.run(plan)
  }

  private func standing(_ measure: String, _ name: String, _ outcome: Outcome) -> Verdict.Standing?
  {
    outcome.verdicts.first { $0.measure == measure && $0.name == name }?.standing
  }

  private static let death = Fault.dies(node: 1, after: 90, closedFor: 60)

  @Test(arguments: [true, false])
  func `those whose node dies come back elsewhere and have what the others have`(
    _ offersEcho: Bool
  ) throws {
    let outcome = try run(Self.death, offersEcho: offersEcho)
    let failover = try #require(outcome.failover)
    #expect(Set(failover.moves.map(\.nickname)) == ["bot-1", "bot-4", "eye-1"])
    #expect(failover.moves.allSatisfy { $0.from == outcome.nodes[1].address && $0.from != $0.to })
    #expect(failover.stranded.isEmpty && !failover.moves.contains(where: \.isDropped))
    // Sixty messages were said before any node let them in.
    #expect(failover.missed >= 60 && failover.isWhole, "\(failover)")
    #expect(failover.unsaid > 0)
    for (measure, name) in [
      ("M1", "completeness"), ("M7", "order"), ("M7", "message ids"), ("M7", "history"),
      ("M10", "failover"), ("M11", "identity"),
    ] {
      #expect(standing(measure, name, outcome) == .passed, "\(outcome.verdicts)")
    }
    #expect(standing("swarm", "connections", outcome) == nil && outcome.endings.isEmpty)
    // Those who stayed are judged, and those who did not are no members of a node any more.
    #expect(outcome.nodes.map(\.recipients) == [3, 0, 3])
  }

  @Test(arguments: [ScriptedHistory.Memory.lacking(every: 3), .doubled(every: 3)])
  func `whoever comes back to a history that is wrong is seen`(
    _ memory: ScriptedHistory.Memory
  ) throws {
    let outcome = try run(Self.death, memory: memory)
    #expect(standing("M10", "failover", outcome) == .failed, "\(outcome.verdicts)")
    #expect(standing("M1", "completeness", outcome) == .passed)
  }

  @Test func `where there is no history, what was missed is in doubt`() throws {
    let outcome = try run(Self.death, memory: .none)
    #expect(standing("M10", "failover", outcome) == .doubtful)
    #expect(standing("M1", "completeness", outcome) == .passed)
  }

  @Test func `where no node dies, nothing is said of it`() throws {
    let outcome = try run(.none)
    #expect(standing("M10", "failover", outcome) == .doubtful)
    #expect(outcome.failover?.moves.isEmpty == true && outcome.failover?.inFlight == 0)
  }

  @Test func `one who is thrown out by a node that lives on is told from one whose node died`()
    throws
  {
    let outcome = try run(.ends(member: "bot-1", after: 90, words: "Excess Flood"))
    #expect(standing("M10", "failover", outcome) == .failed)
    #expect(outcome.verdicts.first { $0.name == "failover" }?.who == ["bot-1"])
  }

  @Test func `a plan in which nobody could go on is refused`() {
    #expect(throws: Plan.Unsuitable.self) {
      var plan = Plan(endpoint: Endpoint(host: "127.0.0.1", port: 1))
      plan.hasFailover = true
      try plan.check()
    }
    #expect(throws: Plan.Unsuitable.self) { try run(.none) { $0.load = .saturate(window: 8) } }
  }
}
