import HubbubSockets
import HubbubThreads
import Testing

@testable import HubbubSwarm

/// The judge on a hand-made run in which the second of three nodes dies: what is owed to whom.
///
/// Its people lose it at 6.3 s, when each has written 21 messages, and are back at 6.9 s, with what
/// they missed. What would have been their next two messages was not said.
@Suite struct FailoverTests {
  private static let (lost, back): (Nanoseconds, Nanoseconds) = (6_300_000_000, 6_900_000_000)

  /// Where nothing is wrong.
  private func story(
    _ latency: @escaping (NodeStory.Passage) -> Nanoseconds? = { _ in 200_000 },
    rewrite: @escaping (inout Testimony, MessageIDs) -> Void = { _, _ in }
  ) -> NodeStory {
    var story = NodeStory { passage, _ in latency(passage) }
    story.change = { $0.hasFailover = true }
    story.pause = { $0.node == 1 && $1 > 21 ? Self.back - Self.lost : 0 }
    story.rewrite = { testimony, ids in
      if testimony.assignment.node == 1 { Self.move(&testimony) }
      rewrite(&testimony, ids)
    }
    return story
  }

  /// What it would have heard while it was away it hears when it is back.
  private static func move(_ testimony: inout Testimony) {
    rewrite(&testimony) { id, time in [(id, (lost..<back).contains(time) ? back : time)] }
    let missed = testimony.arrivals.reads.count { $0.time == back }
    testimony.moves = [
      Move(
        from: 1, to: 2, reason: "gone", lostAt: lost, inRoomAt: back, backAt: back,
        sent: testimony.assignment.sender == nil ? 0 : 21, nickname: "\(testimony.nickname)_",
        unsaid: testimony.assignment.sender == nil ? 0 : 2, remembered: missed)
    ]
  }

  private static func rewrite(
    _ testimony: inout Testimony, _ body: (UInt32, Nanoseconds) -> [(UInt32, Nanoseconds)]
  ) {
    var log = ArrivalLog()
    testimony.arrivals.visit { id, time in
      for (id, time) in body(id, time) {
        log.append(id)
        log.endRead(at: time)
      }
    }
    testimony.arrivals = log
  }

  private func verdict(_ measure: String, _ name: String, _ outcome: Outcome) throws -> Verdict {
    try #require(outcome.verdicts.first { $0.measure == measure && $0.name == name })
  }

  @Test func `a node that dies and takes nothing along leaves every gate as it is`() throws {
    let outcome = story().judged()
    #expect(outcome.result == .held, "\(outcome.sentence)")
    let failover = try #require(outcome.failover)
    // 11 people; for 0.6 s the 20 senders of the other nodes say something every 0.3 s.
    #expect(failover.moves.count == 11 && failover.missed == 11 * 40 && failover.isWhole)
    #expect((failover.inFlight, failover.unsaid) == (0, 20))
    #expect(failover.moves.allSatisfy { abs($0.awaySeconds - 0.6) < 1e-9 && $0.isRenamed })
    // What they missed is no latency of the server's.
    #expect(try #require(outcome.response).greatest < 1_000)
    #expect(outcome.positions.map(\.node) == [nil, "127.0.0.1:1", "127.0.0.1:3"])
  }

  @Test func `what was in flight and nobody heard is owed to nobody, and counted`() throws {
    let outcome = story { passage in
      passage.sender.node == 1 && (20...21).contains(passage.number) ? nil : 200_000
    }.judged()
    #expect(outcome.result == .held, "\(outcome.sentence)")
    #expect(outcome.failover?.inFlight == 20)
    #expect(try verdict("M1", "completeness", outcome).value.contains("20 sent and never heard"))
  }

  /// Its author alone has read back what was in flight; or one other member of the dead node.
  @Test(arguments: ["bot-4", "eye-1"])
  func `what its author or anybody else has read is owed to all`(_ witness: String) throws {
    let outcome = story { passage in
      passage.sender.nickname == "bot-4" && passage.number == 21
        && passage.hearer.nickname != witness ? nil : 200_000
    }.judged()
    let verdict = try verdict("M1", "completeness", outcome)
    #expect(verdict.standing == .failed)
    // 22 stayed, and none of them has it.
    #expect(outcome.totals.completeness.lost == 22 && outcome.failover?.inFlight == 0)
  }

