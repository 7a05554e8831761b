import HubbubSockets
import HubbubThreads
import Testing

@testable import HubbubSwarm

/// Several nodes that share their rooms: who goes where, what is judged at one node, and what over all.
@Suite struct NodeTests {
  private static let names = (1...3).map { "127.0.0.1:\($0)" }

  private func standing(_ measure: String, _ name: String, _ outcome: Outcome) -> Verdict.Standing?
  {
    outcome.verdicts.first { $0.measure == measure && $0.name == name }?.standing
  }

  /// Who is at this node.
  private func people(_ node: Int) -> Set<String> {
    let plan = NodeStory { _, _ in nil }.plan
    return Set(Assignment.all(in: plan).filter { $0.node == node }.map(\.nickname))
  }

  @Test(arguments: [(20, 1, 3, 3), (20, 2, 2, 2), (30, 3, 3, 3), (7, 2, 1, 5), (6, 3, 0, 2)])
  func `each node has as many senders and readers of each room as any other, but for one`(
    _ bots: Int, _ rooms: Int, _ observers: Int, _ nodes: Int
  ) {
    var plan = Plan(
      targets: (1...nodes).map { Endpoint(host: "127.0.0.1", port: UInt16($0)) })
    (plan.bots, plan.rooms, plan.observers) = (bots, rooms, observers)
    let all = Assignment.all(in: plan)
    func isEven(_ some: [Assignment]) -> Bool {
      let counts = (0..<nodes).map { node in some.count { $0.node == node } }
      return counts.max()! - counts.min()! <= 1
    }
    for room in 0..<rooms {
      let here = all.filter { $0.room == room }
      #expect(isEven(here))
      #expect(isEven(here.filter { $0.sender != nil }))
      #expect(isEven(here.filter { $0.sender == nil }))
    }
    let given = NodeConditions.all(in: plan)
    #expect(given.map(\.address) == (1...nodes).map { "127.0.0.1:\($0)" })
    #expect(given.reduce(0) { $0 + $1.bots } == bots)
    #expect(given.reduce(0) { $0 + $1.observers } == observers * rooms)
  }

  @Test func `nodes that are alike hold every gate, each among its own`() {
    let outcome = NodeStory { _, lot in NodeStory.fair(&lot) }.judged()
    #expect(outcome.result == .held, "\(outcome.sentence)")
    #expect(outcome.positions.map(\.node) == [nil] + Self.names)
    #expect(outcome.positions.map(\.recipients.count) == [33, 11, 11, 11])
    #expect(outcome.positions.map { $0.fairness == nil } == [true, false, false, false])
    #expect(outcome.nodes.map(\.recipients) == [11, 11, 11])
    #expect(outcome.nodes.allSatisfy { abs($0.fairShare - 1.0 / 3) < 1e-9 })
  }

  /// What is said elsewhere takes 5 ms more, and to the third node 3 ms more again.
  @Test func `a node that hears later is told and not judged`() throws {
    let outcome = NodeStory { passage, lot in
      NodeStory.fair(&lot) + (passage.isNear ? 0 : 5_000_000)
        + (passage.hearer.node == 2 ? 3_000_000 : 0)
    }.judged()
    #expect(outcome.result == .held, "\(outcome.sentence)")
    let nodes = outcome.nodes
    // A third of the messages is said at each; what is said at the third is heard there after 3 ms.
    #expect(nodes.map { ($0.firstShare * 3).rounded() } == [1, 1, 1])
    #expect(nodes[2].lastShare > 0.6 && nodes[0].lastShare < 0.4)
    for (node, own) in zip(nodes, [250.0, 250, 3_250]) {
      #expect(try #require(node.ownP50).isAbout(own))
      #expect(try #require(node.otherP50).isAbout(own + 5_000))
    }
    #expect(try #require(nodes[2].response).p50.isAbout(8_250))
    let verdict = try #require(outcome.verdicts.first { $0.name == "nodes" })
    #expect(verdict.standing == .noted && verdict.meaning.contains("same node"))
    // The way from the first to the last is that over all nodes.
    let spread = try #require(outcome.verdicts.first { $0.measure == "M5" })
    #expect(spread.value.hasPrefix("p50 8"))
  }

  @Test func `one who hears later than its neighbours is found, and they are not accused`() throws {
    let outcome = NodeStory { passage, lot in
      NodeStory.fair(&lot) + (passage.hearer.nickname == "bot-4" ? 1_000_000 : 0)
        + (passage.hearer.node == 2 ? 100_000 : 0)
    }.judged()
    let verdict = try #require(outcome.verdicts.first { $0.name == "recipients’ latency" })
    #expect(verdict.standing == .failed && verdict.who == ["bot-4"])
    let accusing = outcome.positions.filter { $0.fairness?.latency?.accused.isEmpty == false }
    #expect(accusing.map(\.node) == [Self.names[1]])
  }

