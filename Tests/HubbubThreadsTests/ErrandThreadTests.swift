import HubbubThreads
import Testing

/// What something outside may hold up for good holds up nobody else.
@Suite struct ErrandThreadTests {
  /// Something that hangs until it is let go.
  private final class Gate: Sendable {
    private let state = Monitor((isOpen: false, waiting: 0))

    func pass() {
      state.withLock { $0.waiting += 1 }
      state.wakeAll()
      _ = state.wait { $0.isOpen ? true : nil }
    }

    func waitUntilSomebodyHangs() { _ = state.wait { $0.waiting > 0 ? true : nil } }

    func open() {
      state.withLock { $0.isOpen = true }
      state.wakeAll()
    }
  }

  private static func later(_ patience: Duration) -> ContinuousClock.Instant { .now + patience }

  @Test("an errand is done, and its result comes back; before the start as well")
  func done() throws {
    let errands = ErrandThread(name: "errands")
    #expect(errands.run(upTo: .zero) { 1 } == 1)
    try errands.start()
    #expect(errands.run(upTo: .seconds(60)) { 2 } == 2)
    #expect(errands.finish(by: Self.later(.seconds(60))))
  }

  @Test("whoever waits for one that hangs waits no longer than it wants to, and so do those behind")
  func hangs() throws {
    let (errands, gate, log) = (ErrandThread(name: "errands"), Gate(), Monitor<[Int]>([]))
    try errands.start()
    let first: Bool? = errands.run(upTo: .milliseconds(20)) {
      gate.pass()
      log.withLock { $0.append(1) }
      return true
    }
    #expect(first == nil)
    #expect(errands.run(upTo: .milliseconds(20)) { log.withLock { $0.append(2) } } == nil)
    gate.open()
    // What was begun is done in the end; what was not is forgotten.
    #expect(errands.run(upTo: .seconds(60)) { log.withLock { $0.append(3) } } != nil)
    #expect(log.withLock { $0 } == [1, 3])
    #expect(errands.finish(by: Self.later(.seconds(60))))
  }

  /// client                     stop
  /// waits for its errand
  ///                            releases
  /// goes on without a result
  ///                            finishes, by a deadline
  @Test("a release wakes all who wait, and the end waits for what hangs up to its deadline alone")
  func released() throws {
    let (errands, gate, seen) = (ErrandThread(name: "errands"), Gate(), Monitor(0))
    try errands.start()
    let threads = try (0..<3).map { number in
      try NamedThread(name: "waits-\(number)") {
        let result: Bool? = errands.run(upTo: .seconds(3600)) {
          gate.pass()
          return true
        }
        if result == nil { seen.withLock { $0 += 1 } }
      }
    }
    gate.waitUntilSomebodyHangs()
    errands.release()
    for thread in threads { thread.join() }
    #expect(seen.withLock { $0 } == 3)
    #expect(errands.run(upTo: .seconds(3600)) { gate.pass() } == nil)
    #expect(!errands.finish(by: Self.later(.milliseconds(20))))
    gate.open()
  }

  @Test("the last errand is done before the end")
  func last() throws {
    let (errands, isDone) = (ErrandThread(name: "errands"), Monitor(false))
    try errands.start()
    errands.release()
    #expect(errands.finish(by: Self.later(.seconds(60))) { isDone.withLock { $0 = true } })
    #expect(isDone.withLock { $0 })
  }
}
