/// Whether the times that a server gives to its messages ever run backwards (M7c).
struct ServerTimes: Sendable {
  /// Messages with a time.
  private(set) var count = 0

  /// Messages with an earlier time than the one before.
  private(set) var decreases = 0

  /// Of these by the sender of the message, and how far the furthest went back.
  private(set) var decreasesBySender: [Int: Int] = [:]
  private(set) var furthestMilliseconds = 0

  /// `2026-11-22T21:43:42.123Z`, of fixed width, so that comparing bytes compares times.
  private static let timeBytes = 24

  private var last: (UInt64, UInt64, UInt64) = (0, 0, 0)
  private var finder = TagFinder(key: "time=")

  /// Looks at the tags of a line. IRCv3 server-time: `time=YYYY-MM-DDThh:mm:ss.sssZ`.
  mutating func note(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer, of sender: Int) {
    guard let text = finder.value(in: line, newline), newline - text > Self.timeBytes else {
      return
    }
    let time = (
      UInt64(bigEndian: text.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: text.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      UInt64(bigEndian: text.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    )
    count += 1
    if time < last {
      decreases += 1
      decreasesBySender[sender, default: 0] += 1
      furthestMilliseconds = max(
        furthestMilliseconds, Self.milliseconds(last) - Self.milliseconds(time))
    }
    last = time
  }

  /// Since the beginning of some day; enough to subtract, but over midnight on the last of a month.
  private static func milliseconds(_ time: (UInt64, UInt64, UInt64)) -> Int {
    // 2026-11- 22T21:43 :42.123Z
    func digit(_ word: UInt64, _ place: Int) -> Int {
      Int((word >> UInt64(56 - 8 * place)) & 0xFF) - 48
    }
    let digits = (0..<8).map { digit(time.1, $0) } + (0..<8).map { digit(time.2, $0) }
    func two(_ place: Int) -> Int { digits[place] * 10 + digits[place + 1] }
    let minutes = (two(0) * 24 + two(3)) * 60 + two(6)
    return (minutes * 60 + two(9)) * 1_000 + digits[12] * 100 + two(13)
  }
}
