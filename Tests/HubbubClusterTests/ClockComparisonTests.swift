import Testing

@testable import HubbubCluster

/// A clock is judged by what stands in the log, however late it is read.
@Suite struct ClockComparisonTests {
  private let tenure = Tenure(node: 1, lease: 1, epoch: 10, batches: 0)

  private func batch(_ node: NodeID, _ time: Int64) -> Batch {
    Batch(node: node, epoch: node == 1 ? 10 : 5, number: 1, time: time, actions: [])
  }

  @Test("a clock is another's where times do not rise in the log by more than two seconds")
  func faults() {
    var behind = ClockComparison(of: tenure)
    let fault1 = behind.note(batch(2, 100_000), at: 8)
    #expect(fault1 == nil)
    let fault2 = behind.note(batch(1, 90_000), at: 11)
    #expect(fault2 == .init(node: 2, seconds: 10))
    var ahead = ClockComparison(of: tenure)
    let fault3 = ahead.note(batch(2, 100_000), at: 8)
    #expect(fault3 == nil)
    let fault4 = ahead.note(batch(1, 109_000), at: 11)
    #expect(fault4 == nil)
    let fault5 = ahead.note(batch(2, 102_000), at: 12)
    #expect(fault5 == .init(node: 2, seconds: 7))
    var extreme = ClockComparison(of: tenure)
    let fault6 = extreme.note(batch(2, .max), at: 8)
    #expect(fault6 == nil)
    let fault7 = extreme.note(batch(1, .min), at: 11)
    #expect(fault7?.node == 2)
  }

  @Test("a long log before this node's time, and a late look at it, are no fault")
  func age() {
    var clocks = ClockComparison(of: tenure)
    let fault8 = clocks.note(batch(2, 1000), at: 2)
    #expect(fault8 == nil)
    let fault9 = clocks.note(batch(1, 9_000_000), at: 11)
    #expect(fault9 == nil)
    let fault10 = clocks.note(batch(2, 9_000_000 - 1900), at: 12)
    #expect(fault10 == nil)
    let (isDone, isDoneWithMore) = (
      clocks.isDone(with: [1, 2], after: .seconds(1000)),
      clocks.isDone(with: [1, 2, 3], after: .seconds(1000))
    )
    #expect(isDone && !isDoneWithMore)
  }
}
