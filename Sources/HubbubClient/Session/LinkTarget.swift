import HubbubDial
import HubbubSockets

/// Where a link leads, and as whom.
struct LinkTarget: Sendable {
  var endpoint: Endpoint

  /// nil for plain text. What it is at the first connection, it is at each that follows.
  var tls: TLSContext?

  /// The server's own, before any account.
  var password: String?

  /// The account to log in to on the way in.
  var account: Account?
}
