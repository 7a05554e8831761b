import HubbubThreads
import Testing

@testable import HubbubSwarm

@Suite struct ScheduleTests {
  @Test(arguments: Pattern.allCases)
  func `every pattern keeps the rate and never goes back`(_ pattern: Pattern) {
    var schedule = Schedule(
      pattern, rate: 100, place: 3, of: 20, using: SplitMix64(seed: 7))
    var last: Nanoseconds = 0
    for _ in 0..<20_000 {
      let due = schedule.nextDue()
      #expect(due >= last)
      last = due
    }
    // 20,000 messages at 100 a second take 200 s; chance moves this by a few percent.
    #expect(abs(last.seconds - 200) < 20, "\(pattern): \(last.seconds) s")
  }

  @Test func `constant bots take turns within the period`() {
    let first = (0..<4).map { place in
      var schedule = Schedule(
        .constant, rate: 10, place: place, of: 4, using: SplitMix64(seed: 1))
      return [schedule.nextDue(), schedule.nextDue()]
    }
    let ms: Nanoseconds = 1_000_000
    #expect(
      first == [[0, 100 * ms], [25 * ms, 125 * ms], [50 * ms, 150 * ms], [75 * ms, 175 * ms]])
  }

  @Test func `a burst is ten at once`() {
    var schedule = Schedule(.burst, rate: 10, place: 5, of: 9, using: SplitMix64(seed: 1))
    let dues = (0..<11).map { _ in schedule.nextDue() }
    #expect(dues[..<10].allSatisfy { $0 == 0 } && dues[10] == Nanoseconds.perSecond)
  }

  @Test func `the same seed gives the same times, each bot its own`() {
    func times(_ seed: UInt64, bot: Int) -> [Nanoseconds] {
      let random = SplitMix64(seed: seed).derived(bot)
      var schedule = Schedule(.poisson, rate: 10, place: bot, of: 2, using: random)
      return (0..<50).map { _ in schedule.nextDue() }
    }
    #expect(times(1, bot: 0) == times(1, bot: 0))
    #expect(times(1, bot: 0) != times(1, bot: 1))
    #expect(times(1, bot: 0) != times(2, bot: 0))
  }
}
