import Glibc
import HubbubSockets
import HubbubThreads

/// What a server's WebSocket frames (RFC 6455 section 5.2) carry, read as lines: each message
/// without its frame, and with an ending. A value for one thread.
///
/// A frame's head is as long as a line's ending at least, so that the lines fit where the frames
/// lay.
struct ServerFrames {
  /// How much longer the lines may be than the bytes they came in, whose first frame may have begun
  /// before them.
  static let surplus = 2

  /// The payload of the last ping that has not been answered. "MAY elect to send a Pong frame for
  /// only the most recently processed Ping frame" (section 5.5.3).
  private(set) var ping: [UInt8]?

  /// Whether a close frame came. What follows it is dropped.
  private(set) var hasEnded = false

  // The frame that is being read. Plain numbers: each line has a frame.
  private var step = Step.first
  private var first: UInt8 = 0
  private var rest: UInt64 = 0
  private var control: [UInt8] = []
  private var last: UInt8 = 0

  /// What the next byte is of.
  private enum Step: Equatable {
    case first
    case length
    case longLength(missing: UInt8)
    case payload
  }

  /// Takes the bytes that lie in `buffer` from `surplus` on, and writes the lines at its beginning.
  ///
  /// - Returns: how many bytes the lines have.
  /// - Throws: `EPROTO` for what no server may send.
  mutating func decode(
    _ buffer: UnsafeMutableRawBufferPointer, count: Int
  ) throws(SystemError) -> Int {
    var (place, written) = (Self.surplus, 0)
    let end = place + count
    while place < end, !hasEnded {
      if step == .payload {
        let taken = Int(min(rest, UInt64(end - place)))
        take(buffer, from: place, count: taken, &written)
        place += taken
      } else {
        try readHead(buffer[place])
        place += 1
      }
      if step == .payload, rest == 0 { endFrame(buffer, &written) }
    }
    return written
  }

  mutating func takePing() -> [UInt8]? {
    defer { ping = nil }
    return ping
  }

  private var isControl: Bool { first & 0x08 != 0 }

  /// Takes a byte of the frame's head.
  @inline(__always)
  private mutating func readHead(_ byte: UInt8) throws(SystemError) {
    switch step {
    case .first:
      first = byte
      step = .length
    case .length:
      guard Self.isSound(first, byte) else { throw Self.fault }
      rest = byte < 126 ? UInt64(byte) : 0
      step = byte < 126 ? .payload : .longLength(missing: byte == 126 ? 2 : 8)
    case .longLength(let missing):
      rest = rest << 8 | UInt64(byte)
      guard rest < 1 << 48 else { throw Self.fault }
      step = missing == 1 ? .payload : .longLength(missing: missing - 1)
    case .payload: break
    }
  }

  /// No reserved bits and kinds, no mask, and no control frame that is long or in pieces.
  private static func isSound(_ first: UInt8, _ length: UInt8) -> Bool {
    let isControl = first & 0x08 != 0
    let isWhole = first & 0x80 != 0 && length <= 125
    return first & 0x70 == 0 && first & 0x07 <= 2 && length < 128 && (!isControl || isWhole)
  }

  private static var fault: SystemError { SystemError(call: "WebSocket", errno: EPROTO) }

  private mutating func take(
    _ buffer: UnsafeMutableRawBufferPointer, from place: Int, count: Int, _ written: inout Int
  ) {
    guard count > 0 else { return }
    rest -= UInt64(count)
    if isControl {
      control += buffer[place..<(place + count)]
      return
    }
    memmove(buffer.baseAddress! + written, buffer.baseAddress! + place, count)
    written += count
    last = buffer[written - 1]
  }

  private mutating func endFrame(_ buffer: UnsafeMutableRawBufferPointer, _ written: inout Int) {
    step = .first
    switch first & 0x0F {
    case 0x8: hasEnded = true
    case 0x9: ping = control
    case 0xA: break
    default:
      // A message may come in several frames, and may have its ending with it.
      guard first & 0x80 != 0, last != 0x0A else { return }
      buffer[written] = 0x0D
      buffer[written + 1] = 0x0A
      written += 2
      last = 0x0A
      return
    }
    control.removeAll(keepingCapacity: true)
  }
}
