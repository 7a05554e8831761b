import IRCWire

/// What is known of a person.
public struct Profile: Sendable {
  /// `noNickname` until one was accepted.
  public var nickname = Self.noNickname

  /// What stands in the place of a nickname.
  static let noNickname = "*"

  public var userName = "user"

  /// The host, as others see it: the address, a cloak, or what an operator of the server has given
  /// it.
  public private(set) var host: String

  /// The user name and host with which the client came, where an operator of the server has given
  /// it others since; else nil.
  private(set) var former: (userName: String, host: String)?

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

  /// The account it is logged in to; nil for a guest. Changed by an action alone.
  public var account: String?

  /// Whether it came by a web port.
  public var isOverWeb = false

  /// Whether the connection is encrypted.
  public var isSecure = false

  /// The fingerprint of the client's certificate, where it showed one.
  public var certificateFingerprint: String?

  /// When the connection came.
  public let signedOn: Timestamp

  /// - Parameters:
  ///   - host: what others see.
  ///   - address: where the connection comes from; nil where that is the host.
  public init(host: String, address: String? = nil, signedOn: Timestamp) {
    self.host = host
    peerAddress = address ?? host
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

  /// What masks know it by: what others see, what it came with, and where it comes from, so that
  /// nobody gets rid of a ban by another host.
  public var maskSubject: MaskSubject {
    MaskSubject(
      nickname: nickname, users: [userName] + (former.map { [$0.userName] } ?? []),
      hosts: [host] + (former.map { [$0.host] } ?? []), address: IPAddress(peerAddress),
      account: account)
  }

  /// The same without what an operator of the server gave it: for what it is to be allowed.
  public var originalSubject: MaskSubject {
    MaskSubject(
      nickname: nickname, users: [former?.userName ?? userName], hosts: [former?.host ?? host],
      address: IPAddress(peerAddress), account: account)
  }

  /// The same without what others do not see.
  public var visibleSubject: MaskSubject {
    MaskSubject(nickname: nickname, users: [userName], hosts: [host], address: IPAddress(host))
  }

  /// Another address for others to see.
  mutating func adopt(userName: String, host: String) {
    former = former ?? (self.userName, self.host)
    self.userName = userName
    self.host = host
  }
}
