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
      if let former = gathered?.reference { remember(former) }
      gathered = GatheredSpeech(plain, in: reference)
    }
    gathered?.append(plain)
    if !isKept || gathered?.isFull == true { sayGathered() }
    return true
  }

  /// Says what was gathered, and queues what was refused of it. Before anything else is done, or
  /// waited for.
  func sayGathered() {
    // Taken out first: what follows may lead back to here.
    guard let speeches = gathered?.takeSpeeches(), !speeches.isEmpty, let speech = gathered
    else { return }
    refreshAuthor()
    commandName = speech.isNotice ? "NOTICE" : "PRIVMSG"
    let reference = sayToRoom(speeches, in: speech.reference, answersErrors: !speech.isNotice)
    gathered?.reference = reference ?? RoomReference(speech.reference.name)
    gathered?.reuse(speeches)
    countQueued(answers.finish(to: outbox))
  }
}
