import HubbubLog
import HubbubRooms
import IRCWire

// The half of a session that delivers: whoever has something new to read reads it at the end of a
// read, each once, or sooner where a read makes much.

extension Session {
  /// Somebody in this room has something new to read.
  func willDeliver(to room: Room) { recipients.insert(room) }

  /// This person has something new to read.
  func willDeliver(to member: Member) { recipients.insert(member) }

  /// Each of these has a copy of its own to read. Where one read makes many of them, they leave in
  /// between: a line may be told to thousands, and a read holds hundreds of lines.
  func willDeliver(to members: [Member]) {
    for member in members { recipients.insert(member) }
    if recipients.copies > Self.copiesTogether { deliverPending() }
  }

  /// This many copies are queued before the first of them leaves.
  private static let copiesTogether = 4096

  /// All lines of one read are carried out: those concerned are now delivered to, each once.
  func deliverPending() {
    sayGathered()
    deliverToRecipients()
    if hub.memory.isExceeded { hub.memoryAlarm.ring() }
  }

  /// Those are delivered to whom what was carried out so far concerns.
  func deliverToRecipients() {
    recipients.deliver()
    undeliveredBytes = 0
  }

  /// Answers to one read are delivered together, unless there are many: then what was queued leaves
  /// at once, so that the limit of the lag holds within a read as well.
  func countQueued(_ bytes: Int) {
    guard bytes > 0 else { return }
    answeredBytes += bytes
    undeliveredBytes += bytes
    willDeliver(to: member)
    if undeliveredBytes > relief {
      undeliveredBytes = 0
      outbox.deliver()
    }
  }

  // MARK: Pacing

  /// Answers at one place in the order, the end included, so that nothing that others do stands
  /// within: a client takes a list at its end. What is about more than a thousand rooms or people
  /// is paced instead, and then each line is true of its moment, and the whole of none.
  ///
  /// - Parameters:
  ///   - count: how many rooms or people are looked at.
  ///   - body: writes all of the answer, and holds no other place.
  func answerWhole(about count: Int, _ body: () -> Void) {
    pace()
    flush()
    guard mayAnswerWhole(about: count) else { return body() }
    let place = outbox.reserve()
    isAnsweringWhole = true
    answer(in: place, body)
    isAnsweringWhole = false
  }

  private static let wholeAnswer = 1000

  /// Whether an answer about this many may be queued at once: it must not be what ends its reader
  /// for falling behind.
  func mayAnswerWhole(about count: Int) -> Bool {
    count <= Self.wholeAnswer && count * LineBuffer.maxBytes <= hub.limits.sendLagBytes / 2
  }

  /// Lets a client that reads slowly catch up before a long answer goes on: it is paced, and not
  /// ended for falling behind (R6). Waits for this client alone, on its own thread.
  ///
  /// To be called now and then in a long answer, and before one that is written at once.
  func pace() {
    if isAnsweringWhole { return }
    if answers.byteCount >= Self.paceBytes { flush() }
    guard outbox.isFull, outbox.lagBytes > relief else { return }
    release()
    client.waitUntilRead(below: relief)
  }

  /// Lets what was said so far go where it is going: this thread is about to wait, and nothing must
  /// wait with it.
  func release() {
    countQueued(answers.release(to: outbox))
    deliverPending()
  }

  /// Places in rooms that the client has left are given up when they were read to their end: at
  /// once where a read makes many of them, as one that changes its capabilities again and again
  /// does.
  func detachReadCursors() {
    if outbox.cursorCount > Self.openPlaces + 2 * member.roomCount {
      outbox.deliver()
    }
  }

  /// This many places that are left wait for the end of the read.
  private static let openPlaces = 64

  /// This many bytes of an answer are queued together.
  private static let paceBytes = 4096

  /// This many bytes of answers wait at the most, and never more than a part of what may lag.
  private var relief: Int { min(256 * 1024, hub.limits.sendLagBytes / 4) }
}
