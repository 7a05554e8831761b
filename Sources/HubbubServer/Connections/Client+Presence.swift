/// A nickname that somebody else wants.
extension Client {
  /// Somebody asks for this client's nickname, and may be this very person, come again: asks it at
  /// once whether it is there. Any thread, often.
  func askWhetherThere(now: Int64) {
    // Nobody answers a PING who has nothing but a terminal: the system looks after those.
    guard !connectionKind.isTerminal,
      presence.beginTest(now: now, atMostEvery: hub.limits.wantedNickname)
    else { return }
    ask()
  }

  /// Ends a client that has not answered, so that its nickname is free. The clock's thread.
  func checkPresence(now: Int64) {
    let limit = hub.limits.wantedNickname
    guard presence.hasFailed(now: now, after: limit), presence.isListening,
      // What waits for a slow reader waits in front of the PING.
      outbox.lagBytes == 0
    else { return }
    end("Ping timeout: \(limit.components.seconds) seconds, and the nickname is wanted")
  }
}
