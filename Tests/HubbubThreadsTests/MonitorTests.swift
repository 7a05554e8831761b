import Glibc
import HubbubThreads
import Testing

@Suite("Monitor")
struct MonitorTests {
  @Test("one thread at a time is inside")
  func mutualExclusion() throws {
    struct Inside {
      var count = 0
      var isSomebodyHere = false
      var meetings = 0
    }
    let monitor = Monitor(Inside())
    try together(4) { _ in
      for _ in 0..<20_000 {
        monitor.withLock { inside in
          if inside.isSomebodyHere { inside.meetings += 1 }
          inside.isSomebodyHere = true
          inside.count += 1
          inside.isSomebodyHere = false
        }
      }
    }
    #expect(monitor.withLock { $0.count } == 80_000)
    #expect(monitor.withLock { $0.meetings } == 0)
  }

  @Test("what the body returns or throws comes out, and the lock is free after both")
  func results() throws {
    struct Refused: Error {}
    let monitor = Monitor(1)
    #expect(monitor.withLock { $0 + 1 } == 2)
    #expect(throws: Refused.self) {
      try monitor.withLock { state throws(Refused) in
        state = 5
        throw Refused()
      }
    }
    #expect(try finishes { monitor.withLock { $0 += 1 } })
    #expect(monitor.withLock { $0 } == 6)
  }

  @Test(
    "a wait that is satisfied already does not wait",
    arguments: [nil, .zero, .seconds(30)] as [Duration?])
  func satisfied(limit: Duration?) {
    let monitor = Monitor("there")
    #expect(monitor.wait(upTo: limit) { $0 } == "there")
  }

  /// waiter                     changer
  /// looks: 0 of 3, waits
  ///                            1, wakes; 2, wakes
  /// looks again, waits
  ///                            3, wakes
  /// goes on
  @Test(
    "a wait ends when its condition has come true, and not at an earlier change",
    arguments: [nil, patience] as [Duration?])
  func waking(limit: Duration?) throws {
    let monitor = Monitor(0)
    let seen = Monitor(0)
    let changer = try NamedThread(name: "changer") {
      for _ in 0..<3 {
        monitor.withLock { $0 += 1 }
        monitor.wakeAll()
      }
    }
    let isBack = try finishes {
      let value = monitor.wait(upTo: limit) { $0 == 3 ? $0 : nil }
      seen.withLock { $0 = value ?? -1 }
    }
    changer.join()
    #expect(isBack)
    #expect(seen.withLock { $0 } == 3)
  }

  @Test("one wake-up is for all who wait")
  func wakingAll() throws {
    let monitor = Monitor((waiting: 0, isOpen: false))
    let through = Monitor(0)
    let opener = try NamedThread(name: "opener") {
      // Looks until all four wait for certain: each counts itself under the lock that its wait gives up.
      while !monitor.withLock({ state in
        state.isOpen = state.waiting == 4
        return state.isOpen
      }) { sched_yield() }
      monitor.wakeAll()
    }
    try together(4) { _ in
      var isCounted = false
      let isThrough: Bool? = monitor.wait(upTo: patience) { state in
        if !isCounted { state.waiting += 1 }
        isCounted = true
        return state.isOpen ? true : nil
      }
      if isThrough == true { through.withLock { $0 += 1 } }
    }
    opener.join()
    #expect(through.withLock { $0 } == 4)
  }

  @Test(
    "a wait with a limit gives up when it has passed, also when it had passed before",
    arguments: [
      .milliseconds(5), .nanoseconds(1), .zero, .milliseconds(-1), .milliseconds(-999),
      .seconds(-1),
      .seconds(-1_000_000_000),
    ] as [Duration])
  func givingUp(limit: Duration) throws {
    let monitor = Monitor(0)
    #expect(
      try finishes {
        let value: Int? = monitor.wait(upTo: limit) { _ in nil }
        precondition(value == nil)
      })
  }

  @Test(
    "a limit may be longer than any clock runs",
    arguments: [.seconds(Int64.max), .seconds(1 << 40)] as [Duration])
  func endlessLimit(limit: Duration) throws {
    let monitor = Monitor(false)
    let changer = try NamedThread(name: "changer") {
      monitor.withLock { $0 = true }
      monitor.wakeAll()
    }
    #expect(try finishes { _ = monitor.wait(upTo: limit) { $0 ? true : nil } })
    changer.join()
  }

  @Test("who waits lets the others in")
  func waitingLetsIn() throws {
    let monitor = Monitor((question: 0, answer: 0))
    let answerer = try NamedThread(name: "answerer") {
      for number in 1...100 {
        _ = monitor.wait(upTo: patience) { $0.question == number ? true : nil }
        monitor.withLock { $0.answer = number }
        monitor.wakeAll()
      }
    }
    var answers = 0
    for number in 1...100 {
      monitor.withLock { $0.question = number }
      monitor.wakeAll()
      answers += monitor.wait(upTo: patience) { $0.answer == number ? 1 : nil } ?? 0
    }
    answerer.join()
    #expect(answers == 100)
  }
}
