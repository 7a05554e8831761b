import CLinux
import Glibc
import HubbubThreads
import Synchronization

/// A connected TCP socket. It owns its descriptor and closes it at the end of its life.
///
/// EINTR, short writes and SIGPIPE are dealt with here and nowhere else. Any thread may call any
/// method; what must not overlap with `close()` is the owner's business (see `Baton`).
public final class Socket: Sendable {
  /// For `poll` and `epoll`. Do not close it, and do not use it after the socket's end.
  public let descriptor: Int32

  /// Only so that the descriptor is given back once.
  private let isClosed = Atomic<Bool>(false)

  /// Takes over a connected descriptor, and switches Nagle's algorithm off: a chat line is small,
  /// and must not wait for the acknowledgement of the last one.
  public init(adopting descriptor: Int32) {
    self.descriptor = descriptor
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close() }

  /// Gives the descriptor back. The owner calls it when no other thread can be using it any more; a
  /// socket that nobody closed is closed when the last reference to it goes.
  public func close() {
    if !isClosed.exchange(true, ordering: .relaxed) { Glibc.close(descriptor) }
  }

  /// Has the system ask after so much silence whether the peer is there, and end the connection if
  /// no answer comes in time.
  public func keepAlive(after silence: Duration, reply: Duration) {
    let tries: Int32 = 3
    func set(_ level: Int32, _ option: Int32, _ value: Int32) {
      var value = value
      setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
    func seconds(_ duration: Duration) -> Int32 {
      Int32(clamping: max(1, duration.components.seconds))
    }
    set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, seconds(silence))
    set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, max(1, seconds(reply) / tries))
    set(Int32(IPPROTO_TCP), TCP_KEEPCNT, tries)
    set(SOL_SOCKET, SO_KEEPALIVE, 1)
  }

  /// Connects to the first address of `endpoint` that answers.
  ///
  /// - Parameter limit: how long to try each address.
  /// - Throws: `NetworkError`.
  public static func connect(to endpoint: Endpoint, limit: Duration = .seconds(10)) throws -> Socket
  {
    var last = SystemError(call: "connect", errno: EADDRNOTAVAIL)
    for address in try Resolution.addresses(of: endpoint, forListening: false) {
      do { return try connect(to: address, limit: limit) } catch {
        last = error
      }
    }
    throw NetworkError.cannotConnect(endpoint, last)
  }

  /// Starts to connect and does not wait. The descriptor is non-blocking; the connection stands
  /// when it is writable and `connectionError` is nil.
  public static func beginConnecting(to endpoint: Endpoint) throws -> Socket {
    let address = try Resolution.addresses(of: endpoint, forListening: false)[0]
    return try begin(address)
  }

  /// Why the connection that was begun does not stand; nil when it does.
  public var connectionError: SystemError? {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    return code == 0 ? nil : SystemError(call: "connect", errno: code)
  }

  /// Waits for bytes and reads what is there.
  ///
  /// - Returns: how many bytes came; 0 at the end of the stream, whoever ended it; nil where none
  ///   have come and the socket is non-blocking, or has a receive limit that has passed.
  /// - Throws: `SystemError`, for example when the peer reset the connection.
  public func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count >= 0 { return count }
      let code = errno
      if code == EAGAIN { return nil }
      if code != EINTR { throw SystemError(call: "recv", errno: code) }
    }
  }

  /// Reads what is there; never waits.
  ///
  /// - Returns: how many bytes came; 0 at the end of the stream; nil where there are none.
  /// - Throws: `SystemError`, for example when the peer reset the connection.
  public func receiveNow(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      if count >= 0 { return count }
      let code = errno
      if code == EAGAIN { return nil }
      if code != EINTR { throw SystemError(call: "recv", errno: code) }
    }
  }

  /// Hands as much to the system as it takes at once; never waits.
  ///
  /// - Returns: how many bytes it took, 0 where its buffer is full, or the system has no memory for
  ///   more at the moment.
  /// - Throws: `SystemError`, for example when the connection is gone.
  public func sendNow(_ spans: UnsafeBufferPointer<iovec>) throws(SystemError) -> Int {
    while true {
      let count = clinux_send_now(descriptor, spans.baseAddress, spans.count)
      if count >= 0 { return count }
      let code = errno
      if [EAGAIN, ENOBUFS, ENOMEM].contains(code) { return 0 }
      if code != EINTR { throw SystemError(call: "send", errno: code) }
    }
  }

  /// Sends all of `bytes`, and waits where it must. For clients, on a blocking socket.
  public func sendAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = send(descriptor, piece.baseAddress, piece.count, Int32(MSG_NOSIGNAL))
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw SystemError(call: "send", errno: errno)
      }
    }
  }

  /// Sends what the system takes of `bytes` at once: last words, which
  /// may never arrive.
  public func sayAtOnce(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { raw in
      var vector = iovec(
        iov_base: UnsafeMutableRawPointer(mutating: raw.baseAddress), iov_len: raw.count)
      withUnsafePointer(to: &vector) {
        // A connection that takes nothing is past all words.
        _ = try? sendNow(UnsafeBufferPointer(start: $0, count: 1))
      }
    }
  }

  /// Ends the connection in both directions: a thread that waits in `receive` gets 0. The
  /// descriptor stays.
  public func shutDown() { Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Ends our side only: what was sent still arrives, and then its end.
  public func shutDownSending() { Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

  /// Ends our side and waits for the other to end its own, so that what was sent last is not lost
  /// to a reset: closing a socket with unread input would send one.
  ///
  /// - Parameter limit: how long to wait in all.
  public func drainAfterEnd(limit: Duration) {
    shutDownSending()
    let deadline = ContinuousClock.now + limit
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { buffer in
      while ContinuousClock.now < deadline,
        Readiness.wait(for: descriptor, Int32(POLLIN), limit: deadline - .now)
      {
        // An error is an end like any other: there is nothing more to read.
        guard let count = try? receive(into: buffer), count > 0 else { return }
      }
    }
  }

  /// From now on `receive` waits this long at most, and a microsecond at least; nil: as long as it
  /// takes.
  public func limitReceiving(to limit: Duration?) {
    // "If the timeout is set to zero (the default), then the operation will never timeout."
    // (socket(7))
    let parts = (limit.map { max($0, .microseconds(1)) } ?? .zero).components
    var time = timeval(
      tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// The other side's address in numbers, without the port: `127.0.0.1`, `::1`. An IPv4 address
  /// that came by IPv6 is given as IPv4. "unknown" when the peer is gone already.
  public var peerAddress: String { Self.name(descriptor, getpeername).host }

  /// Where this side is bound.
  public var localEndpoint: Endpoint { Self.name(descriptor, getsockname) }

  static func name(
    _ descriptor: Int32,
    _ call: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> Endpoint {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: 16)
    let code = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        guard call(descriptor, address, &size) == 0 else { return Int32(-1) }
        return getnameinfo(
          address, size, &host, socklen_t(host.count), &port, socklen_t(port.count),
          NI_NUMERICHOST | NI_NUMERICSERV)
      }
    }
    guard code == 0 else { return Endpoint(host: "unknown", port: 0) }
    let text = string(host)
    return Endpoint(
      host: text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text,
      port: UInt16(string(port)) ?? 0)
  }

  private static func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func begin(_ address: Resolution.Address) throws(SystemError) -> Socket {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.family, kind, 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", errno: errno) }
    let begun = Socket(adopting: descriptor)
    let code = address.withSocketAddress { Glibc.connect(descriptor, $0, $1) }
    guard code == 0 || errno == EINPROGRESS else {
      throw SystemError(call: "connect", errno: errno)
    }
    return begun
  }

  private static func connect(
    to address: Resolution.Address, limit: Duration
  ) throws(SystemError) -> Socket {
    let begun = try begin(address)
    guard Readiness.wait(for: begun.descriptor, POLLOUT, limit: limit) else {
      throw SystemError(call: "connect", errno: ETIMEDOUT)
    }
    if let error = begun.connectionError { throw error }
    guard clinux_set_nonblocking(begun.descriptor, 0) == 0 else {
      throw SystemError(call: "fcntl", errno: errno)
    }
    return begun
  }
}
