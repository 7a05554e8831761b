/// What one bot sent: for its message n, at index n − 1, when it was due and when it was written.
struct SentLog: Sendable {
  private(set) var due: [Nanoseconds] = []
  private(set) var written: [Nanoseconds] = []

  /// The messages that were late because the server had stopped reading, and not because of the
  /// swarm.
  private(set) var heldBack: [Bool] = []

  var count: Int { due.count }

  init(reserving messages: Int = 0) {
    due.reserveCapacity(messages)
    written.reserveCapacity(messages)
    heldBack.reserveCapacity(messages)
  }

  mutating func append(due: Nanoseconds, written: Nanoseconds, isHeldBack: Bool) {
    self.due.append(due)
    self.written.append(written)
    heldBack.append(isHeldBack)
  }
}
