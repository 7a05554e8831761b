import Synchronization

extension Client {
  /// Waits, for a second at most, while far too much is kept for slow readers and some of them are
  /// being ended. The client's own thread, and for this client alone.
  func waitForMemory() {
    guard hub.memory.isExhausted else { return }
    hub.memoryAlarm.ring()
    let deadline = ContinuousClock.now + .seconds(1)
    while hub.memoryAlarm.isAnswered.load(ordering: .relaxed), hub.memory.isExhausted,
      ContinuousClock.now < deadline
    {
      if connection.waitForEnd(limit: .milliseconds(5), orSilence: false) { return }
    }
  }

  /// Waits until the client has read all but `bytes` of what waits for it, its connection is being
  /// ended, or it has read nothing for as long as it may be silent. The client's own thread, and
  /// for this client alone.
  func waitUntilRead(below bytes: Int) {
    let patience = hub.limits.pingAfter + hub.limits.pingReply
    var lag = outbox.lagBytes
    var deadline = ContinuousClock.now + patience
    // A connection that is not full has all that it may have: then there is nothing to wait for.
    while lag > bytes, outbox.isFull, !outbox.isEnding, ContinuousClock.now < deadline {
      if connection.waitForSpace(limit: .seconds(1)) {
        outbox.spaceIsFree()
      }
      let now = outbox.lagBytes
      if now < lag {
        // Who reads is there, though it has no chance to say so.
        recordActivity()
        deadline = .now + patience
      }
      lag = now
    }
  }
}
