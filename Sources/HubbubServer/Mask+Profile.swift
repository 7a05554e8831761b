import HubbubRooms
import IRCWire

extension Mask {
  /// Whether a mask of `user@host` is of this person at `host`. A user name matches with or without the tilde
  /// that says that nobody has checked it.
  func matches(_ profile: Profile, at host: String) -> Bool {
    let user = profile.userName
    return matches("\(user)@\(host)")
      || user.hasPrefix("~") && matches("\(user.dropFirst())@\(host)")
  }
}
