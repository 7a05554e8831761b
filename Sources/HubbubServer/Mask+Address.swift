import IRCWire

extension Mask {
  /// Whether a mask of `user@host`, or of `user`, is of this address. The user name matches with or without the tilde that says
  /// that nobody has checked it.
  func matches(address: String) -> Bool {
    matches(address) || address.hasPrefix("~") && matches(String(address.dropFirst()))
  }
}
