import HubbubSockets
import HubbubThreads

@testable import HubbubSwarm

/// A run over three nodes, made by hand: who heard what when is known, and so is what must be found.
///
/// Each of 30 senders says something every 300 ms, one 10 ms after the other, so that nobody hears two
/// messages the other way round whose ways differ by less.
struct NodeStory {
  static let nodes = 3

  /// A message, on its way to one of those in the room.
  struct Passage {
    let sender: Assignment
    let number: Int
    let hearer: Assignment
    let due: Nanoseconds

    var isNear: Bool { sender.node == hearer.node }

    /// The place of the message in the story, from 0.
    var place: Int { (number - 1) * 30 + sender.sender! }
  }

  var messages = 40
  var change: (inout Plan) -> Void = { _ in }

  /// How long a message takes; nil: it never comes.
  var latency: (_ passage: Passage, _ lot: inout SplitMix64) -> Nanoseconds?

  /// How much later than usual a sender says a message of this number.
  var pause: (_ sender: Assignment, _ number: Int) -> Nanoseconds = { _, _ in 0 }

  /// Changes what somebody tells of the run.
  var rewrite: (_ testimony: inout Testimony, _ ids: MessageIDs) -> Void = { _, _ in }

  /// 200 µs, and up to 100 µs more by lot.
  static func fair(_ lot: inout SplitMix64) -> Nanoseconds {
    200_000 + Nanoseconds(lot.next() % 100_000)
  }

  static let period: Nanoseconds = 300_000_000

  var plan: Plan {
    var plan = Plan(
      targets: (1...Self.nodes).map { Endpoint(host: "127.0.0.1", port: UInt16($0)) })
    plan.bots = 30
    plan.observers = Self.nodes
    plan.warmUp = .zero
    plan.load = .rate(100)
    plan.length = .duration(.nanoseconds(Self.period * Nanoseconds(messages)))
    change(&plan)
    return plan
  }

  func judged() -> Outcome {
    let plan = plan
    let ids = MessageIDs(senders: plan.bots)
    var lot = SplitMix64(seed: 5)
    let all = Assignment.all(in: plan)
    let evidence = Evidence(
      plan: plan, ids: ids,
      testimonies: all.map { testimony($0, among: all, ids, &lot) },
      beginning: 0, ending: Self.period * Nanoseconds(messages))
    var random = SplitMix64(seed: 1)
    var outcome = Outcome(conditions: Conditions(plan, run: RunID(using: &random)))
    var judge = Judge(evidence)
    judge.judge(into: &outcome)
    outcome.judge(by: Verdicts(outcome: outcome, plan: plan).all)
    return outcome
  }

  private func due(_ sender: Assignment, _ number: Int) -> Nanoseconds {
    Self.period * Nanoseconds(number - 1) + Nanoseconds(sender.sender!) * 10_000_000
      + pause(sender, number)
  }

  private func testimony(
    _ me: Assignment, among all: [Assignment], _ ids: MessageIDs, _ lot: inout SplitMix64
  ) -> Testimony {
    var testimony = Testimony(me)
    testimony.hasEcho = true
    var heard: [(time: Nanoseconds, id: UInt32)] = []
    for number in 1...messages {
      if me.sender != nil {
        let due = due(me, number)
        testimony.sent.append(due: due, written: due, isHeldBack: false)
      }
      for sender in all where sender.sender != nil {
        let due = due(sender, number)
        let passage = Passage(sender: sender, number: number, hearer: me, due: due)
        guard let latency = latency(passage, &lot) else { continue }
        heard.append((due + latency, ids.id(sender: sender.sender!, number: number)))
      }
    }
    for (time, id) in heard.sorted(by: { $0.time < $1.time }) {
      testimony.arrivals.append(id)
      testimony.arrivals.endRead(at: time)
    }
    rewrite(&testimony, ids)
    return testimony
  }
}
