import HubbubSockets
import HubbubThreads
import Testing

@testable import HubbubSwarm

/// The judge on hand-made evidence: what goes in is known to the nanosecond, so what comes out is
/// computed by hand.
@Suite struct JudgeTests {
  /// A run in which sender s says its message n at (n − 1) periods plus s milliseconds, and everybody hears
  /// it after a time that the test chooses.
  private struct Story {
    var senders: Int
    var messages: Int
    var period: Nanoseconds = 100_000_000

    /// How long after it was due a message was written.
    var lag: Nanoseconds = 0

    /// When a reader that stopped was full, in seconds.
    var fullAfter: [Double?] = []
    var change: (inout Plan) -> Void = { _ in }

    /// When a message is heard after it was due, by recipient; nil: never.
    var delay: (_ sender: Int, _ number: Int, _ recipient: Int) -> Nanoseconds?

    /// Recipients 0 and 1 are the observers; senders do not hear anything here.
    func judged() -> Outcome {
      var plan = Plan(endpoint: Endpoint(host: "127.0.0.1", port: 1))
      plan.bots = senders
      plan.warmUp = .zero
      plan.load = .rate(Double(senders) * 1e9 / Double(period))
      plan.length = .duration(.nanoseconds(period * Nanoseconds(messages)))
      change(&plan)
      let ids = MessageIDs(senders: senders)
      let testimonies = Assignment.all(in: plan).map { testimony($0, ids) }
      let end = period * Nanoseconds(messages)
      let evidence = Evidence(
        plan: plan, ids: ids, testimonies: testimonies, beginning: 0, ending: end)
      var random = SplitMix64(seed: 1)
      var outcome = Outcome(conditions: Conditions(plan, run: RunID(using: &random)))
      var judge = Judge(evidence)
      judge.judge(into: &outcome)
      outcome.stalledFullAfter = fullAfter
      outcome.verdicts = Verdicts(outcome: outcome, plan: plan).all
      return outcome
    }

    private func due(_ sender: Int, _ number: Int) -> Nanoseconds {
      period * Nanoseconds(number - 1) + Nanoseconds(sender) * 1_000_000
    }

    private func testimony(_ assignment: Assignment, _ ids: MessageIDs) -> Testimony {
      var testimony = Testimony(assignment)
      if let sender = assignment.sender {
        for number in 1...messages {
          let due = due(sender, number)
          testimony.sent.append(due: due, written: due + lag, isHeldBack: false)
        }
      } else if case .observer = assignment.role {
        let recipient = assignment.nickname == "eye-0" ? 0 : 1
        var heard: [(time: Nanoseconds, id: UInt32)] = []
        for number in 1...messages {
          for sender in 0..<senders {
            guard let delay = delay(sender, number, recipient) else { continue }
            heard.append((due(sender, number) + delay, ids.id(sender: sender, number: number)))
          }
        }
        for (time, id) in heard.sorted(by: { $0.time < $1.time }) {
          testimony.arrivals.append(id)
          testimony.arrivals.endRead(at: time)
        }
      }
      return testimony
    }
  }

  /// Senders hear nothing in these stories, so completeness is looked at for the observers alone.
  private func observers(_ outcome: Outcome) -> [RecipientFigures] {
    outcome.recipients.filter { $0.nickname.hasPrefix("eye-") }
  }

  private func verdict(_ measure: String, _ outcome: Outcome) throws -> Verdict {
    try #require(outcome.verdicts.first { $0.measure == measure })
  }

  @Test func `M1: what is expected, heard and lost is counted for each recipient`() {
    let outcome = Story(senders: 4, messages: 10) { sender, number, recipient in
      sender == 2 && number == 5 && recipient == 1 ? nil : 1_000_000
    }.judged()
    let heard = observers(outcome).map(\.completeness)
    #expect(heard.map(\.expected) == [40, 40] && heard.map(\.lost) == [0, 1])
    #expect(abs(heard[1].loss - 1.0 / 40) < 1e-12)
  }

  /// The blind spot of Jain's index through the whole of the instrument: nobody hears one of twenty.
  @Test func `M2: one starved sender among 20 leaves Jain at 0 95, and is found and named`() throws
  {
    let outcome = Story(senders: 20, messages: 5) { sender, _, _ in
      sender == 7 ? nil : 1_000_000
    }.judged()
    let even = try #require(outcome.senderEvenness)
    #expect(abs(even.jain - 0.95) < 1e-12 && even.leastShare == 0)
    let verdict = try verdict("M2", outcome)
    #expect(verdict.standing == .failed && verdict.meaning.contains("bot-7 was worst off"))
  }

