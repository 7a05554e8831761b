import HubbubSockets

/// What a person asked for when they started the client.
public struct ChatOptions: Sendable {
  /// `host` or `host:port`; nil: what the settings say, or this machine.
  public var server: String?

  /// Whom to believe to be the server, over TLS; nil: what the settings say for a server of theirs,
  /// or else plain text.
  public var tls: TLSTrust?

  /// Rooms to enter, each perhaps with a space and its key; none: what the settings say, or
  /// `#lobby`.
  public var rooms: [String] = []

  /// nil: what the settings say, or the login name.
  public var nickname: String?

  /// The server's password; nil: that of the variable `HUBBUB_PASSWORD`, if there is one.
  public var password: String?

  /// The account to log in to; nil: what the settings say, or none.
  public var account: String?

  /// How: `auto`, `plain`, `scram-sha-256` or `external`; nil: what the settings say.
  public var sasl: String?

  /// Where its password is: in a file with mode 0600, or in what a command prints.
  public var passwordFile: String?
  public var passwordCommand: String?

  /// PEM files of a certificate to show the server, and of its key.
  public var certificate: String?
  public var certificateKey: String?

  /// Asks the person for a secret; nil where nobody can be asked.
  public var askSecret: @Sendable (String) -> String? = { _ in nil }

  public var usesColor = true

  /// A shell command to run when someone mentions us.
  public var notifyCommand: String?

  /// Whether to say each line of the standard input.
  public var sends = false

  /// Whether to print what is said as tab-separated lines.
  public var reads = false

  /// After how many printed lines to end.
  public var count: Int?

  public init() {}
}
