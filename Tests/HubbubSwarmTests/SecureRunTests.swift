import HubbubServer
import HubbubSockets
import HubbubSwarm
import Logging
import Testing

/// The swarm over TLS, against a real server.
@Suite struct SecureRunTests {
  private func run(
    expecting identity: TLSIdentity, shown: TLSIdentity, saturate: Bool
  ) throws -> Outcome {
    var configuration = Configuration()
    configuration.endpoints = []
    configuration.secureEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
    configuration.tls = TLSSettings(identity: shown)
    let server = try Server(
      configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try server.start()
    defer { server.stop() }
    var plan = Plan(endpoint: server.secureEndpoints[0])
    plan.tls = try TLSContext(client: .pin(identity.fingerprint))
    plan.bots = 5
    plan.idle = 30
    plan.load = saturate ? .saturate(window: 32) : .rate(2_000)
    plan.length = .messages(saturate ? 20_000 : 200)
    plan.warmUp = .zero
    plan.patience = .seconds(30)
    return try Swarm.run(plan)
  }

  @Test(arguments: [false, true])
  func `every message arrives once and in one order over TLS`(saturate: Bool) throws {
    let identity = try TLSIdentity.selfSigned(names: ["localhost"])
    let outcome = try run(expecting: identity, shown: identity, saturate: saturate)
    #expect(outcome.totals.completeness.isComplete)
    #expect(outcome.order.disagreement.pairs == 0)
    #expect(outcome.idle?.lost == 0)
    #expect(outcome.conditions.server.hasSuffix("over TLS"))
  }

  @Test func `a server with another certificate is not measured`() throws {
    let (mine, other) = (
      try TLSIdentity.selfSigned(names: ["a"]), try TLSIdentity.selfSigned(names: ["a"])
    )
    let error = #expect(throws: Swarm.Refused.self) {
      try run(expecting: mine, shown: other, saturate: false)
    }
    #expect(error?.description.contains("is another one") == true)
  }
}
