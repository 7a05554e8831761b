/// What a client sends for PLAIN (RFC 4616).
public struct PlainCredentials: Sendable, Equatable {
  public var login: SaslLogin
  public var password: String

  /// `message = [authzid] UTF8NUL authcid UTF8NUL passwd`
  ///
  /// - Returns: nil for anything else, and for who wants to act as somebody else.
  public init?(_ message: [UInt8]) {
    let parts = message.split(separator: 0, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty,
      let identity = String(validating: parts[0], as: UTF8.self),
      let name = String(validating: parts[1], as: UTF8.self),
      let password = String(validating: parts[2], as: UTF8.self)
    else { return nil }
    login = SaslLogin(name)
    // "If the authorization identity string is absent, the server derives it": nobody has another.
    guard
      identity.isEmpty || identity.utf8.elementsEqual(name.utf8)
        || identity.utf8.elementsEqual(login.account.utf8)
    else { return nil }
    self.password = password
  }
}
