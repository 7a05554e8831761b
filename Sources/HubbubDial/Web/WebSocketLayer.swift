import Glibc
import HubbubSockets
import HubbubThreads

/// A client's side of a WebSocket: whoever reads and writes through it sees lines, as on TCP.
///
/// What is sent must be whole lines, and each is a message of its own, masked as a client's must be
/// (RFC 6455 section 5.3).
// @unchecked: `frames` and `early` belong to the one thread that reads.
final class WebSocketLayer: ByteLayer, @unchecked Sendable {
  private let under: ByteStream
  private var frames = ServerFrames()

  /// What came behind the handshake.
  private var early: [UInt8]

  private struct Writing {
    /// Frames, and how many bytes of them the system has taken.
    var pending: [UInt8] = []
    var sent = 0

    /// How many bytes of what is offered next are in `pending` already: lines count as sent when
    /// all of their frames are.
    var begun = 0
  }

  /// Held while frames are written, so that two never mix: the thread that reads answers pings.
  private let writing = Monitor(level: .stream, Writing())

  init(over under: ByteStream, early: [UInt8]) {
    (self.under, self.early) = (under, early)
  }

  var hasPending: Bool { !early.isEmpty || under.hasPending }

  // MARK: Reading

  func receive(
    into buffer: UnsafeMutableRawBufferPointer, within limit: Duration?
  ) throws(SystemError) -> Int? {
    try receive(into: buffer) { room throws(SystemError) in
      try under.receive(into: room, within: limit)
    }
  }

  func receiveNow(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
    try receive(into: buffer) { room throws(SystemError) in try under.receiveNow(into: room) }
  }

  private func receive(
    into buffer: UnsafeMutableRawBufferPointer,
    by read: (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int?
  ) throws(SystemError) -> Int? {
    guard buffer.count > ServerFrames.surplus else {
      throw SystemError(call: "recv", errno: ENOBUFS)
    }
    while !frames.hasEnded {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[ServerFrames.surplus...])
      guard let count = early.isEmpty ? try read(room) : takeEarly(into: room) else { return nil }
      if count == 0 { return 0 }
      let lines = try frames.decode(buffer, count: count)
      if let ping = frames.takePing() { try send(0x8A, ping) }
      if lines > 0 { return lines }
    }
    return 0
  }

  private func takeEarly(into room: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(room.count, early.count)
    room.copyBytes(from: early.prefix(count))
    early.removeFirst(count)
    return count
  }

  // MARK: Writing

  func sendNow(_ spans: UnsafeBufferPointer<iovec>) throws(SystemError) -> Int {
    try writing.withLock { writing throws(SystemError) in
      guard try flush(&writing) else { return 0 }
      var (taken, begun) = (writing.begun, writing.begun)
      writing.begun = 0
      for span in spans {
        var rest = UnsafeRawBufferPointer(start: span.iov_base, count: span.iov_len)[...]
        rest = rest.dropFirst(begun)
        begun = max(0, begun - span.iov_len)
        while !rest.isEmpty {
          writing.begun = Self.frame(&rest, into: &writing.pending)
          guard try flush(&writing) else { return taken }
          taken += writing.begun
          writing.begun = 0
        }
      }
      return taken
    }
  }

  func sayGoodbye() {
    // 1000: the purpose for which the connection was made has been fulfilled.
    try? send(0x88, [0x03, 0xE8])
  }

  /// Sends a control frame, now or behind what waits; none to a server that takes nothing and still
  /// asks.
  private func send(_ first: UInt8, _ payload: [UInt8]) throws(SystemError) {
    try writing.withLock { writing throws(SystemError) in
      guard writing.pending.count < 2 * Self.batchBytes else { return }
      payload.withUnsafeBytes { Self.append(first, $0, to: &writing.pending) }
      _ = try flush(&writing)
    }
  }

  /// - Returns: whether nothing is left.
  private func flush(_ writing: inout Writing) throws(SystemError) -> Bool {
    while writing.sent < writing.pending.count {
      let sent = writing.sent
      let count = try writing.pending.withUnsafeBufferPointer { bytes throws(SystemError) in
        try sendNow(UnsafeRawBufferPointer(bytes)[sent...])
      }
      if count == 0 { return false }
      writing.sent += count
    }
    writing.pending.removeAll(keepingCapacity: true)
    writing.sent = 0
    return true
  }

  private func sendNow(
    _ rest: UnsafeRawBufferPointer.SubSequence
  ) throws(SystemError) -> Int {
    let bytes = UnsafeRawBufferPointer(rebasing: rest)
    var vector = iovec(
      iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    return try withUnsafePointer(to: &vector) { pointer throws(SystemError) in
      try under.sendNow(UnsafeBufferPointer(start: pointer, count: 1))
    }
  }

  /// How many bytes of frames are made before they are sent, more or less.
  private static let batchBytes = 16 * 1024

  /// Makes frames of the first lines.
  ///
  /// - Returns: how many bytes the lines have, with their endings.
  private static func frame(
    _ lines: inout UnsafeRawBufferPointer.SubSequence, into frames: inout [UInt8]
  ) -> Int {
    let start = lines.startIndex
    while !lines.isEmpty, frames.count < batchBytes {
      let end = lines.firstIndex(of: 0x0A).map { $0 + 1 } ?? lines.endIndex
      var textEnd = end
      while textEnd > lines.startIndex, lines[textEnd - 1] == 0x0A || lines[textEnd - 1] == 0x0D {
        textEnd -= 1
      }
      append(0x81, UnsafeRawBufferPointer(rebasing: lines[..<textEnd]), to: &frames)
      lines = lines[end...]
    }
    return lines.startIndex - start
  }

  /// - Parameter first: the last frame of its message, and of what kind.
  private static func append(
    _ first: UInt8, _ payload: UnsafeRawBufferPointer, to frames: inout [UInt8]
  ) {
    frames.append(first)
    switch payload.count {
    case ...125: frames.append(0x80 | UInt8(payload.count))
    case ...0xFFFF:
      frames += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
      frames.append(0x80 | 127)
      frames += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> (8 * $0)) }
    }
    let key = UInt32.random(in: 0...UInt32.max)
    withUnsafeBytes(of: key) { mask in
      frames += mask
      let start = frames.count
      frames += payload
      frames.withUnsafeMutableBytes { bytes in
        for index in payload.indices { bytes[start + index] ^= mask[index & 3] }
      }
    }
  }
}
