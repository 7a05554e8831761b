/// What the settings say of accounts.
public struct AccountSettings: Sendable, Equatable {
  /// Whether there are accounts, where there is a folder to keep them in.
  public var isEnabled = true

  /// Whether everybody may register one. Operators of the server may in any case.
  public var isOpen = true

  /// Whether that may be done before the connection is registered.
  public var allowsBeforeConnect = true

  /// Whether keys for SCRAM are kept beside the hash of a password.
  public var keepsScramKeys = true

  /// A shorter password is refused: `WEAK_PASSWORD`.
  public var leastPasswordBytes = 8

  /// Accounts that one network may register a day (/24 of IPv4, /64 of IPv6), those excepted whose
  /// class has no limit of connections. One more: `TEMPORARILY_UNAVAILABLE`.
  public var perNetworkAndDay = 5

  /// Accounts that may be registered in ten minutes in all. One more: `TEMPORARILY_UNAVAILABLE`.
  public var perTenMinutes = 30

  /// Wrong passwords for one account in an hour. Then one a minute is looked at, but for those who
  /// come from where the right one came from before.
  public var wrongPasswordsPerHour = 20

  /// Connections that one account may have at a time, all of them one person. One more is refused.
  public var sessions = 10

  /// How long somebody stays in its rooms without a connection (`ACCOUNT SET stay on`); then it
  /// leaves.
  public var stay: Duration = .seconds(90 * 86_400)

  /// This many may stay like that; whoever goes then, goes.
  public var staying = 1000

  /// A password of more bytes is refused: `UNACCEPTABLE_PASSWORD`. "300 bytes should be a safe
  /// reasonable limit" (IRCv3 draft/account-registration).
  static let maxPasswordBytes = 300

  public init() {}
}
