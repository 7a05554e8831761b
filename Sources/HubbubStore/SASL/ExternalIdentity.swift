/// What a client sends for EXTERNAL (RFC 4422, appendix A): whom it wants to be, or nothing. Who it
/// is, its certificate says.
public struct ExternalIdentity: Sendable, Equatable {
  /// nil: whoever the certificate belongs to.
  public var login: SaslLogin?

  /// - Returns: nil for what is no UTF-8, or holds a NUL.
  public init?(_ message: [UInt8]) {
    guard !message.contains(0), let name = String(validating: message, as: UTF8.self)
    else { return nil }
    login = name.isEmpty ? nil : SaslLogin(name)
  }
}
