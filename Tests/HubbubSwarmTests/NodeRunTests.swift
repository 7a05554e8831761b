import HubbubServer
import HubbubSockets
import Logging
import Testing

@testable import HubbubSwarm

/// The swarm over several nodes, which are the listeners of one server, or one scripted server.
@Suite(.serialized) struct NodeRunTests {
  private func run(_ targets: [Endpoint], change: (inout Plan) -> Void = { _ in }) throws -> Outcome
  {
    var plan = Plan(targets: targets)
    plan.bots = 6
    plan.observers = 3
    plan.load = .rate(2_000)
    plan.length = .messages(200)
    plan.warmUp = .zero
    plan.patience = .seconds(30)
    change(&plan)
    return try Swarm.run(plan)
  }

  @Test(arguments: [1, 2])
  func `every message arrives once and in one order at all listeners`(rooms: Int) throws {
    var configuration = Configuration()
    configuration.endpoints = (0..<3).map { _ in Endpoint(host: "127.0.0.1", port: 0) }
    let server = try Server(
      configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try server.start()
    defer { server.stop() }
    let outcome = try run(server.endpoints) {
      $0.rooms = rooms
      $0.idle = 7
      $0.hasGuest = true
    }
    #expect(outcome.isGood, "\(outcome.verdicts)")
    #expect(outcome.totals.completeness.isComplete)
    #expect(outcome.order.disagreement.pairs == 0 && outcome.order.serverIDBreaks == 0)
    #expect(outcome.nodes.map(\.address) == server.endpoints.map(\.description))
    #expect(outcome.nodes.map(\.recipients) == Array(repeating: 2 + rooms, count: 3))
    #expect(outcome.conditions.nodes.map(\.bots) == [2, 2, 2])
    #expect(outcome.idle?.lost == 0)
  }

  @Test(arguments: [
    Fault.loses(member: "eye-1", every: 40), .reorders(member: "eye-1", every: 50),
  ])
  func `a fault at one node is found by those at the others`(_ fault: Fault) throws {
    let server = try ScriptedServer(fault, messages: 200)
    defer { server.stop() }
    let outcome = try run(Array(repeating: server.endpoint, count: 3)) {
      $0.patience = .seconds(1)
    }
    #expect(outcome.result == .failed)
    let failed = try #require(outcome.verdicts.first { $0.standing == .failed })
    #expect(["M1", "M7"].contains(failed.measure) && failed.who == ["eye-1"])
  }

  @Test func `a node at which nobody listens is named`() throws {
    let server = try ScriptedServer(.none, messages: 1)
    defer { server.stop() }
    let error = try #require(throws: Swarm.Refused.self) {
      try run([server.endpoint, Endpoint(host: "127.0.0.1", port: 1)])
    }
    #expect(error.description.contains("127.0.0.1:1"))
  }
}
