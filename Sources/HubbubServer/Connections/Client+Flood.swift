import HubbubSockets
import IRCWire

extension Client {
  /// Waits where the client sends faster than it may, before its next line is carried out. Its own
  /// thread, and for it alone: nothing is dropped, and nobody else notices.
  ///
  /// - Returns: false when the connection ended meanwhile; then the line is not to be carried out.
  func waitForTurn(_ session: Session, _ line: LineFramer.Line) -> Bool {
    waitForTurn(session) { session.kind(of: line) }
  }

  /// The same for what is no line.
  func waitForTurn(_ session: Session, _ kind: () -> Allowance.Kind) -> Bool {
    // Most are on this machine or unhurried, and this is asked for each line.
    guard let rates = session.allowedRates else { return true }
    let kind = kind()
    let pause = session.allowance.take(kind, rates, now: Moment.now)
    guard pause > .zero else { return true }
    // What was said so far must not wait with it, and is answered first.
    session.deliverPending()
    if !session.allowance.wasNoticed {
      session.allowance.wasNoticed = true
      session.warnOfFlood(kind == .speech ? rates.speech : rates.questions)
    }
    session.deliverPending()
    if waitForEnd(limit: pause) { return false }
    askInPause(session)
    return true
  }

  /// Asks a client that is kept waiting whether it is there, as one that is silent is asked. It
  /// cannot answer before its turn, but if its machine or its program has gone, the connection ends
  /// by it.
  private func askInPause(_ session: Session) {
    let now = Moment.now
    guard !connectionKind.isTerminal,
      Moment.passed(hub.limits.pingAfter, since: session.heardAt, now: now)
    else { return }
    session.heardAt = now
    ask()
  }

  /// Waits for `limit`, or until the connection ends. Its own thread.
  ///
  /// - Parameter orSilence: whether it is an end as well that nothing more can come from the
  ///   client.
  /// - Returns: whether it ended.
  func waitForEnd(limit: Duration, orSilence: Bool = false) -> Bool {
    if connection.waitForEnd(limit: limit, orSilence: orSilence) || outbox.isEnding {
      return true
    }
    // A client that is kept waiting is not silent.
    recordActivity()
    return false
  }
}
