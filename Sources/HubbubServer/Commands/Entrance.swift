import HubbubRooms
import IRCWire

// What stands between a client that has said who it is and the welcome.

extension Session {
  /// Whether the client may come in. If not, it has been told why, and the session is over. Once, when the
  /// registration is complete but for this; may wait for a password to be hashed.
  func mayEnter() -> Bool {
    if let ban = hub.bans.ban(matching: member.profile, at: .now) {
      reply(.youAreBanned, trailing: "You are banned from this server: \(ban.reason)")
      refuse(ban.explanation)
      return false
    }
    guard let expected = hub.configuration.password else { return true }
    switch judge(registration.password ?? "", expected) {
    case .right: return true
    case .wrong:
      hub.logger.warning(
        "wrong server password",
        metadata: ["client": "\(source)", "inAll": "\(hub.passwords.wrongCount)"])
      reply(.passwordMismatch, trailing: "Password incorrect")
      refuse("Password incorrect")
    case .busy, .stopped: refuse("The server is busy; try again later")
    }
    return false
  }

  /// Judges a password. May wait: after wrong ones of this connection, and of its address, unless it is one
  /// whose clients are not throttled: many may stand behind it, as behind a gateway on the server's machine.
  ///
  /// - Parameter isKnown: whether there is anybody whom `stored` belongs to.
  func judge(
    _ password: String, _ stored: String, isKnown: Bool = true
  ) -> PasswordGate.Verdict {
    let address = allowedRate(at: client.address) == nil ? nil : client.address
    let delay = hub.passwords.delay(passwordTries, from: address, hub.limits)
    if delay > .zero { noteWait(delay) }
    // The others need not wait with us for what this client said before.
    flush()
    finishRead()
    guard hub.passwords.wait(delay) else { return .stopped }
    return hub.passwords.judge(
      password, stored, isKnown: isKnown, &passwordTries, from: address, hub.limits)
  }

  private func noteWait(_ delay: Duration) {
    let seconds = (delay + .milliseconds(999)).components.seconds
    hub.logger.info(
      "waits after wrong passwords",
      metadata: ["client": "\(source)", "seconds": "\(seconds)"])
    notice("After wrong passwords, the next one is looked at in \(seconds) s.")
  }
}
