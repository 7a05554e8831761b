import Glibc

/// Waiting for one descriptor.
public enum Readiness {
  /// The event that the peer sends nothing more (`POLLRDHUP`), though there may be something left
  /// to receive.
  public static let silence: Int32 = 0x2000

  /// Waits until the descriptor is ready for `events` (`POLLIN`, `POLLOUT`, `silence`), or has
  /// failed or ended.
  ///
  /// - Returns: false when `limit` passed first; nil waits for ever.
  public static func wait(for descriptor: Int32, _ events: Int32, limit: Duration?) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    let deadline = limit.map { ContinuousClock.now + $0 }
    while true {
      let rest = deadline.map { $0 - .now } ?? .zero
      let milliseconds =
        rest.components.seconds * 1000
        + rest.components.attoseconds / 1_000_000_000_000_000
      let timeout = deadline == nil ? -1 : Int32(clamping: max(0, milliseconds + 1))
      let count = poll(&entry, 1, timeout)
      if count > 0 { return true }
      if count == 0 || errno != EINTR { return false }
    }
  }
}
