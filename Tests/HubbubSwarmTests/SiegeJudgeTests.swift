import HubbubSockets
import Testing

@testable import HubbubSwarm

/// A siege's verdict, from what witnesses could have said.
@Suite struct SiegeJudgeTests {
  /// Three healthy clients that each said two messages.
  private func verdict(
    _ heard: [[(Int, Int)]], failure: String? = nil,
    after: SiegeOutcome.Footprint = Self.footprint
  ) -> SiegeOutcome {
    var plan = SiegePlan(endpoint: Endpoint(host: "127.0.0.1", port: 1), processID: 1)
    plan.clients = 3 * 5
    let field = Battlefield(plan, seed: 1)
    for (index, heard) in heard.enumerated() {
      var testimony = WitnessTestimony(index: index, sent: 2, failure: index == 1 ? failure : nil)
      testimony.heard = heard.map { field.ids.id(sender: $0.0, number: $0.1) }
      field.handOver(testimony)
    }
    return SiegeJudge(field: field, before: Self.footprint, peak: after, after: after).outcome
  }

  private static let footprint = SiegeOutcome.Footprint(
    threads: 8, descriptors: 9, memoryKiB: 20_000)

  private static let all = [(0, 1), (1, 1), (2, 1), (0, 2), (1, 2), (2, 2)]

  private func broken(_ outcome: SiegeOutcome) -> [String] {
    outcome.lines.filter { $0.holds == false }.map(\.name)
  }

  @Test("all is well when all heard all, once, in one order, and nothing is left")
  func good() {
    let outcome = verdict([Self.all, Self.all, Self.all])
    #expect(broken(outcome) == [])
    #expect(outcome.isGood)
    #expect(outcome.table.last == "It held.")
  }

  @Test(
    "a message that one did not hear is lost, one that came twice is doubled, one that nobody sent as well"
  )
  func completeness() {
    #expect(broken(verdict([Self.all, Self.all.dropLast(), Self.all])) == ["lost"])
    #expect(broken(verdict([Self.all, Self.all + [(2, 2)], Self.all])) == ["doubled"])
    #expect(broken(verdict([Self.all, Self.all + [(2, 3)], Self.all])) == ["doubled"])
  }

  @Test("two that were told in another order are counted")
  func order() {
    var other = Self.all
    other.swapAt(2, 3)
    let outcome = verdict([Self.all, Self.all, other])
    #expect(broken(outcome) == ["pairs in another order"])
    #expect(outcome.lines.first { $0.name == "pairs in another order" }?.value == "1")
  }

  @Test("a healthy client that was ended is a failure, with the reason")
  func ended() {
    let outcome = verdict([Self.all, Self.all, Self.all], failure: "ERROR :why")
    #expect(broken(outcome) == ["healthy to the end"])
    #expect(outcome.table.contains { $0.contains("ERROR :why") })
  }

  @Test("a thread, a descriptor, or memory beyond the tolerance that is left is a failure")
  func footprint() {
    func after(_ threads: Int, _ descriptors: Int, _ memory: Int) -> [String] {
      let footprint = SiegeOutcome.Footprint(
        threads: threads, descriptors: descriptors, memoryKiB: memory)
      return broken(verdict([Self.all, Self.all, Self.all], after: footprint))
    }
    #expect(after(9, 9, 20_000) == ["server's threads"])
    #expect(after(8, 10, 20_000) == ["server's descriptors"])
    #expect(after(8, 9, 33_192) == [])
    #expect(after(8, 9, 33_193) == ["server's memory, KiB"])
  }
}
