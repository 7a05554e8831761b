import CLinux
import Glibc
import HubbubSockets
import HubbubThreads

/// Lets the idle clients in, a bounded number at a time, and answers for them; on the crowd's
/// thread.
struct Usher: ~Copyable {
  private let plan: Plan
  private let descriptor: Int32
  private var clients: [IdleClient?] = []
  private var arrived = 0
  private static let bellIndex = UInt64.max

  // Allocated in `init`, freed in `deinit`, and this value cannot be copied.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 64 * 1024, alignment: 16)

  /// - Throws: `SystemError` when the process has no descriptor left.
  init(_ plan: Plan, bell: Bell) throws(SystemError) {
    self.plan = plan
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError(call: "epoll_create1", errno: errno) }
    control(EPOLL_CTL_ADD, bell.descriptor, EPOLLIN.rawValue | EPOLLET.rawValue, Self.bellIndex)
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  /// Connects, registers and joins all, then tells how long it took.
  ///
  /// - Throws: whatever kept one of them out.
  mutating func admitAll(_ done: (Nanoseconds) -> Void) throws {
    let start = RunClock.system
    while arrived < plan.idle {
      while clients.count < plan.idle, clients.count - arrived < IdleCrowd.greatestInFlight {
        try admitOne()
      }
      guard try turn(limit: 60_000, lost: { throw Enrolment.Refused(description: $0) }) else {
        throw Enrolment.Refused(description: "The server did not answer for 60 seconds.")
      }
    }
    done(RunClock.system - start)
  }

  /// Answers pings until `isDismissed`.
  mutating func keep(until isDismissed: () -> Bool, lost: () -> Void) throws {
    while !isDismissed() { _ = try turn(limit: -1) { _ in lost() } }
  }

  private mutating func admitOne() throws {
    let index = clients.count
    let client = try IdleClient(index: index, plan: plan)
    clients.append(client)
    control(
      EPOLL_CTL_ADD, client.stream.socket.descriptor, EPOLLOUT.rawValue | EPOLLIN.rawValue,
      UInt64(index))
  }

  /// Waits for events and deals with them.
  ///
  /// - Returns: false when nothing happened for `limit` milliseconds.
  private mutating func turn(limit: Int32, lost: (String) throws -> Void) throws -> Bool {
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    let count = epoll_wait(descriptor, &events, Int32(events.count), limit)
    if count < 0, errno != EINTR { throw SystemError(call: "epoll_wait", errno: errno) }
    for event in events.prefix(Int(max(count, 0))) where event.data.u64 != Self.bellIndex {
      let index = Int(event.data.u64)
      do {
        if try !serve(index) { throw Enrolment.Refused(description: "The connection ended.") }
      } catch {
        clients[index] = nil
        try lost("\(error)")
      }
    }
    return count != 0
  }

  private mutating func serve(_ index: Int) throws -> Bool {
    guard let before = clients[index]?.place else { return true }
    if before == .connecting || before == .securing {
      // `poll` and `epoll` have the same numbers for the same events.
      let events = UInt32(try clients[index]!.goOn())
      control(
        EPOLL_CTL_MOD, clients[index]!.stream.socket.descriptor, events, UInt64(index))
      return true
    }
    guard try clients[index]!.hear(buffer) else { return false }
    if before != .inRoom, clients[index]!.place == .inRoom { arrived += 1 }
    return true
  }

  private func control(_ operation: Int32, _ target: Int32, _ events: UInt32, _ index: UInt64) {
    var event = epoll_event()
    event.events = events
    event.data.u64 = index
    epoll_ctl(descriptor, operation, target, &event)
  }
}
