import HubbubLog
import HubbubThreads
import Testing

/// The right to deliver, which one thread at a time has.
@Suite struct FanOutTests {
  /// publisher A, of several rooms   publisher B
  ///                                 publishes, draws ticket 1
  /// publishes, draws ticket 2
  /// takes the right: must deliver B's as well, to those who have A's already
  ///                                 ticket 1 is served: goes on
  @Test("whatever the interleaving, everything that was published is delivered")
  func nothingIsLost() throws {
    for seed in UInt64(0)..<2000 {
      let fanOut = FanOut()
      let state = Monitor<(published: Set<Int>, delivered: Set<Int>)>(level: .leaf, ([], []))
      let publish = { @Sendable (number: Int) in
        state.withLock { _ = $0.published.insert(number) }
        _ = fanOut.run { isOwnAlone in
          state.withLock {
            $0.delivered.formUnion(isOwnAlone ? [number] : $0.published)
          }
        }
      }
      let threads = (0..<3).map { thread in
        { @Sendable in for step in 0..<3 { publish(10 * thread + step) } }
      }
      try Scheduler(seed: seed).run(threads)
      let (published, delivered) = state.withLock { $0 }
      try #require(published == delivered, "seed \(seed)")
    }
  }
}
