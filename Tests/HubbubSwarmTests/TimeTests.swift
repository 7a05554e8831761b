import HubbubThreads
import Testing

@testable import HubbubSwarm

@Suite struct TimeTests {
  @Test func `percentiles of 1 to 1,000 microseconds are where they belong`() throws {
    var latency = Latency()
    for microseconds in 1...1_000 { latency.record(Nanoseconds(microseconds) * 1_000) }
    let found = try #require(latency.percentiles)
    #expect(found.p50 == 500 && found.p90 == 900 && found.p99 == 990 && found.p999 == 999)
    #expect(found.greatest == 1_000 && found.count == 1_000)
  }

  @Test func `a time beyond a minute counts as a minute, one before the start as none`() throws {
    var latency = Latency()
    latency.record(90 * Nanoseconds.perSecond)
    latency.record(-5)
    #expect(latency.count == 2)
    #expect(abs(latency.at(100) - 60_000_000) < 60_000)
    #expect(latency.at(1) == 0)
    #expect(Latency().percentiles == nil)
  }

  @Test func `the swarm may be late by a twentieth of the latency`() {
    #expect(SendLag(p99: 50, latencyP99: 1_000).isValid)
    #expect(!SendLag(p99: 51, latencyP99: 1_000).isValid)
  }

  @Test func `a wait counts while something was outstanding`() {
    var longest = LongestWait()
    #expect(longest.wait == nil)
    for (sent, arrived): (Nanoseconds, Nanoseconds) in [(0, 10), (5, 30), (1_000, 1_015)] {
      longest.note(sent: sent, arrived: arrived)
    }
    // From 10, the last delivery, to 30; the silence up to 1,000 is nobody's fault.
    #expect(longest.wait == Starvation.Wait(length: 20, start: 10))
  }

  @Test func `the longest run is found with its sender`() throws {
    let run = try #require(Starvation.longestRun([0, 1, 1, 2, 2, 2, 0, 0]))
    #expect(run.sender == 2 && run.messages == 3)
    #expect(Starvation.longestRun([]) == nil)
  }

  /// Windows of four between two senders: 0101 is even (J = 1), 0000 is 4² / (2·4²) = 0.5.
  @Test func `the least even window is found`() {
    #expect(Starvation.leastJain([0, 1, 0, 1, 0, 1], senders: 2, width: 4) == 1)
    #expect(Starvation.leastJain([0, 1, 0, 0, 0, 0, 1, 1], senders: 2, width: 4) == 0.5)
    #expect(Starvation.leastJain([0, 1], senders: 2, width: 4) == nil)
  }

  @Test func `what a neighbour costs is told as ratios`() {
    let limit = Isolation(p99Before: 100, p99With: 150, throughputBefore: 100, throughputWith: 95)
    #expect(limit.latencyRatio == 1.5 && limit.throughputRatio == 0.95)
  }

  @Test func `one spoilt slot of many is no neighbour, and slower slots throughout are one`() throws
  {
    var random = SplitMix64(seed: 2)
    let calm = (0..<12).map { 100 + Double($0) }
    var spoilt = calm
    spoilt[5] = 50_000
    let hiccup = try #require(SlotRatio(before: calm, with: spoilt, using: &random))
    #expect(hiccup.ratio < 1.02 && hiccup.chance > 0.1)
    let slower = try #require(SlotRatio(before: calm, with: calm.map { $0 * 2 }, using: &random))
    #expect(slower.ratio == 2 && slower.chance == 0.001)
    #expect(SlotRatio(before: [1, 1, 1, 1, 1], with: calm, using: &random) == nil)
  }

  @Test func `the coarse latency is right to three percent, from a microsecond to a minute`() {
    for exact in [1.0, 7, 31, 32, 33, 63, 64, 65, 100, 999, 12_345, 1_000_000, 59_000_000] {
      var coarse = CoarseLatency()
      coarse.record(Nanoseconds(exact * 1_000))
      coarse.record(Nanoseconds(exact * 1_000))
      #expect(abs(coarse.quantile(0.5) - exact) <= max(exact * 0.03, 0.5), "\(exact)")
      #expect(coarse.greatest == exact && coarse.count == 2)
    }
    var many = CoarseLatency()
    #expect(many.quantile(0.5) == 0)
    for microseconds in 1...1_000 { many.record(Nanoseconds(microseconds) * 1_000) }
    #expect(abs(many.quantile(0.99) - 990) < 30 && abs(many.quantile(0.5) - 500) < 15)
    many.record(-1_000)
    many.record(600 * Nanoseconds.perSecond)
    #expect(many.quantile(0) <= 1 && many.greatest == 600e6)
  }
}
