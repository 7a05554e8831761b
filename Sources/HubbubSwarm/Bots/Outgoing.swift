import Glibc
import HubbubSockets
import HubbubThreads

/// The lines that a bot is about to send: written in place, sent together, without waiting.
struct Outgoing: ~Copyable {
  static let capacity = 64 * 1024

  // Allocated in `init`, freed in `deinit`, and this value cannot be copied.
  private let bytes = UnsafeMutableRawBufferPointer.allocate(
    byteCount: capacity, alignment: 16)
  private var start = 0
  private var end = 0
  private let opening: [UInt8]
  private let textBytes: Int
  private let run: RunID

  /// - Parameter room: where messages go.
  init(room: String, textBytes: Int, run: RunID) {
    opening = Array("PRIVMSG \(room) :".utf8)
    self.textBytes = textBytes
    self.run = run
  }

  deinit { bytes.deallocate() }

  var isEmpty: Bool { start == end }

  /// Whether one more message has room.
  var hasRoom: Bool { end + opening.count + textBytes + 2 <= Self.capacity }

  /// Adds a message. `hasRoom` must be true.
  mutating func append(_ payload: Payload) {
    append(opening)
    let text = UnsafeMutableRawBufferPointer(rebasing: bytes[end..<end + textBytes])
    payload.write(run: run, into: text)
    end += textBytes
    append([13, 10])
  }

  /// Adds a line with its ending, if it has room.
  mutating func append(_ line: [UInt8]) {
    guard end + line.count <= Self.capacity else { return }
    line.withUnsafeBytes {
      (bytes.baseAddress! + end).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
    end += line.count
  }

  /// Drops what was not sent.
  mutating func clear() { (start, end) = (0, 0) }

  /// Sends what the connection takes.
  ///
  /// - Throws: `SystemError` when the connection is gone.
  mutating func send(on stream: ByteStream) throws(SystemError) {
    guard !isEmpty else { return }
    let count = try withSpan { span throws(SystemError) in try stream.sendNow(span) }
    start += count
    if isEmpty {
      start = 0
      end = 0
    }
  }

  private func withSpan(
    _ body: (UnsafeBufferPointer<iovec>) throws(SystemError) -> Int
  ) throws(SystemError) -> Int {
    var vector = iovec(iov_base: bytes.baseAddress! + start, iov_len: end - start)
    return try withUnsafePointer(to: &vector) { pointer throws(SystemError) in
      try body(UnsafeBufferPointer(start: pointer, count: 1))
    }
  }
}
