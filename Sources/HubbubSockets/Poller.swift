import CLinux
import Glibc
import HubbubThreads

/// Waits for many descriptors at once (`epoll`), and can be woken. It owns its descriptors.
///
/// One thread calls `wait`; any thread may call the others.
public final class Poller: Sendable {
  private let epoll: Int32
  private let wakeup: Int32

  /// The key that stands for `wake()`.
  private static let wakeKey = UInt64.max

  public init() throws(SystemError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw SystemError(call: "epoll_create1", errno: errno) }
    wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    // From here on all is set, and `deinit` closes what there is even if this throws.
    guard wakeup >= 0 else { throw SystemError(call: "eventfd", errno: errno) }
    try control(EPOLL_CTL_ADD, wakeup, EPOLLIN.rawValue, Self.wakeKey)
  }

  deinit {
    if wakeup >= 0 { close(wakeup) }
    close(epoll)
  }

  /// What a descriptor is waited for.
  public struct Interest: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static let readable = Interest(rawValue: EPOLLIN.rawValue)
    public static let writable = Interest(rawValue: EPOLLOUT.rawValue)
    /// Only the first time; `watch` again for the next.
    public static let once = Interest(rawValue: EPOLLONESHOT.rawValue)
  }

  /// Waits for `descriptor`, which stands for `key` in what `wait` returns. Closing it ends that.
  ///
  /// - Parameter isKnown: whether it was watched before.
  public func watch(
    _ descriptor: Int32, _ interest: Interest, key: UInt64, isKnown: Bool
  ) throws(SystemError) {
    try control(isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, interest.rawValue, key)
  }

  /// Waits no longer for `descriptor`.
  public func forget(_ descriptor: Int32) { epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil) }

  /// Makes the thread in `wait` return, or the next call of `wait`.
  public func wake() { eventfd_write(wakeup, 1) }

  /// Waits until something is ready, somebody calls `wake()`, or `limit` has passed; in whole
  /// milliseconds, rounded up. A limit of nothing or less is one look.
  ///
  /// - Returns: the keys of what is ready; a connection that failed or ended is ready for
  ///   everything.
  public func wait(limit: Duration? = nil) -> [UInt64] {
    let timeout = limit.map(Self.milliseconds)
    return withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
      let count = epoll_wait(epoll, events.baseAddress, 64, timeout ?? -1)
      // EINTR is a wake-up like any other.
      return events.prefix(max(0, Int(count))).map(\.data.u64).filter { key in
        guard key == Self.wakeKey else { return true }
        var count: eventfd_t = 0
        eventfd_read(wakeup, &count)
        return false
      }
    }
  }

  /// Never negative: that would be without a limit.
  private static func milliseconds(_ limit: Duration) -> Int32 {
    let parts = min(max(limit, .zero), .milliseconds(Int32.max)).components
    let fraction = (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: parts.seconds * 1000 + fraction)
  }

  private func control(
    _ operation: Int32, _ descriptor: Int32, _ events: UInt32, _ key: UInt64
  ) throws(SystemError) {
    var event = epoll_event(events: events, data: epoll_data_t(u64: key))
    guard epoll_ctl(epoll, operation, descriptor, &event) == 0 else {
      throw SystemError(call: "epoll_ctl", errno: errno)
    }
  }
}
