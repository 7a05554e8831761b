/// The frames that a server sends (RFC 6455 section 5.2): never masked, never in pieces. So a frame
/// is the same for everybody who reads it, and is written once for all of them.
public enum WebFrames {
  /// What a client chose to read: lines as text, or as bytes.
  public enum Kind: UInt8, Sendable {
    case text = 0x81
    case binary = 0x82
  }

  /// The most that a control frame may carry.
  public static let controlBytes = 125

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

  /// The answer to a ping, with its payload.
  public static func pong(_ payload: UnsafeRawBufferPointer) -> [UInt8] {
    control(0x8A, Array(payload.prefix(controlBytes)))
  }

  public static func ping(_ payload: [UInt8] = []) -> [UInt8] {
    control(0x89, Array(payload.prefix(controlBytes)))
  }

  /// The last frame of a connection.
  ///
  /// - Parameter reason: for people; cut between characters where it does not fit.
  public static func close(_ code: CloseCode, _ reason: String = "") -> [UInt8] {
    precondition(code.canBeSent, "This code stands for an end without a close frame.")
    var bytes = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
    for character in reason.unicodeScalars {
      let next = Array(String(character).utf8)
      guard bytes.count + next.count <= controlBytes else { break }
      bytes += next
    }
    return control(0x88, bytes)
  }

  private static func control(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [first, UInt8(payload.count)] + payload
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
