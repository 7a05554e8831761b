/// A gateway from the web to IRC, which says of each of its clients where it comes from (WEBIRC).
public struct Gateway: Sendable, Equatable {
  public var name: String

  /// Its password as `crypt(5)` keeps it.
  public var passwordHash: String

  /// Addresses and networks (CIDR) from which alone it may come.
  public var addresses: [String]

  public init(name: String, passwordHash: String, addresses: [String]) {
    self.name = name
    self.passwordHash = passwordHash
    self.addresses = addresses
  }
}
