import ArgumentParser
import HubbubClient

/// The account that a client logs in to (SASL). Its password is never on the command line, where
/// everybody on the machine could read it.
struct AccountOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Log in to this account; its password is asked for unless one of the next two is given.",
      valueName: "name"))
  var account: String?

  @Option(
    help: ArgumentHelp(
      "The account's password is the first line of this file, which only you may read (mode 0600).",
      valueName: "file"))
  var passwordFile: String?

  @Option(
    help: ArgumentHelp(
      "The account's password is the first line that this shell command prints.",
      valueName: "command"))
  var passwordCommand: String?

  @Option(
    help: ArgumentHelp(
      "How to log in: auto, plain, scram-sha-256 or external. auto says the password itself only "
        + "over TLS.",
      valueName: "how"))
  var sasl: String?

  @Option(
    help: ArgumentHelp(
      "A certificate to show the server, for external (PEM).", valueName: "file"))
  var cert: String?

  @Option(
    help: ArgumentHelp(
      "The certificate's key, where it is in a file of its own (PEM).", valueName: "file"))
  var key: String?

  func validate() throws {
    guard passwordFile == nil || passwordCommand == nil else {
      throw ValidationError("Choose one of --password-file and --password-command.")
    }
    guard key == nil || cert != nil else { throw ValidationError("--key needs --cert.") }
  }

  func apply(to options: inout ChatOptions) {
    options.account = account
    options.sasl = sasl
    options.passwordFile = passwordFile
    options.passwordCommand = passwordCommand
    options.certificate = cert
    options.certificateKey = key
    options.askSecret = { SecretPrompt.ask($0) }
  }
}
