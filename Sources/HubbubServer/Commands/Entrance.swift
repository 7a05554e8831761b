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
    let verdict = hub.passwords.judge(
      registration.password ?? "", expected, &passwordTries, hub.limits)
    switch verdict {
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
}
