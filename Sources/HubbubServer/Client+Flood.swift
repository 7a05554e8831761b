import HubbubSockets

extension Client {
  /// Waits where the client sends faster than it may, before its next line is carried out. Its own thread,
  /// and for it alone: nothing is dropped, and nobody else notices.
  func waitForTurn(_ session: Session) {
    // Most are on this machine or unhurried, and this is asked for each line.
    guard let rate = session.allowedRate(at: address) else { return }
    let pause = session.throttle.take(rate, now: Moment.now)
    guard pause > .zero, !member.outbox.isEnding else { return }
    if !session.throttle.wasNoticed {
      session.throttle.noteNotice()
      session.noteFlood(rate)
    }
    // What was said so far must not wait with it.
    session.finishRead()
    connection.waitForEnd(limit: pause)
    // A client that is kept waiting is not silent.
    noteHeard()
  }
}
