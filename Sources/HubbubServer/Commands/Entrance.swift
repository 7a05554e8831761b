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
    case .busy: refuse("The server is busy; try again later")
    case nil: break
    }
    return false
  }

  /// Judges a password. May wait for this client alone: after wrong ones of this connection, and of its address
  /// (`ClientClasses.rememberGuesses`).
  ///
  /// - Parameter isKnown: whether there is anybody of the name that came with it.
  /// - Returns: nil if the connection ended meanwhile; then nothing is to be done any more.
  func judge(
    _ password: String, _ stored: String, isKnown: Bool = true
  ) -> PasswordGate.Verdict? {
    let remembers = hub.current.classes.rememberGuesses(from: client.address)
    let address = remembers ? client.address : nil
    var isNoted = false
    while true {
      release()
      do throws(PasswordGate.TooSoon) {
        return try hub.passwords.judge(
          password, stored, isKnown: isKnown, &passwordTries, from: address, hub.limits)
      } catch {
        if !isNoted {
          noteWait(error.wait)
          release()
        }
        isNoted = true
        if client.waitForEnd(limit: error.wait) { return nil }
      }
    }
  }

  private func noteWait(_ delay: Duration) {
    let seconds = (delay + .milliseconds(999)).components.seconds
    hub.logger.info(
      "waits after wrong passwords",
      metadata: ["client": "\(source)", "seconds": "\(seconds)"])
    notice("After wrong passwords, the next one is looked at in \(seconds) s.")
  }
}
