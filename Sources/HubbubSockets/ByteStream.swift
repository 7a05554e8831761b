import Glibc
import HubbubThreads

/// A connection's bytes, in plain text or through TLS: whoever reads and writes them need not know
/// which.
///
/// One thread reads and one at a time writes, and both may do so at once.
public final class ByteStream: Sendable {
  public let socket: Socket

  /// nil where the connection is in plain text.
  public let session: TLSSession?

  /// What wraps the bytes on top of that; nil where they are as they are.
  private let layer: (any ByteLayer)?

  /// - Parameter session: over the same socket.
  public init(_ socket: Socket, session: TLSSession? = nil) {
    self.socket = socket
    self.session = session
    layer = nil
  }

  /// - Parameters:
  ///   - stream: which from now on the layer alone reads and writes.
  ///   - layer: over the stream.
  public init(_ stream: ByteStream, through layer: any ByteLayer) {
    (socket, session, self.layer) = (stream.socket, stream.session, layer)
  }

  /// Connects, and with a context shakes hands. There is no way from here to plain text.
  ///
  /// - Parameter limit: how long to try each of the host's addresses, and how long the handshake
  ///   may take.
  /// - Throws: `NetworkError`, `TLSError`.
  public static func connect(
    to endpoint: Endpoint, tls: TLSContext?, limit: Duration = .seconds(10)
  ) throws -> ByteStream {
    let socket = try Socket.connect(to: endpoint, limit: limit)
    guard let tls else { return ByteStream(socket) }
    let session = try TLSSession(connecting: socket, to: endpoint.host, tls)
    try session.handshake(limit: limit)
    return ByteStream(socket, session: session)
  }

  /// Waits for bytes and reads what is there.
  ///
  /// - Parameter limit: how long to wait where it is encrypted; nil: as long as it takes. In plain
  ///   text the socket's own receive limit counts.
  /// - Returns: how many bytes came; 0 at the end of the stream, whoever ended it; nil where none
  ///   have come and the limit has passed, or the socket, in plain text, is non-blocking.
  /// - Throws: `SystemError`.
  public func receive(
    into buffer: UnsafeMutableRawBufferPointer, within limit: Duration? = nil
  ) throws(SystemError) -> Int? {
    if let layer { return try layer.receive(into: buffer, within: limit) }
    guard let session else { return try socket.receive(into: buffer) }
    // Most often the last read left nothing: then it saves a call to wait first.
    var isDrained = !session.hasPending
    while true {
      if isDrained, !Readiness.wait(for: socket.descriptor, POLLIN, limit: limit) { return nil }
      switch try session.read(into: buffer) {
      case .bytes(let count): return count
      case .end: return 0
      case .nothing(let nothingMore): isDrained = nothingMore
      }
    }
  }

  /// Reads what is there; never waits.
  ///
  /// - Returns: how many bytes came; 0 at the end of the stream; nil where there are none.
  /// - Throws: `SystemError`.
  public func receiveNow(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> Int? {
    if let layer { return try layer.receiveNow(into: buffer) }
    guard let session else { return try socket.receiveNow(into: buffer) }
    while true {
      switch try session.read(into: buffer) {
      case .bytes(let count): return count
      case .end: return 0
      case .nothing(isDrained: false): continue
      case .nothing(isDrained: true): return nil
      }
    }
  }

  /// Whether there may be bytes of which `poll` does not know: then `receiveNow` says.
  public var hasPending: Bool { layer?.hasPending ?? session?.hasPending ?? false }

  /// Hands as much to the system as it takes at once; never waits.
  ///
  /// What was not taken must be offered again, with more behind it or not.
  /// - Returns: how many bytes it took, 0 where its buffer is full.
  /// - Throws: `SystemError`, for example when the connection is gone.
  public func sendNow(_ spans: UnsafeBufferPointer<iovec>) throws(SystemError) -> Int {
    if let layer { return try layer.sendNow(spans) }
    guard let session else { return try socket.sendNow(spans) }
    return try session.sendNow(spans)
  }

  /// Sends all of `bytes`, and waits where it must. For clients; in plain text on a blocking
  /// socket.
  public func sendAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    guard session != nil || layer != nil else { return try socket.sendAll(bytes) }
    var rest = bytes[...]
    while true {
      var vector = iovec(
        iov_base: UnsafeMutableRawPointer(
          mutating: UnsafeRawBufferPointer(rebasing: rest).baseAddress),
        iov_len: rest.count)
      let count = try withUnsafePointer(to: &vector) { pointer throws(SystemError) in
        try sendNow(UnsafeBufferPointer(start: pointer, count: 1))
      }
      rest = rest.dropFirst(count)
      if rest.isEmpty { return }
      _ = Readiness.wait(for: socket.descriptor, POLLOUT, limit: nil)
    }
  }

  /// Says goodbye where that is possible at once, and ends the connection in both directions: a
  /// thread that waits in `receive` gets 0. The descriptor stays.
  public func shutDown() {
    layer?.sayGoodbye()
    session?.sayGoodbye()
    socket.shutDown()
  }
}
