import Glibc
import HubbubThreads

/// Tells the service manager how this process is doing, by the datagrams of sd_notify(3). Any
/// thread.
///
/// The protocol is a line `NAME=value` for each fact, to the socket that NOTIFY_SOCKET names.
public struct ServiceNotifier: Sendable {
  /// One fact.
  public enum Fact: Sendable, Equatable {
    /// The service is there for everybody, also after a reload.
    case ready

    /// The settings are being read again; `ready` must follow. The time is that of the monotonic
    /// clock.
    case reloading(monotonic: Duration)
    case stopping

    /// For people: `systemctl status` shows it.
    case status(String)

    /// It is well. To be sent at least as often as `keepAliveInterval` says.
    case alive

    var line: String {
      switch self {
      case .ready: "READY=1"
      case .reloading(let time):
        "RELOADING=1\nMONOTONIC_USEC=\(Self.microseconds(time))"
      case .stopping: "STOPPING=1"
      // A second line would be a second fact.
      case .status(let text): "STATUS=\(text.filter { !$0.isNewline })"
      case .alive: "WATCHDOG=1"
      }
    }

    private static func microseconds(_ time: Duration) -> Int64 {
      let (seconds, attoseconds) = time.components
      return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
  }

  private let address: sockaddr_un
  private let addressBytes: Int

  /// How often `alive` is expected; nil where nobody asked for it.
  public let keepAliveInterval: Duration?

  /// - Parameter environment: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, as the service manager
  ///   sets them.
  /// - Throws: `SystemError` for a socket of a kind that is not supported, or with too long a name.
  /// - Returns: nil where no service manager wants to know.
  public init?(environment: [String: String]) throws(SystemError) {
    guard let name = environment["NOTIFY_SOCKET"], !name.isEmpty else { return nil }
    guard let first = name.utf8.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@")
    else {
      throw SystemError(call: "NOTIFY_SOCKET", errno: EAFNOSUPPORT)
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard name.utf8.count < capacity else {
      throw SystemError(call: "NOTIFY_SOCKET", errno: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { path in
      path.copyBytes(from: name.utf8)
      // An abstract name begins with a NUL, and has its length for an end.
      if first == UInt8(ascii: "@") { path[0] = 0 }
    }
    self.address = address
    addressBytes = MemoryLayout<sa_family_t>.size + name.utf8.count
    keepAliveInterval = Self.interval(environment)
  }

  /// Says what is so, and never waits.
  ///
  /// - Returns: false where the service manager's queue is full: then it was not said.
  /// - Throws: `SystemError` when nobody listens there.
  @discardableResult
  public func send(_ facts: Fact...) throws(SystemError) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", errno: errno) }
    defer { close(descriptor) }
    let text = Array(facts.map(\.line).joined(separator: "\n").utf8)
    var address = address
    let sent = withUnsafeBytes(of: &address) { raw in
      sendto(
        descriptor, text, text.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT),
        raw.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(addressBytes))
    }
    if sent == text.count { return true }
    guard errno == EAGAIN || errno == ENOBUFS else {
      throw SystemError(call: "sendto", errno: errno)
    }
    return false
  }

  /// Half of the time after which the service would be taken for dead (sd_watchdog_enabled(3)).
  private static func interval(_ environment: [String: String]) -> Duration? {
    guard let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), microseconds > 1
    else { return nil }
    if let process = environment["WATCHDOG_PID"], Int32(process) != getpid() { return nil }
    return .microseconds(microseconds / 2)
  }
}