  @Test func `what nobody heard and was said before something that was heard is lost`() throws {
    let outcome = story { passage in
      passage.sender.nickname == "bot-4" && passage.number == 19 ? nil : 200_000
    }.judged()
    #expect(try verdict("M1", "completeness", outcome).standing == .failed)
    #expect(outcome.failover?.inFlight == 0)
  }

  @Test func `what nobody heard over the new connection is lost`() throws {
    let outcome = story { passage in
      passage.sender.nickname == "bot-4" && passage.number == 40 ? nil : 200_000
    }.judged()
    #expect(try verdict("M1", "completeness", outcome).standing == .failed)
  }

  /// The id of a message that is missed while they are away.
  private func missed(_ ids: MessageIDs) -> UInt32 { ids.id(sender: 0, number: 22) }

  @Test func `one who comes back without what was said, or hears it twice, is found`() throws {
    for copies in [0, 2] {
      let outcome = story(rewrite: { [missed] testimony, ids in
        guard testimony.assignment.nickname == "eye-1" else { return }
        let id = missed(ids)
        Self.rewrite(&testimony) { Array(repeating: ($0, $1), count: $0 == id ? copies : 1) }
        testimony.moves[0].remembered! += copies == 0 ? -1 : 0
      }).judged()
      #expect(try verdict("M10", "failover", outcome).standing == .failed)
      #expect(try verdict("M1", "completeness", outcome).standing == .passed)
      let failover = try #require(outcome.failover)
      #expect(failover.missed - failover.recovered == (copies == 0 ? 1 : 0))
      #expect(failover.doubled == (copies == 2 ? 1 : 0))
    }
  }

  @Test func `one who is given another order than the others heard is found`() throws {
    let outcome = story(rewrite: { [missed] testimony, ids in
      guard testimony.assignment.nickname == "eye-1" else { return }
      let id = missed(ids)
      let last = testimony.arrivals.ids[testimony.arrivals.ids.count - 1]
      Self.rewrite(&testimony) { $0 == id ? [] : $0 == last ? [($0, $1), (id, $1)] : [($0, $1)] }
    }).judged()
    #expect(try verdict("M10", "failover", outcome).standing == .failed)
    #expect(try verdict("M7", "order", outcome).standing == .failed)
  }

  @Test func `one who loses its connection while others keep theirs to the node is named`() throws {
    let outcome = story(rewrite: { testimony, _ in
      if testimony.assignment.nickname == "eye-1" { testimony.moves = [] }
    }).judged()
    let verdict = try verdict("M10", "failover", outcome)
    #expect(verdict.standing == .failed && verdict.who.count == 10)
  }

  @Test func `one whom no node lets in again is named`() throws {
    let outcome = story(rewrite: { testimony, _ in
      guard testimony.assignment.nickname == "eye-1" else { return }
      testimony.moves = []
      testimony.ending = ("gone", Self.lost)
    }).judged()
    let verdict = try verdict("M10", "failover", outcome)
    #expect(verdict.standing == .failed && verdict.who == ["eye-1"])
  }

  @Test func `the longest silence is told, of those who came back and of those who stayed`() throws
  {
    // From 6.5 to 6.8 s nothing reaches anybody.
    let outcome = story { passage in
      (6_500_000_000..<6_800_000_000).contains(passage.due)
        ? 6_800_000_000 + 1_000 * Nanoseconds(passage.place % 30) - passage.due : 200_000
    }.judged()
    let failover = try #require(outcome.failover)
    // The last before was said at 6.48 s: whose turn came at 6.49 s was away.
    #expect(abs(failover.othersSilenceSeconds - 0.32) < 0.001)
    #expect(failover.moves.allSatisfy { abs($0.silenceSeconds - 0.61) < 0.011 })
  }

  @Test func `the page tells when each was back`() throws {
    let outcome = story().judged()
    let html = ReportPage(outcome).html
    #expect(html.contains("Whose node died") && html.contains("failover.moves.10.awaySeconds"))
    let read = try JSONReport.read(try JSONReport(outcome).bytes)
    #expect(read.failover == outcome.failover && read.conditions.hasFailover)
  }
}
