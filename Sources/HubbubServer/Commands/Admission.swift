import HubbubRooms
import HubbubWeb
import IRCWire

// What stands between a client that has said who it is and the welcome.

extension Session {
  /// Whether the client may come in. If not, it has been told why, and the session is over. When
  /// the registration is complete but for this; may wait for a password to be hashed.
  func mayEnter() -> Bool {
    if let ban = hub.bans.ban(matching: member.profile, at: .now) {
      reply(.youAreBanned, trailing: "You are banned from this server: \(ban.reason)")
      refuse(ban.explanation)
      return false
    }
    // Who might have come for somebody else, and did not say so.
    do throws(ClientTable.Refusal) { try client.place() } catch {
      refuse(error.rawValue, error.closeCode)
      return false
    }
    guard let expected = hub.configuration.password else { return logInWithPass() }
    guard registration.acceptedPassword != expected else { return true }
    switch judge(registration.password ?? "", expected) {
    case .right where hub.configuration.password == expected:
      registration.acceptedPassword = expected
      return true
    case .right, .wrong:
      hub.logger.warning(
        "wrong server password",
        metadata: ["client": "\(source)", "inAll": "\(hub.passwords.wrongCount)"])
      reply(.passwordMismatch, trailing: "Password incorrect")
      refuse("Password incorrect")
    case .busy: refuse("The server is busy; try again later", .tryAgainLater)
    case nil: break
    }
    return false
  }

  /// Judges a password. May wait, for this client alone: after wrong ones of this connection, and
  /// for the turn of its address (`PasswordTurns`).
  ///
  /// - Parameters:
  ///   - others: the hashes of all whom it might be; for each kind of them it takes as long.
  ///   - isKnown: whether there is anybody of the name that came with it, who may come from here.
  /// - Returns: nil if the connection ended meanwhile; then nothing is to be done any more.
  func judge(
    _ password: String, _ stored: String, among others: [String] = [], isKnown: Bool = true
  ) -> PasswordGate.Verdict? {
    inTurn { subscriber in
      hub.passwords.judge(
        password, stored, among: others, isKnown: isKnown, &passwordTries, of: subscriber,
        hub.limits, isClosed: hasEnded)
    }
  }

  /// Judges what shows in another way than by a password whose account somebody has, at the same
  /// pace.
  ///
  /// - Returns: nil if the connection ended meanwhile.
  func judge(byProof isRight: () -> Bool) -> PasswordGate.Verdict? {
    inTurn { hub.passwords.judge(byProof: isRight, &passwordTries, of: $0, hub.limits) }
  }

  /// Whether the connection has ended meanwhile.
  func hasEnded() -> Bool { client.waitForEnd(limit: .zero) || outbox.ending != nil }

  /// Waits as long as wrong passwords make it wait.
  private func inTurn(
    _ body: (AddressRange?) -> PasswordGate.Verdict
  ) -> PasswordGate.Verdict? {
    release()
    guard waitAfterWrongOnes() else { return nil }
    var subscriber: AddressRange?
    if hub.current.classes.takesTurns(from: client.address) {
      subscriber = PasswordTurns.subscriber(client.address)
    }
    if let subscriber {
      guard let isTaken = awaitTurn(of: subscriber) else { return nil }
      guard isTaken else { return .busy }
    }
    return body(subscriber)
  }

  /// - Returns: false if the connection ended meanwhile.
  private func waitAfterWrongOnes() -> Bool {
    let delay = passwordTries.delay(hub.limits.passwordDelay, now: Moment.now)
    guard delay > .zero else { return true }
    let seconds = (delay + .milliseconds(999)).components.seconds
    noteWait("After wrong passwords, the next one is looked at in \(seconds) s.")
    return !client.waitForEnd(limit: delay, orSilence: true)
  }

  /// So long is a turn waited for.
  private static let maxWait: Duration = .seconds(30)

  /// - Returns: whether the turn was taken; nil if the connection ended meanwhile.
  private func awaitTurn(of subscriber: AddressRange) -> Bool? {
    let deadline = ContinuousClock.now + Self.maxWait
    var isNoted = false
    while !hub.passwords.takeTurn(of: subscriber, hub.limits) {
      if !isNoted { noteWait("Others gave wrong passwords from your address: yours has to wait.") }
      isNoted = true
      if client.waitForEnd(limit: .zero, orSilence: true) { return nil }
      if ContinuousClock.now > deadline { return false }
    }
    return true
  }

  private func noteWait(_ text: String) {
    hub.logger.info("waits after wrong passwords", metadata: ["client": "\(source)"])
    notice(text)
    release()
  }
}