  /// The observers' medians are 1 ms and 3 ms; the median of the two by nearest rank is 1 ms.
  @Test func `M3: the spread of the medians is the greatest less the least over the median`() {
    let outcome = Story(senders: 4, messages: 10) { _, _, recipient in
      recipient == 0 ? 1_000_000 : 3_000_000
    }.judged()
    #expect(outcome.medianLatencySpread.map { abs($0 - 2) < 0.01 } == true)
  }

  @Test func `M4 and M5: the same one always last is W = 1, and the spread is what lies between`()
    throws
  {
    let outcome = Story(senders: 4, messages: 10) { _, _, recipient in
      recipient == 0 ? 1_000_000 : 1_500_000
    }.judged()
    let position = try #require(outcome.positions.first)
    #expect(position.recipients == ["eye-0", "eye-1"] && position.bias.concordance == 1)
    // The measured time ends when the last message is written, which is not in it.
    #expect(position.bias.firstShares == [1, 0] && position.bias.messages == 39)
    #expect(position.spread.p50 == 500 && position.spread.greatest == 500)
    #expect(position.spread.curve.allSatisfy { $0.value == 500 })
    // Of two nobody can be told from the other.
    #expect(try verdict("M4", outcome).standing == .doubtful)
  }

  /// Due at 0, written 200 µs later, heard 1 ms after it was due: 1,000 and 800 µs, a lag of 200.
  @Test func `M6: response runs from when it was due, service from when it was written`() throws {
    var story = Story(senders: 4, messages: 10) { _, _, _ in 1_000_000 }
    story.lag = 200_000
    let outcome = story.judged()
    #expect(outcome.response?.p50 == 1_000 && outcome.response?.p99 == 1_000)
    #expect(outcome.service?.p50 == 800 && outcome.service?.count == 80)
    #expect(outcome.sendLag?.p99 == 200)
    #expect(try verdict("swarm", outcome).standing == .doubtful)
  }

  /// Sender 1 says something at 1, 101, 201, … ms. Its message 3 is heard 250 ms late, at 451 ms, its
  /// messages 4 and 5 with it: from 201, when it was due, to 451 ms nothing of it is heard.
  @Test func `M8: the longest wait has a length, a beginning, and a sender`() throws {
    let outcome = Story(senders: 4, messages: 10) { sender, number, _ in
      guard sender == 1, (3...5).contains(number) else { return 0 }
      return 450_000_000 + 1_000_000 - (100_000_000 * Nanoseconds(number - 1) + 1_000_000)
    }.judged()
    let worst = try #require(outcome.senders.first { $0.nickname == "bot-1" })
    #expect(abs(worst.longestWaitMilliseconds - 250) < 1e-9)
    #expect(abs(worst.longestWaitPeriods - 2.5) < 1e-9)
    #expect(abs(worst.longestWaitStart - 0.201) < 1e-9)
    #expect(
      outcome.senders.filter { $0.nickname != "bot-1" }.allSatisfy {
        $0.longestWaitMilliseconds == 0
      })
    #expect(try verdict("M8", outcome).value.hasPrefix("bot-1 250 ms (2.5 periods) more than all"))
  }

  /// 1 ms for the first half, 1.6 ms beside a reader that stalls: 1.6 times. Two observers hear 120
  /// messages in the 3 s before and 119 in the 2,903 ms from then until the last one is written.
  @Test func `M9: the healthy are compared with themselves before the trouble`() throws {
    var story = Story(senders: 4, messages: 60) { _, number, _ in
      number <= 30 ? 1_000_000 : 1_600_000
    }
    story.change = { $0.stalled = 1 }
    // A reader that was never full has cost nobody anything, whatever else did.
    story.fullAfter = [nil]
    #expect(try verdict("M9", story.judged()).standing == .doubtful)
    story.fullAfter = [0.5]
    let outcome = story.judged()
    let ratios = try #require(outcome.isolation?.ratios)
    #expect(abs(ratios.latencyRatio - 1.6) < 0.005)
    #expect(abs(ratios.throughputRatio - (238 / 2.903) / (240 / 3.0)) < 1e-9)
    #expect(try verdict("M9", outcome).standing == .failed)
  }
}
