/// Who logs in: an account, and the device it is on, `ann@phone`.
public struct SaslLogin: Sendable, Equatable {
  public var account: String

  /// Empty where none was named.
  public var device: String

  /// - Parameter name: an authentication identity.
  public init(_ name: String) {
    // No account has an @ in its name.
    let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    account = String(parts[0])
    device = parts.count > 1 ? String(parts[1]) : ""
  }
}
