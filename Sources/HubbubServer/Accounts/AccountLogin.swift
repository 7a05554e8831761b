import IRCWire

/// A connection that is logged in to an account.
struct AccountLogin: Sendable {
  /// The account's number, which it keeps under another name.
  let account: Int64
  let name: String

  /// The device it is on; empty where none was named.
  let device: String

  /// How it showed whose it is: `PLAIN`, `REGISTER` …
  let way: String

  /// Whether a device's own password did: it does not change the account.
  var isByDevicePassword = false
  let address: String
  let since: Timestamp
}
