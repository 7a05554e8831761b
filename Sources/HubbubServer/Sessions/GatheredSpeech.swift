import HubbubRooms
import IRCWire

/// What a client says in one room with the lines of one read, until it is said: the room is locked
/// once for all of it. A value of its session's.
struct GatheredSpeech {
  /// The room, as it was referred to the last time.
  var reference: RoomReference

  /// Whether it is said with NOTICE, which is never answered.
  let isNotice: Bool
  private(set) var speeches: [Speech] = []

  /// The room's name, as the client wrote it.
  private let target: [UInt8]

  /// So much is said under one lock.
  private static let mostAtOnce = 64

  init(_ plain: PlainSpeech, in reference: RoomReference) {
    self.reference = reference
    isNotice = plain.isNotice
    target = Array(plain.target)
  }

  /// Whether a line is said in the same room in the same way.
  func continues(with plain: PlainSpeech) -> Bool {
    plain.isNotice == isNotice && plain.target.elementsEqual(target)
  }

  var isFull: Bool { speeches.count >= Self.mostAtOnce }

  mutating func append(_ plain: PlainSpeech) {
    speeches.append(
      Speech(
        isNotice ? .notice : .message, .text(SpokenText(plain.text)), isRequest: false))
  }

  /// Keeps the memory for what is said next.
  mutating func clear() { speeches.removeAll(keepingCapacity: true) }
}
