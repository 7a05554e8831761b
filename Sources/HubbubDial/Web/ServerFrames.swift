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

  /// The payloads of pings that have not been answered.
  private(set) var pings: [[UInt8]] = []

  /// Whether a close frame came. What follows it is dropped.
  private(set) var hasEnded = false

  private var head: [UInt8] = []
  private var rest: UInt64 = 0
  private var control: [UInt8] = []
  private var last: UInt8 = 0
  private var isInFrame = false

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
      if !isInFrame {
        head.append(buffer[place])
        place += 1
        try beginFrame()
      } else {
        let taken = Int(min(rest, UInt64(end - place)))
        take(buffer, from: place, count: taken, &written)
        place += taken
      }
      if isInFrame, rest == 0 { endFrame(buffer, &written) }
    }
    return written
  }

  mutating func takePings() -> [[UInt8]] {
    defer { pings = [] }
    return pings
  }

  private var isControl: Bool { head[0] & 0x08 != 0 }

  /// Begins a frame where its head is whole.
  private mutating func beginFrame() throws(SystemError) {
    guard head.count >= 2 else { return }
    let short = UInt64(head[1])
    let isKnown = [0x0, 0x1, 0x2, 0x8, 0x9, 0xA].contains(head[0] & 0x0F)
    // Reserved bits, a masked frame, and a control frame that is long or in pieces.
    guard head[0] & 0x70 == 0, isKnown, short < 128,
      !isControl || head[0] & 0x80 != 0 && short <= 125
    else { throw SystemError(call: "WebSocket", errno: EPROTO) }
    let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
    guard head.count == 2 + lengthBytes else { return }
    rest = lengthBytes == 0 ? short : head[2...].reduce(0) { $0 << 8 | UInt64($1) }
    guard rest < 1 << 62 else { throw SystemError(call: "WebSocket", errno: EPROTO) }
    isInFrame = true
  }

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
    switch head[0] & 0x0F {
    case 0x8: hasEnded = true
    case 0x9: pings.append(control)
    case 0xA: break
    default:
      // A message may come in several frames, and may have its ending with it.
      if head[0] & 0x80 != 0, last != 0x0A {
        buffer[written] = 0x0D
        buffer[written + 1] = 0x0A
        written += 2
        last = 0x0A
      }
    }
    control.removeAll(keepingCapacity: true)
    head.removeAll(keepingCapacity: true)
    isInFrame = false
  }
}
