import Glibc
import HubbubThreads
import Testing

@testable import HubbubSockets

@Suite("Poller")
struct PollerTests {
  @Test("what becomes readable or writable is told by its key, for as long as it is so")
  func interests() throws {
    let meeting = try Meeting()
    let poller = try Poller()
    try poller.watch(meeting.server.descriptor, .readable, key: 7, isKnown: false)
    #expect(poller.wait(limit: .zero) == [])
    try meeting.client.send("x")
    for _ in 0..<2 { #expect(poller.wait(limit: patience) == [7]) }
    #expect(try meeting.server.receiveSome() == [0x78])
    #expect(poller.wait(limit: .zero) == [])
    try poller.watch(
      meeting.server.descriptor, [.readable, .writable], key: 8, isKnown: true)
    #expect(poller.wait(limit: patience) == [8])
  }

  @Test("`once` is told once, until it is watched again")
  func once() throws {
    let meeting = try Meeting()
    let poller = try Poller()
    let descriptor = meeting.client.descriptor
    try poller.watch(descriptor, [.writable, .once], key: 1, isKnown: false)
    #expect(poller.wait(limit: patience) == [1])
    for _ in 0..<3 { #expect(poller.wait(limit: .zero) == []) }
    try poller.watch(descriptor, [.writable, .once], key: 1, isKnown: true)
    #expect(poller.wait(limit: patience) == [1])
    #expect(poller.wait(limit: .zero) == [])
  }

  @Test("what is forgotten or closed is told no more")
  func forgetting() throws {
    let meeting = try Meeting()
    let poller = try Poller()
    try poller.watch(meeting.client.descriptor, .writable, key: 1, isKnown: false)
    try poller.watch(meeting.server.descriptor, .writable, key: 2, isKnown: false)
    #expect(Set(poller.wait(limit: patience)) == [1, 2])
    poller.forget(meeting.client.descriptor)
    #expect(poller.wait(limit: patience) == [2])
    meeting.server.close()
    #expect(poller.wait(limit: .zero) == [])
    poller.forget(meeting.client.descriptor)
  }

  @Test("a connection that ended or failed is ready", arguments: [true, false])
  func ended(byReset: Bool) throws {
    let meeting = try Meeting()
    let poller = try Poller()
    try poller.watch(meeting.server.descriptor, .readable, key: 3, isKnown: false)
    if byReset { meeting.client.reset() } else { meeting.client.close() }
    #expect(poller.wait(limit: patience) == [3])
  }

  @Test("waking ends the wait, once for all the calls before it, and has no key")
  func waking() throws {
    let poller = try Poller()
    for _ in 0..<5 { poller.wake() }
    let waiting = try Errand { poller.wait() }
    #expect(try waiting.finish() == [])
    // The next wait is a new one: it ends with what happens, not with what was.
    let meeting = try Meeting()
    try poller.watch(meeting.client.descriptor, .writable, key: 9, isKnown: false)
    #expect(poller.wait(limit: patience) == [9])
  }

  /// waiter                 main
  /// waits without a limit
  ///                        wakes, in that wait or before it
  /// returns
  @Test("a wake-up is never lost, whenever it comes")
  func wakingAnyTime() throws {
    let poller = try Poller()
    let laps = Monitor(0)
    let waiting = try Errand {
      for lap in 1...500 {
        guard poller.wait() == [] else { return false }
        laps.withLock { $0 = lap }
        laps.wakeAll()
      }
      return true
    }
    for lap in 1...500 {
      poller.wake()
      let isThere: Bool? = laps.wait(upTo: patience) { $0 >= lap ? true : nil }
      try #require(isThere == true)
    }
    #expect(try waiting.finish())
  }

  @Test(
    "a wait with a limit ends when it has passed, also when it had passed before",
    arguments: [
      .milliseconds(5), .microseconds(1), .zero, .milliseconds(-1), .milliseconds(-5), .seconds(-5),
    ] as [Duration])
  func limit(limit: Duration) throws {
    let poller = try Poller()
    let waiting = try Errand { poller.wait(limit: limit) }
    do {
      #expect(try waiting.finish() == [])
    } catch {
      poller.wake()
      throw error
    }
  }

  @Test("more than one wait can tell are told by the next")
  func many() throws {
    let poller = try Poller()
    let meetings = try (0..<50).map { _ in try Meeting() }
    for (number, meeting) in meetings.enumerated() {
      let key = UInt64(number * 2)
      try poller.watch(
        meeting.client.descriptor, [.writable, .once], key: key, isKnown: false)
      try poller.watch(
        meeting.server.descriptor, [.writable, .once], key: key + 1, isKnown: false)
    }
    var told: [UInt64] = []
    while told.count < 100 {
      let some = poller.wait(limit: patience)
      try #require(!some.isEmpty)
      told += some
    }
    #expect(told.sorted() == Array(0..<100))
  }

  @Test("watching what cannot be watched is an error in words")
  func errors() throws {
    let poller = try Poller()
    let meeting = try Meeting()
    let descriptor = meeting.client.descriptor
    #expect(throws: SystemError(call: "epoll_ctl", errno: EBADF)) {
      try poller.watch(-1, .readable, key: 1, isKnown: false)
    }
    #expect(throws: SystemError(call: "epoll_ctl", errno: ENOENT)) {
      try poller.watch(descriptor, .readable, key: 1, isKnown: true)
    }
    try poller.watch(descriptor, .readable, key: 1, isKnown: false)
    #expect(throws: SystemError(call: "epoll_ctl", errno: EEXIST)) {
      try poller.watch(descriptor, .readable, key: 1, isKnown: false)
    }
  }
}
