import Testing

@testable import HubbubSwarm

/// What is told of the gates while the run goes on.
@Suite struct RunningTests {
  @Test(arguments: [
    // Numbers of one sender as they come; missing, doubled, steps back.
    ([1, 2, 3], 0, 0, 0), ([1, 4], 2, 0, 0), ([1, 3, 2], 0, 0, 1), ([1, 1], 0, 1, 0),
    ([1, 2, 3, 2], 0, 1, 1), ([2], 1, 0, 0), ([3, 1, 2], 0, 0, 2),
  ])
  func `gaps, repetitions and steps back are counted as they come`(
    _ numbers: [Int], _ missing: Int, _ doubled: Int, _ stepsBack: Int
  ) {
    var check = RunningCheck(senders: 2)
    check.note(0, 1)
    for number in numbers { check.note(1, number) }
    #expect(check.missing == missing && check.doubled == doubled && check.stepsBack == stepsBack)
    #expect(check.heard(1) == numbers.count && check.last(1) == numbers.max())
    #expect(check.heard(0) == 1)
  }

  private func bots(_ count: Int) -> [BotProgress] {
    (0..<count).map {
      var bot = BotProgress(
        nickname: "bot-\($0)", sent: 100, received: 100, due: 100, p50: 100, p99: 200,
        longestGap: 1, isEnded: false)
      bot.delivered = 100
      bot.judged = 100
      bot.late = 1
      return bot
    }
  }

  private func broken(
    _ bots: [BotProgress], neighbour: (before: Int, now: Int)? = nil
  ) -> [String] {
    RunningVerdict.all(bots, neighbour: neighbour).filter { !$0.isKept }.map(\.measure)
  }

  @Test func `nothing is accused while all is well`() {
    #expect(broken(bots(20), neighbour: (before: 100, now: 150)) == [])
    let measures = RunningVerdict.all(bots(20), neighbour: nil).map(\.measure)
    #expect(measures == ["M1", "M2", "M7", "swarm"])
  }

  @Test func `each gate is broken by what breaks it`() {
    let faults: [(String, (inout BotProgress) -> Void)] = [
      ("M1", { $0.missing = 1 }), ("M1", { $0.doubled = 1 }), ("M7", { $0.stepsBack = 1 }),
      ("M7", { $0.timesBack = 1 }), ("M2", { $0.delivered = 0 }), ("swarm", { $0.late = 100 }),
    ]
    for (measure, fault) in faults {
      var bots = bots(20)
      fault(&bots[7])
      #expect(broken(bots) == [measure])
    }
    #expect(broken(bots(20), neighbour: (before: 100, now: 151)) == ["M9"])
  }

  @Test func `a neighbour is compared with the time before it, and only where there is one`() {
    var plan = Plan(endpoint: .init(host: "127.0.0.1", port: 1))
    plan.length = .duration(.seconds(4))
    plan.warmUp = .zero
    var none = NeighbourWatch(plan, beginning: 0)
    none.note(bots(3), at: 1)
    none.note(bots(3), at: 3 * .perSecond)
    #expect(none.figures == nil)
    plan.flooderFactor = 20
    var watch = NeighbourWatch(plan, beginning: 0)
    watch.note(bots(3), at: 1)
    #expect(watch.figures == nil)
    var slower = bots(3)
    for index in slower.indices { slower[index].p99 = 500 }
    watch.note(slower, at: 3 * .perSecond)
    #expect(watch.figures?.before == 200 && watch.figures?.now == 500)
  }
}
