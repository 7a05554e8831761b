/// How many there may be.
public struct AccountLimits: Sendable, Equatable {
  /// Beside the account's own name.
  public var nicknames = 3
  public var devices = 16
  public var certificates = 16
  public var rooms = 15
  public var accessEntries = 200
  public var metadataKeys = 16
  public var markers = 1000

  public init() {}
}
