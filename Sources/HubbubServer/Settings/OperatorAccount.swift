/// Somebody who may become an operator of the server with OPER.
public struct OperatorAccount: Sendable, Equatable {
  public var name: String

  /// The password as `crypt(5)` keeps it.
  public var passwordHash: String

  /// Masks of `user@host` from which alone the account may be used; none: from everywhere.
  public var hosts: [String]

  public init(name: String, passwordHash: String, hosts: [String] = []) {
    self.name = name
    self.passwordHash = passwordHash
    self.hosts = hosts
  }
}
