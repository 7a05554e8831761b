import CLinux
import Glibc
import HubbubThreads
import Synchronization

/// A socket that others connect to. It owns its descriptor.
public final class Listener: Sendable {
  private let descriptor: Int32

  /// Stored with release before the shutdown, loaded with acquire by who is woken by it: without
  /// descriptors `accept` says nothing of a shutdown.
  private let hasStopped = Atomic<Bool>(false)

  /// Where it listens; with the port that the system chose where port 0 was asked for.
  public let endpoint: Endpoint

  private init(adopting descriptor: Int32) {
    self.descriptor = descriptor
    endpoint = Socket.name(descriptor, getsockname)
  }

  deinit { close(descriptor) }

  /// Listens on every address of `endpoint`: `localhost` is IPv4 and IPv6, `*` is everything.
  ///
  /// - Parameter backlog: how many connections may wait to be accepted; the system has a limit of
  ///   its own.
  /// - Throws: `NetworkError`. Nothing is left listening then.
  public static func open(_ endpoint: Endpoint, backlog: Int32 = 4096) throws -> [Listener] {
    let addresses = try Resolution.addresses(of: endpoint, forListening: true)
    return try open(endpoint, on: addresses, backlog: backlog)
  }

  /// Listens on each of `addresses`, those that `endpoint` stands for.
  static func open(
    _ endpoint: Endpoint, on addresses: [Resolution.Address], backlog: Int32 = 4096
  ) throws(NetworkError) -> [Listener] {
    var opened: [Listener] = []
    var missing: SystemError?
    for address in addresses {
      do {
        opened.append(try open(address, backlog: backlog))
      } catch {
        // A machine without IPv6 still listens on IPv4, whichever of the two comes first.
        guard error.errno == EAFNOSUPPORT || error.errno == EADDRNOTAVAIL else {
          throw .cannotListen(endpoint, error)
        }
        missing = error
      }
    }
    if opened.isEmpty, let missing { throw .cannotListen(endpoint, missing) }
    return opened
  }

  /// Waits for the next connection.
  ///
  /// - Returns: nil when the listener was stopped.
  /// - Throws: `SystemError` when the system is short of something (EMFILE, ENFILE, ENOMEM,
  ///   ENOBUFS). Connections that failed before they were accepted are passed over.
  public func accept() throws(SystemError) -> Socket? {
    while true {
      let accepted = clinux_accept(descriptor)
      if accepted >= 0 { return Socket(adopting: accepted) }
      switch errno {
      case EINTR, ECONNABORTED, EPROTO, EPERM: continue
      case EINVAL, EBADF: return nil
      default: throw SystemError(call: "accept", errno: errno)
      }
    }
  }

  /// Waits until there is a connection to accept, or the listener was stopped.
  ///
  /// - Returns: false when `limit` passed first.
  public func waitForConnection(limit: Duration) -> Bool {
    Readiness.wait(for: descriptor, POLLIN, limit: limit)
  }

  /// Wakes the thread in `accept()`, which gets nil, now and ever after. Any thread.
  public func stop() {
    hasStopped.store(true, ordering: .releasing)
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// Whether `stop()` was called. Any thread.
  public var isStopped: Bool { hasStopped.load(ordering: .acquiring) }

  private static func open(
    _ address: Resolution.Address, backlog: Int32
  ) throws(SystemError) -> Listener {
    let descriptor = socket(
      address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", errno: errno) }
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // So that a server that stopped can start again at once, while its old connections are in
    // TIME_WAIT.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    // IPv4 gets a listener of its own, so that one failing never takes the other along.
    if address.family == AF_INET6 {
      setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size)
    }
    guard address.withSocketAddress({ bind(descriptor, $0, $1) }) == 0 else {
      return try fail("bind", descriptor)
    }
    guard listen(descriptor, backlog) == 0 else { return try fail("listen", descriptor) }
    return Listener(adopting: descriptor)
  }

  private static func fail(_ call: String, _ descriptor: Int32) throws(SystemError) -> Listener {
    let code = errno
    close(descriptor)
    throw SystemError(call: call, errno: code)
  }
}
