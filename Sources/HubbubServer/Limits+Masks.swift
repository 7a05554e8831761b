import IRCWire

extension Limits {
  /// What masks must fit that are set now.
  var masks: MaskLimits {
    MaskLimits(
      maskBytes: maskBytes, nicknameBytes: nicknameBytes, userNameBytes: userNameBytes,
      hostBytes: Names.hostBytes)
  }
}