  @Test func `a node that serves its people in one fixed order fails, though the others are fair`()
    throws
  {
    let order = people(0).sorted()
    let outcome = NodeStory { passage, lot in
      order.firstIndex(of: passage.hearer.nickname).map { 200_000 + Nanoseconds($0) * 10_000 }
        ?? NodeStory.fair(&lot)
    }.judged()
    #expect(standing("M4", "position bias", outcome) == .failed)
    let failing = outcome.positions.filter { $0.fairness?.concordance?.standing == .failed }
    #expect(failing.map(\.node) == [Self.names[0]])
  }

  /// At its own node all is well: over the 22 of 33 elsewhere the middle is 4,250 of 250 µs.
  @Test func `one whose messages are late elsewhere is found among those who speak at its node`()
    throws
  {
    let outcome = NodeStory { passage, lot in
      NodeStory.fair(&lot)
        + (passage.sender.nickname == "bot-6" && !passage.isNear ? 4_000_000 : 0)
    }.judged()
    let verdict = try #require(outcome.verdicts.first { $0.name == "senders’ latency" })
    #expect(verdict.standing == .failed && verdict.who == ["bot-6"])
  }

  @Test func `a node that loses messages for its people is found`() {
    let outcome = NodeStory { passage, lot in
      passage.hearer.node == 1 && passage.place % 100 == 50 ? nil : NodeStory.fair(&lot)
    }.judged()
    #expect(standing("M1", "completeness", outcome) == .failed)
    let losers = outcome.recipients.filter { $0.completeness.lost == 12 }
    #expect(Set(losers.map(\.nickname)) == people(1))
    #expect(outcome.totals.completeness.lost == 12 * 11)
  }

  /// Every hundredth message is heard there after the next one.
  @Test func `a node that tells its people another order is found`() throws {
    let outcome = NodeStory { passage, lot in
      NodeStory.fair(&lot)
        + (passage.hearer.node == 2 && passage.place % 100 == 50 ? 15_000_000 : 0)
    }.judged()
    #expect(standing("M7", "order", outcome) == .failed)
    let disordered = outcome.recipients.filter { $0.disagreement.pairs > 0 }
    #expect(Set(disordered.map(\.nickname)) == people(2))
    #expect(disordered.allSatisfy { $0.disagreement.pairs == 12 })
    #expect(standing("M1", "completeness", outcome) == .passed)
  }

  @Test func `the page, the screen and the JSON tell of each node`() throws {
    let outcome = NodeStory { _, lot in NodeStory.fair(&lot) }.judged()
    let html = ReportPage(outcome).html
    #expect(html.contains("Served by which node") && html.contains("conditions.nodes.2.bots"))
    for (index, name) in Self.names.enumerated() {
      #expect(html.contains("data-path=\"nodes.\(index).address\">\(name)</span>"))
      #expect(html.contains("Who hears how soon in #swarm at \(name)"))
    }
    let lines = Summary(outcome).lines
    #expect(lines.count { $0.hasPrefix("node       127.0.0.1:") && $0.contains("10 bots") } == 3)
    let read = try JSONReport.read(try JSONReport(outcome).bytes)
    #expect(read.nodes == outcome.nodes && read.conditions.nodes == outcome.conditions.nodes)
  }

  @Test func `who is heard first at which node, those who tie each in part`() {
    var table = ArrivalTable(recipients: 4)
    table.append([1, 1, 2, 3])
    table.append([5, 4, 4, 4])
    table.append([ArrivalTable.absent, 8, 9, 9])
    var places = NodePlaces(nodes: 2)
    places.add(table, nodes: [0, 0, 1, 1])
    #expect(places.messages == 3)
    #expect(zip(places.firsts, [1 + 1.0 / 3 + 1, 2.0 / 3]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(places.lasts == [1, 2])
    #expect(zip(places.fair, [1 + 1.0 / 3, 1 + 2.0 / 3]).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func `a plan for too few bots, or for browsers as well, is refused`() {
    var plan = NodeStory { _, _ in nil }.plan
    plan.bots = 2
    #expect(throws: Plan.Unsuitable.self) { try plan.check() }
    plan.bots = 3
    plan.web = WebDoor(plan.endpoint, share: .half)
    #expect(throws: Plan.Unsuitable.self) { try plan.check() }
  }
}

extension Double {
  /// To the three percent of a coarse histogram, and what chance makes of the middle.
  fileprivate func isAbout(_ other: Double) -> Bool { abs(self / other - 1) < 0.06 }
}
