/// How long the names are that masks are for: what needs more can match nobody.
public struct MaskLimits: Sendable {
  /// The whole mask, completed.
  public var maskBytes: Int
  public var nicknameBytes: Int

  /// A user name, without the tilde.
  public var userNameBytes: Int
  public var hostBytes: Int

  /// As long as any settings allow, where nothing else is said.
  public init(
    maskBytes: Int = 400, nicknameBytes: Int = 128, userNameBytes: Int = 64,
    hostBytes: Int = Names.hostBytes
  ) {
    self.maskBytes = maskBytes
    self.nicknameBytes = nicknameBytes
    self.userNameBytes = userNameBytes
    self.hostBytes = hostBytes
  }
}
