import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire

/// A connection to a server, in plain text or encrypted, seen as lines.
///
/// One thread calls `receive()`; any thread may send and shut down.
// @unchecked: `buffer`, `framer` and `arrived` belong to the one thread that receives.
public final class LineConnection: @unchecked Sendable {
  /// For programs that read the bytes themselves and then never call `receive()`.
  public let stream: ByteStream

  /// For `poll`. Of bytes that came in one TLS record with those before, it knows nothing: wait
  /// only after `receive(within: .zero)` found no message.
  public var socket: Socket { stream.socket }

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)
  private var framer = LineFramer(tagLimit: 8191)
  private var arrived: ArraySlice<Message> = []

  /// Held while one message is written, so that two never mix. Guards nothing but the order of
  /// writes.
  ///
  /// The state is there only to be something: an empty one has the address of the monitor itself,
  /// and ThreadSanitizer reports each pair of accesses as a race. Of the level below the leaves,
  /// because a TLS session has a lock of its own.
  private let writing = Monitor(level: .member, false)

  public init(_ stream: ByteStream) { self.stream = stream }

  /// Over a socket in plain text.
  public convenience init(_ socket: Socket) { self.init(ByteStream(socket)) }

  deinit { buffer.deallocate() }

  /// Connects, and encrypts where there is a context to. There is no way from here to plain text.
  ///
  /// - Parameters:
  ///   - tls: whom to believe to be the server; nil for plain text.
  ///   - web: the path at which the server takes WebSockets; nil: as IRC itself.
  ///   - limit: how long to try each of the host's addresses, and how long a handshake may take.
  /// - Throws: `NetworkError`, `TLSError`, and for a WebSocket `SystemError` and an error that says
  ///   why the server did not take it.
  public static func open(
    _ endpoint: Endpoint, tls: TLSContext? = nil, web path: String? = nil,
    limit: Duration = .seconds(10)
  ) throws -> LineConnection {
    let stream = try ByteStream.connect(to: endpoint, tls: tls, limit: limit)
    guard let path else { return LineConnection(stream) }
    do {
      return LineConnection(
        try WebSocketDial.upgrade(stream, to: endpoint, path: path, limit: limit))
    } catch {
      stream.socket.close()
      throw error
    }
  }

  /// Waits for the next message. Lines that are none are passed over.
  ///
  /// - Returns: nil at the end of the connection.
  /// - Throws: `SystemError`.
  public func receive() throws -> Message? {
    while arrived.isEmpty {
      guard let count = try stream.receive(into: buffer) else {
        throw SystemError(call: "recv", errno: EAGAIN)
      }
      if count == 0 { return nil }
      takeIn(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return arrived.removeFirst()
  }

  /// Waits for the next message until `limit` has passed.
  ///
  /// - Returns: nil at the end of the connection.
  /// - Throws: `SystemError`, with `ETIMEDOUT` when the limit passed first.
  public func receive(within limit: Duration) throws -> Message? {
    let deadline = ContinuousClock.now + limit
    // Half a record is pending as well: once nothing came of it, only the socket brings more.
    var hasPending = stream.hasPending
    while arrived.isEmpty {
      guard
        hasPending
          || Readiness.wait(for: socket.descriptor, Int32(POLLIN), limit: deadline - .now)
      else { throw SystemError(call: "recv", errno: ETIMEDOUT) }
      hasPending = false
      guard let count = try stream.receiveNow(into: buffer) else { continue }
      if count == 0 { return nil }
      takeIn(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      hasPending = stream.hasPending
    }
    return arrived.removeFirst()
  }

  /// Sends a message; waits while the connection is full.
  ///
  /// - Throws: `SystemError` when the connection is gone.
  public func send(_ message: Message) throws { try send(bytes: message.encoded()) }

  /// Sends whole lines as they are, each with its ending.
  public func send(bytes: [UInt8]) throws {
    // The one system call under a lock: nothing but other senders of this very connection waits for
    // it.
    try writing.withLock { _ in
      try bytes.withUnsafeBytes { raw in try stream.sendAll(raw) }
    }
  }

  /// What was received of a line whose end has not come yet, for a program that reads the stream
  /// itself from here on. The thread that receives, which must not call `receive()` afterwards.
  public func takeRest() -> [UInt8] { framer.takeRest() }

  /// Ends the connection; `receive()` returns what has arrived and then nil.
  public func shutDown() { stream.shutDown() }

  private func takeIn(_ bytes: UnsafeRawBufferPointer) {
    framer.feed(bytes) { line in
      // A line that is no message, or is too long, is the server's fault; the next one may be fine.
      if case .text(let text) = line, let message = try? Message(parsing: text) {
        arrived.append(message)
      }
      return true
    }
  }
}
