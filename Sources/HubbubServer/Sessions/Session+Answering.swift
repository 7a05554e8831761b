import HubbubLog
import HubbubRooms
import IRCWire

// What a client is answered: queued at its place in the order of what the client reads.

extension Session {
  /// Answers with a numeric; the client's nickname comes first by itself.
  func reply(_ numeric: Numeric, _ middle: [String] = [], trailing: String? = nil) {
    reply(numeric.code, [nickname] + middle, trailing: trailing)
  }

  /// Answers with a line from the server.
  func reply(_ command: String, _ middle: [String], trailing: String? = nil) {
    answers.append(source: hub.serverName, command, middle, trailing: trailing)
  }

  /// Tells the client of something that has the client itself, or somebody else, as its source.
  func tell(from source: String, _ command: String, _ middle: [String], trailing: String? = nil) {
    answers.append(source: source, command, middle, trailing: trailing)
  }

  /// Tells the person's other connections what this one is told.
  func tellOtherDevices(from source: String, _ command: String, _ middle: [String]) {
    let others = memberSession.others
    guard !others.isEmpty else { return }
    var line = LineBuffer()
    line.append(source: source, command, middle)
    for other in others { other.enqueue(lines: line.bytes) }
    willDeliver(to: member)
  }

  /// Queues the answers so far, at the place in the rooms' order that is now.
  func flush() { countQueued(answers.flush(to: outbox)) }

  /// Answers in a place that was reserved when the question was decided.
  func answer(in reservation: Outbox.Reservation, _ body: () -> Void) {
    precondition(answers.isEmpty, "Answers must be flushed before a place is reserved.")
    body()
    countQueued(answers.fill(reservation, in: outbox))
    // Also where it is empty: whoever looked meanwhile has stopped at the place.
    willDeliver(to: member)
  }

  /// Makes room for an answer of this many bytes.
  func reserve(answerBytes: Int) { answers.reserve(bytes: answerBytes) }

  /// Tells the client lines that are whole.
  func tell(lines: [UInt8]) { answers.append(lines: lines) }

  /// A word of the client's as it can be repeated in the middle of a line.
  func safe(_ word: String) -> String {
    let isSafe =
      !word.isEmpty && word.utf8.first != UInt8(ascii: ":")
      // Escapes in a word may mean a line's end.
      && !word.utf8.contains { [0x00, 0x0A, 0x0D, UInt8(ascii: " ")].contains($0) }
    return isSafe ? word : "*"
  }
}
