/// How the client ends, for scripts. A wrong flag is 64, as everywhere; a signal is 128 and its
/// number.
enum ChatExit: Int32, Sendable {
  case done = 0

  /// Nobody answers at the server's address.
  case unreachable = 1

  /// The server did not let us in: the name, the password or a ban.
  case refused = 2

  /// The connection ended before all was done.
  case lost = 3

  /// A room could not be entered, or did not take what was said.
  case roomRefused = 4

  /// The terminal or a file could not be used.
  case unusable = 5

  /// The server could not show that it is the right one (TLS).
  case untrusted = 6
}
