import IRCWire

extension Limits {
  /// What masks must fit that are set now. An operator of the server may give a user name that has
  /// one byte more, where the tilde was.
  var masks: MaskLimits {
    MaskLimits(
      maskBytes: maskBytes, nicknameBytes: nicknameBytes, userNameBytes: userNameBytes + 1,
      hostBytes: Names.hostBytes)
  }
}
