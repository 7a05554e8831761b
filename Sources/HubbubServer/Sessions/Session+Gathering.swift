import HubbubRooms
import IRCWire

// Talk that comes in one read is said together.

extension Session {
  /// Gathers a line that says something in a room and nothing else.
  ///
  /// - Parameter isKept: whether the line's bytes stay where they are until the end of the read.
  /// - Returns: whether it was one.
  func gather(_ line: UnsafeRawBufferPointer, isKept: Bool) -> Bool {
    guard registration.isComplete, terminal == nil, multiline == nil,
      let plain = PlainSpeech(line)
    else { return false }
    if gathered?.continues(with: plain) != true {
      sayGathered()
      let name = String(decoding: plain.target, as: UTF8.self)
      let reference = spokenRooms[FoldedName(name)] ?? RoomReference(name)
      gathered = GatheredSpeech(plain, in: reference)
    }
    gathered?.append(plain)
    if !isKept || gathered?.isFull == true { sayGathered() }
    return true
  }

  /// Says what was gathered. Before anything else is done, or waited for.
  func sayGathered() {
    guard let speech = gathered, !speech.speeches.isEmpty else { return }
    refreshAuthor()
    let reference = sayToRoom(
      speech.speeches, in: speech.reference, answersErrors: !speech.isNotice)
    gathered?.clear()
    gathered?.reference = reference ?? RoomReference(speech.reference.name)
  }
}
