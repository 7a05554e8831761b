import CLinux
import Glibc
import HubbubThreads

/// Where a bot waits: for its socket, for its bell, and until its next message is due.
///
/// `epoll` and not `poll`, because only `epoll_pwait2` counts in nanoseconds: a bot that sends up
/// to a millisecond late would measure itself.
struct Waiter: ~Copyable {
  private let descriptor: Int32
  private let socket: Int32
  private var isAwaitingRoom = false

  /// - Throws: `SystemError` when the process has no descriptor left.
  init(socket: Int32, bell: Bell) throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError(call: "epoll_create1", errno: errno) }
    self.socket = socket
    control(EPOLL_CTL_ADD, socket, Self.reading)
    // Edge-triggered: each ring is one event, and nobody needs to read the counter.
    control(EPOLL_CTL_ADD, bell.descriptor, EPOLLIN.rawValue | EPOLLET.rawValue)
  }

  deinit { close(descriptor) }

  private static var reading: UInt32 { EPOLLIN.rawValue | EPOLLRDHUP.rawValue }

  /// Whether the next wait also ends when the socket takes bytes again.
  mutating func awaitRoom(_ isAwaited: Bool) {
    guard isAwaited != isAwaitingRoom else { return }
    isAwaitingRoom = isAwaited
    control(EPOLL_CTL_MOD, socket, Self.reading | (isAwaited ? EPOLLOUT.rawValue : 0))
  }

  /// Waits without the socket's input from now on: for readers that stop.
  func ignoreInput() {
    control(EPOLL_CTL_MOD, socket, EPOLLRDHUP.rawValue)
  }

  /// Waits for an event, `limit` nanoseconds at most; nil waits for ever.
  ///
  /// - Returns: what happened at the socket, 0 where nothing did.
  func wait(_ limit: Nanoseconds?) -> UInt32 {
    var events = (epoll_event(), epoll_event())
    var count: Int32 = 0
    withUnsafeMutablePointer(to: &events) { pointer in
      pointer.withMemoryRebound(to: epoll_event.self, capacity: 2) { list in
        if let limit {
          var time = timespec(
            tv_sec: Int(limit / .perSecond), tv_nsec: Int(limit % .perSecond))
          count = epoll_pwait2(descriptor, list, 2, &time, nil)
        } else {
          count = epoll_pwait2(descriptor, list, 2, nil, nil)
        }
      }
    }
    if count > 0, events.0.data.fd == socket { return events.0.events }
    if count > 1, events.1.data.fd == socket { return events.1.events }
    return 0
  }

  private func control(_ operation: Int32, _ target: Int32, _ events: UInt32) {
    var event = epoll_event()
    event.events = events
    event.data.fd = target
    epoll_ctl(descriptor, operation, target, &event)
  }
}
