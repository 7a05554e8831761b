/// The frames that a server sends (RFC 6455 section 5.2): never masked, never in pieces. So a frame
/// is the same for everybody who reads it, and is written once for all of them.
public enum WebFrames {
  /// What a client chose to read: lines as text, or as bytes.
  public enum Kind: UInt8, Sendable {
    case text = 0x81
    case binary = 0x82
  }

  /// The bytes before a payload: 2 up to 125 bytes of it, 4 up to 65,535, 10 beyond.
  public static func headerBytes(payload count: Int) -> Int {
    count <= 125 ? 2 : count <= 0xFFFF ? 4 : 10
  }

  /// Appends one frame.
  public static func append(
    _ payload: some Collection<UInt8>, as kind: Kind, to frames: inout [UInt8]
  ) {
    appendHeader(kind.rawValue, payload.count, to: &frames)
    frames.append(contentsOf: payload)
  }

  /// Appends a frame for each line, without its ending: "text" of one message is one line
  /// (IRCv3 WebSocket specification).
  ///
  /// - Parameter lines: each ends in CR LF, or in LF alone. What is behind the last ending is a
  ///   line as well, so that nothing is lost.
  public static func append(
    lines: UnsafeRawBufferPointer, as kind: Kind, to frames: inout [UInt8]
  ) {
    var start = 0
    while start < lines.count {
      let end = lines[start...].firstIndex(of: 0x0A) ?? lines.count
      let hasReturn = end > start && end < lines.count && lines[end - 1] == 0x0D
      let line = UnsafeRawBufferPointer(rebasing: lines[start..<(hasReturn ? end - 1 : end)])
      appendHeader(kind.rawValue, line.count, to: &frames)
      frames.append(contentsOf: line)
      start = end + 1
    }
  }

  /// Lines as frames.
  public static func frames(lines: [UInt8], as kind: Kind) -> [UInt8] {
    var frames: [UInt8] = []
    frames.reserveCapacity(lines.count + 8)
    lines.withUnsafeBytes { append(lines: $0, as: kind, to: &frames) }
    return frames
  }

  /// Makes frames of the lines that stand in `bytes` from `start` on. What is one short line, as
  /// nearly all that is said, is moved within its place: the header takes the room of the ending.
  ///
  /// - Parameter start: where the first of the lines begins; what is before stays.
  public static func frame(linesFrom start: Int, in bytes: inout [UInt8], as kind: Kind) {
    let count = bytes.count - start - 2
    guard (0...125).contains(count), bytes[start...].firstIndex(of: 0x0A) == bytes.count - 1,
      bytes[bytes.count - 2] == 0x0D
    else {
      let lines = Array(bytes[start...])
      bytes.removeSubrange(start...)
      lines.withUnsafeBytes { append(lines: $0, as: kind, to: &bytes) }
      return
    }
    bytes.withUnsafeMutableBytes { bytes in
      let place = UnsafeMutableRawBufferPointer(rebasing: bytes[(start + 2)...])
      place.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)]))
    }
    bytes[start] = kind.rawValue
    bytes[start + 1] = UInt8(count)
  }

  private static func appendHeader(_ first: UInt8, _ count: Int, to frames: inout [UInt8]) {
    frames.append(first)
    switch headerBytes(payload: count) {
    case 2: frames.append(UInt8(count))
    case 4: frames.append(contentsOf: [126, UInt8(count >> 8), UInt8(count & 0xFF)])
    default:
      frames.append(127)
      for shift in stride(from: 56, through: 0, by: -8) {
        frames.append(UInt8(truncatingIfNeeded: count >> shift))
      }
    }
  }
}
