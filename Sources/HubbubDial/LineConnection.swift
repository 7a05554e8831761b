import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire

/// A connection to a server, seen as lines.
///
/// One thread calls `receive()`; any thread may send and shut down.
// @unchecked: `buffer`, `framer` and `arrived` belong to the one thread that receives.
public final class LineConnection: @unchecked Sendable {
  /// For `poll`, and for programs that read the bytes themselves and then never call `receive()`.
  public let socket: Socket

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)
  private var framer = LineFramer(tagLimit: 8191)
  private var arrived: ArraySlice<Message> = []

  /// Held while one message is written, so that two never mix. Guards nothing but the order of writes.
  ///
  /// The state is there only to be something: an empty one has the address of the monitor itself, and
  /// ThreadSanitizer reports each pair of accesses as a race.
  private let writing = Monitor(level: .leaf, false)

  public init(_ socket: Socket) { self.socket = socket }

  deinit { buffer.deallocate() }

  /// Connects.
  ///
  /// - Parameter limit: how long to try each of the host's addresses.
  /// - Throws: `NetworkError`.
  public static func open(
    _ endpoint: Endpoint, limit: Duration = .seconds(10)
  ) throws -> LineConnection {
    LineConnection(try Socket.connect(to: endpoint, limit: limit))
  }

  /// Waits for the next message. Lines that are none are passed over.
  ///
  /// - Returns: nil at the end of the connection.
  /// - Throws: `SystemError`.
  public func receive() throws -> Message? {
    while arrived.isEmpty {
      guard let count = try socket.receive(into: buffer) else {
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
    while arrived.isEmpty {
      guard Readiness.wait(for: socket.descriptor, Int32(POLLIN), limit: deadline - .now) else {
        throw SystemError(call: "recv", errno: ETIMEDOUT)
      }
      guard let count = try socket.receive(into: buffer) else { continue }
      if count == 0 { return nil }
      takeIn(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    return arrived.removeFirst()
  }

  /// Sends a message; waits while the connection is full.
  ///
  /// - Throws: `SystemError` when the connection is gone.
  public func send(_ message: Message) throws { try send(bytes: message.encoded()) }

  /// Sends whole lines as they are, each with its ending.
  public func send(bytes: [UInt8]) throws {
    // The one system call under a lock: nothing but other senders of this very connection waits for it.
    try writing.withLock { _ in
      try bytes.withUnsafeBytes { raw in try socket.sendAll(raw) }
    }
  }

  /// Ends the connection; `receive()` returns what has arrived and then nil.
  public func shutDown() { socket.shutDown() }

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
