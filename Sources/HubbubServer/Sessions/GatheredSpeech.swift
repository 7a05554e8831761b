import Glibc
import HubbubRooms
import IRCWire

/// What a client says in one room with the lines of one read, until it is said: the room is locked
/// once for all of it. A value of its session's.
struct GatheredSpeech {
  /// The room, as it was referred to the last time.
  var reference: RoomReference

  /// Whether it is said with NOTICE, which is never answered.
  let isNotice: Bool
  private var speeches: [Speech] = []

  /// The room's name, as the client wrote it.
  private let target: [UInt8]

  /// The maximum number of lines that are said under one lock.
  private static let maxLines = 64

  init(_ plain: PlainSpeech, in reference: RoomReference) {
    self.reference = reference
    isNotice = plain.isNotice
    target = Array(plain.target)
  }

  /// Whether a line is said in the same room in the same way.
  func continues(with plain: PlainSpeech) -> Bool {
    plain.isNotice == isNotice && plain.target.count == target.count
      && memcmp(plain.target.baseAddress!, target, target.count) == 0
  }

  var isFull: Bool { speeches.count >= Self.maxLines }

  mutating func append(_ plain: PlainSpeech) {
    speeches.append(Speech(isNotice ? .notice : .message, .text(SpokenText(plain.text))))
  }

  /// Gives away what was gathered; `reuse` may follow.
  mutating func takeSpeeches() -> [Speech] {
    defer { speeches = [] }
    return speeches
  }

  /// Gathers into the memory of what was said.
  mutating func reuse(_ said: consuming [Speech]) {
    guard speeches.isEmpty else { return }
    speeches = said
    speeches.removeAll(keepingCapacity: true)
  }
}
