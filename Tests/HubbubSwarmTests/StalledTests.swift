import HubbubServer
import HubbubSockets
import HubbubThreads
import Logging
import Testing

@testable import HubbubSwarm

/// Readers that stop to read, at a server of our own: they are really full before anything is said of
/// what they cost.
@Suite(.serialized) struct StalledTests {
  private func withServer<Result>(_ body: (Endpoint) throws -> Result) throws -> Result {
    var configuration = Configuration()
    configuration.endpoints = [Endpoint(host: "127.0.0.1", port: 0)]
    let server = try Server(
      configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try server.start()
    defer { server.stop() }
    return try body(server.endpoints[0])
  }

  private func plan(_ endpoint: Endpoint) -> Plan {
    var plan = Plan(endpoint: endpoint)
    plan.bots = 10
    plan.stalled = 1
    plan.load = .rate(100)
    plan.length = .duration(.seconds(4))
    plan.warmUp = .milliseconds(200)
    return plan
  }

  /// A hundred messages a second would take minutes to fill the kernel's buffers.
  @Test func `a stalled reader is filled until the server has to keep something for it`() throws {
    let outcome = try withServer { endpoint in
      var plan = plan(endpoint)
      plan.fillsStalled = true
      return try Swarm.run(plan)
    }
    let isFull = outcome.stalledFullAfter == [nil] ? false : true
    let isEnded = outcome.isolation?.stalledEndedAfter == [nil] ? false : true
    #expect(isFull || isEnded)
    #expect(outcome.fillerRefusal == nil)
    let isolation = try #require(outcome.verdicts.first { $0.measure == "M9" })
    #expect(!isolation.meaning.hasPrefix("Not tested"), "\(isolation)")
    // As long with the trouble as without it: half of the four seconds, and what the filling took.
    #expect(outcome.totals.measuredSeconds >= 4)
    // Private messages are nobody's in the room.
    #expect(outcome.totals.completeness.isComplete && outcome.totals.completeness.strays == 0)
  }

  @Test func `where nobody fills it, a reader that stopped says nothing`() throws {
    let outcome = try withServer { try Swarm.run(plan($0)) }
    let isolation = try #require(outcome.verdicts.first { $0.measure == "M9" })
    #expect(outcome.stalledFullAfter == [nil] && isolation.meaning.hasPrefix("Not tested"))
  }

  @Test func `a filler learns from the server that a reader is not there`() throws {
    try withServer { endpoint in
      var filler = try StalledFiller(Plan(endpoint: endpoint))
      defer { filler.leave() }
      let isGiven = filler.fill("nobody")
      #expect(isGiven)
      while filler.absent.isEmpty, !filler.isGone { _ = filler.fill("nobody") }
      #expect(filler.absent == ["nobody"] && !filler.isGone)
    }
  }
}
