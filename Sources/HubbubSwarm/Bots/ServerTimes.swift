import Glibc

/// Whether the times that a server gives to its messages ever run backwards (M7c).
struct ServerTimes: Sendable {
  /// Messages with a time.
  private(set) var count = 0

  /// Messages with an earlier time than the one before.
  private(set) var decreases = 0

  /// `2026-11-22T21:43:42.123Z`, of fixed width, so that comparing bytes compares times.
  private static let timeBytes = 24

  private var last: (UInt64, UInt64, UInt64) = (0, 0, 0)
  private var lastOffset = 1

  /// Looks at the tags of a line. IRCv3 server-time: `time=YYYY-MM-DDThh:mm:ss.sssZ`.
  mutating func note(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer) {
    guard line.load(as: UInt8.self) == UInt8(ascii: "@") else { return }
    if !isTime(at: lastOffset, line, newline) {
      guard let offset = find(line, newline) else { return }
      lastOffset = offset
    }
    let text = line + lastOffset + 5
    let time = (
      UInt64(bigEndian: text.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: text.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      UInt64(bigEndian: text.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    )
    count += 1
    if time < last { decreases += 1 }
    last = time
  }

  private func isTime(
    at offset: Int, _ line: UnsafeRawPointer, _ newline: UnsafeRawPointer
  ) -> Bool {
    guard newline - line > offset + 5 + Self.timeBytes else { return false }
    let before = line.load(fromByteOffset: offset - 1, as: UInt8.self)
    guard before == UInt8(ascii: "@") || before == UInt8(ascii: ";") else { return false }
    return memcmp(line + offset, "time=", 5) == 0
  }

  private func find(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer) -> Int? {
    for offset in 1..<(newline - line) {
      if line.load(fromByteOffset: offset, as: UInt8.self) == UInt8(ascii: " ") { return nil }
      if isTime(at: offset, line, newline) { return offset }
    }
    return nil
  }
}
