import IRCWire

/// What is known of a person.
public struct Profile: Sendable {
  /// `noNickname` until one was accepted.
  public var nickname = Self.noNickname

  /// What stands in the place of a nickname.
  static let noNickname = "*"

  public var userName = "user"

  /// The host, as others see it: an operator of the server may give it another.
  public private(set) var host: String

  /// `user@host` as the client came, where an operator of the server has given it another since; else nil.
  private var formerAddress: String?

  /// The address that the client comes from: that of its connection, or the one that a proxy or
  /// gateway says.
  public private(set) var peerAddress: String

  public var realName = ""

  /// Whether the registration is complete.
  public var isRegistered = false

  /// The message of somebody who is away.
  public var away: String?

  /// What it has chosen for itself with MODE.
  public var userModes = UserModes()

  public var isInvisible: Bool { userModes.isInvisible }
  public var wantsWallops: Bool { userModes.wantsWallops }
  public var isBot: Bool { userModes.isBot }

  /// The name of the account by which it operates the server; nil for everybody else.
  public var operatorName: String?

  /// The account it is logged in to; nobody is until there are accounts.
  public var account: String?

  /// Whether the connection is encrypted.
  public var isSecure = false

  /// The fingerprint of the client's certificate, where it showed one.
  public var certificateFingerprint: String?

  public var capabilities: Capability = []

  /// When the connection came.
  public let signedOn: Timestamp

  public init(host: String, signedOn: Timestamp) {
    self.host = host
    peerAddress = host
    self.signedOn = signedOn
  }

  /// A proxy or gateway says where the client comes from, before anybody knows the client.
  ///
  /// - Parameter host: what others see.
  public mutating func comes(from address: String, shownAs host: String) {
    self.host = host
    peerAddress = address
  }

  /// Whether it operates the server.
  public var isOperator: Bool { userModes.isOperator }

  /// `user@host`
  public var address: String { "\(userName)@\(host)" }

  /// `nickname!user@host`
  public var source: String { "\(nickname)!\(address)" }

  /// `user@host` as the client came.
  public var originalAddress: String { formerAddress ?? address }

  /// What masks of `user@host` are of it by: what others see, and what it came with, so that nobody gets rid of a
  /// ban by another host.
  public var addresses: [String] { formerAddress.map { [address, $0] } ?? [address] }

  /// The same for masks of `nickname!user@host`.
  var sources: [String] { addresses.map { "\(nickname)!\($0)" } }

  /// Takes another address, for others to see.
  mutating func take(userName: String, host: String) {
    formerAddress = formerAddress ?? address
    self.userName = userName
    self.host = host
  }
}
