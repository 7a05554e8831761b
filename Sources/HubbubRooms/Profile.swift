import IRCWire

/// What is known of a person.
public struct Profile: Sendable {
  /// "*" until one was accepted.
  public var nickname = "*"

  public var userName = "user"

  /// The address, as others see it.
  public var host: String

  public var realName = ""

  /// Whether the registration is complete.
  public var isRegistered = false

  /// The message of somebody who is away.
  public var away: String?

  /// User mode `+i`: not shown to those who share no room.
  public var isInvisible = false

  public var capabilities: Capability = []

  /// When the connection came.
  public let signedOn: Timestamp

  public init(host: String, signedOn: Timestamp) {
    self.host = host
    self.signedOn = signedOn
  }

  /// `nickname!user@host`
  public var source: String { "\(nickname)!\(userName)@\(host)" }
}
