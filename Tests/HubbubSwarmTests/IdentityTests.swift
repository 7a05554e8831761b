import HubbubSockets
import Testing

@testable import HubbubSwarm

/// M11 against a scripted server: each fault is named as what it is, with who has to do with it.
@Suite(.serialized) struct IdentityTests {
  private static let messages = 200

  private func verdict(_ fault: Fault, _ change: (inout Plan) -> Void = { _ in }) throws -> Verdict
  {
    let server = try ScriptedServer(fault, messages: Self.messages, offersEcho: true)
    defer { server.stop() }
    var plan = Plan(endpoint: server.endpoint)
    plan.bots = 5
    plan.load = .rate(200)
    plan.length = .messages(Self.messages)
    plan.warmUp = .zero
    plan.patience = .seconds(1)
    change(&plan)
    return try #require(try Swarm.run(plan).verdicts.first { $0.measure == "M11" })
  }

  @Test func `a faultless server is not accused, with a guest and without`() throws {
    #expect(try verdict(.none).standing == .passed)
    let tried = try verdict(.none) { $0.hasGuest = true }
    #expect(tried.standing == .passed && !tried.value.contains("not tried"))
  }

  @Test func `a message under another name is named with both`() throws {
    let verdict = try verdict(.misattributes(sender: "bot-2", to: "bot-4", every: 4))
    #expect(verdict.standing == .failed && verdict.who.first == "bot-2")
    #expect(verdict.meaning.contains("of bot-2 arrived as bot-4's"))
  }

  @Test func `a message in another room is named with who heard it`() throws {
    let verdict = try verdict(.misplaces(member: "eye-1", every: 20))
    #expect(verdict.standing == .failed && verdict.who == ["eye-1"])
    #expect(verdict.meaning == "eye-1 heard 10 messages of the room in #elsewhere.")
  }

  @Test func `messages after a KICK are named`() throws {
    let verdict = try verdict(.kicks(member: "bot-3", after: 150))
    #expect(verdict.standing == .failed && verdict.who == ["bot-3"])
    #expect(verdict.meaning == "bot-3 heard 51 messages of a room that it was kicked out of.")
  }

  @Test func `messages after a PART and before a JOIN are named`() throws {
    // A second of messages, in which the guest leaves after three quarters of it.
    let after = try verdict(.forgetsPart) { $0.hasGuest = true }
    #expect(after.standing == .failed && after.who == ["guest-0"])
    #expect(after.meaning.contains("that it had left"))
    let before = try verdict(.welcomesLate(messages: 10)) {
      $0.hasChurn = true
    }
    #expect(before.standing == .failed && before.who == ["churn-0"])
    #expect(before.meaning.contains("before it was in"))
  }

  @Test func `an id that another message had is named with whose message bears it`() throws {
    let verdict = try verdict(.repeatsIDs(sender: "bot-1", every: 2))
    #expect(verdict.standing == .failed && verdict.who == ["bot-1"])
    #expect(verdict.meaning.contains("of bot-1 bear the id of another message"))
  }
}
