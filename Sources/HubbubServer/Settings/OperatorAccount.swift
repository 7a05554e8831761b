import IRCWire

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

  /// Whether somebody comes from where the account may be used. A mask that is none, which no
  /// settings file has, lets nobody in.
  func isOpen(to subject: MaskSubject) -> Bool {
    hosts.isEmpty
      || hosts.contains { text in
        do throws(MaskFault) {
          return try UserHostMask(completing: text).matches(subject)
        } catch { return false }
      }
  }

  /// The account that `oper:ann` names among those who operate a room; nil for a mask.
  static func named(by text: String) -> String? {
    let prefix = "oper:"
    guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else { return nil }
    return String(text.dropFirst(prefix.count))
  }
}
