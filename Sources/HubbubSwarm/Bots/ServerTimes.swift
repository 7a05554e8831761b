/// Whether the times that a server gives to its messages ever run backwards (M7c).
struct ServerTimes: Sendable {
  /// Messages with a time.
  private(set) var count = 0

  /// Messages with an earlier time than the one before.
  private(set) var decreases = 0

  /// `2026-11-22T21:43:42.123Z`, of fixed width, so that comparing bytes compares times.
  private static let timeBytes = 24

  private var last: (UInt64, UInt64, UInt64) = (0, 0, 0)
  private var finder = TagFinder(key: "time=")

  /// Looks at the tags of a line. IRCv3 server-time: `time=YYYY-MM-DDThh:mm:ss.sssZ`.
  mutating func note(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer) {
    guard let text = finder.value(in: line, newline), newline - text > Self.timeBytes else {
      return
    }
    let time = (
      UInt64(bigEndian: text.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: text.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      UInt64(bigEndian: text.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    )
    count += 1
    if time < last { decreases += 1 }
    last = time
  }
}
