import HubbubServer
import HubbubSockets
import HubbubSwarm
import Logging
import Testing

/// The swarm through the door for browsers, against a real server.
@Suite struct WebRunTests {
  private func run(
    _ share: WebDoor.Share, isSecure: Bool = false, change: (inout Plan) -> Void = { _ in }
  ) throws -> Outcome {
    let anyPort = Endpoint(host: "127.0.0.1", port: 0)
    var configuration = Configuration()
    configuration.endpoints = [anyPort]
    configuration.webEndpoints = isSecure ? [] : [anyPort]
    var trust: TLSContext?
    if isSecure {
      let identity = try TLSIdentity.selfSigned(names: ["localhost"])
      configuration.tls = TLSSettings(identity: identity)
      configuration.secureEndpoints = [anyPort]
      configuration.secureWebEndpoints = [anyPort]
      trust = try TLSContext(client: .pin(identity.fingerprint))
    }
    let server = try Server(
      configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try server.start()
    defer { server.stop() }
    var plan = Plan(endpoint: isSecure ? server.secureEndpoints[0] : server.endpoints[0])
    plan.tls = trust
    plan.web = WebDoor(server.webAddresses[0].endpoint, share: share)
    plan.bots = 6
    plan.load = .rate(2_000)
    plan.length = .messages(200)
    plan.warmUp = .zero
    plan.patience = .seconds(30)
    change(&plan)
    return try Swarm.run(plan)
  }

  private static func names(_ outcome: Outcome) -> Set<String> {
    Set(outcome.recipients.map(\.nickname).filter { $0.hasPrefix("web-") })
  }

  @Test(arguments: [false, true])
  func `browsers and others hear every message once and in one order`(isSecure: Bool) throws {
    let outcome = try run(.half, isSecure: isSecure)
    #expect(outcome.totals.completeness.isComplete)
    #expect(outcome.order.disagreement.pairs == 0)
    #expect(Self.names(outcome) == ["web-bot-1", "web-bot-3", "web-bot-5", "web-eye-1"])
    #expect(outcome.conditions.web == "half")
    let verdict = try #require(outcome.verdicts.first { $0.name == "browsers" })
    #expect(verdict.measure == "M3" && verdict.value.contains("by WebSocket"))
    #expect(try #require(verdict.figure) > 0)
  }

  @Test func `all come as browsers, as fast as it goes, in two rooms`() throws {
    let outcome = try run(.all) {
      $0.rooms = 2
      $0.load = .saturate(window: 32)
      $0.length = .messages(10_000)
    }
    #expect(outcome.totals.completeness.isComplete)
    #expect(outcome.order.disagreement.pairs == 0)
    #expect(Self.names(outcome).count == 10)
    #expect(outcome.conditions.server.hasSuffix("/irc, by WebSocket"))
    #expect(!outcome.verdicts.contains { $0.name == "browsers" })
  }

  @Test func `each room has as many of the one kind as of the other`() throws {
    let outcome = try run(.half) { $0.rooms = 2 }
    #expect(
      Self.names(outcome)
        == ["web-bot-2", "web-bot-3", "web-eye-1", "web-eye-3"])
  }

  @Test func `who takes no WebSockets there is not measured, and it is said why`() throws {
    let error = #expect(throws: Swarm.Refused.self) {
      try run(.all) { $0.web?.path = "/elsewhere" }
    }
    #expect(error?.description.contains("There is no WebSocket at /elsewhere") == true)
  }

  @Test(arguments: [
    ("irc.example", "irc.example:8080", "/irc"), ("9000", "here:9000", "/irc"),
    ("irc.example:1/ws?x=1", "irc.example:1", "/ws?x=1"), ("/ws", "here:8080", "/ws"),
  ])
  func `where the door is`(text: String, endpoint: String, path: String) throws {
    let door = try #require(
      WebDoor(text, defaultHost: "here", defaultPort: 8080, share: .all))
    #expect(door.endpoint.description == endpoint && door.path == path)
  }

  @Test(arguments: ["irc example", "a:b", "a/b c", "1:2:x"])
  func `what is no door`(text: String) {
    #expect(WebDoor(text, defaultHost: "here", defaultPort: 8080, share: .all) == nil)
  }
}
