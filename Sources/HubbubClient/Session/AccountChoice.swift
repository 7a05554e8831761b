import HubbubDial
import HubbubSockets

/// The account that flags and settings come to, with what shows that it is ours.
struct AccountChoice {
  /// Why there is none though one was wanted, in words.
  struct Fault: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  var account: Account?
  var identity: TLSIdentity?

  /// Reads the files, runs the command and asks the person, where that is needed.
  ///
  /// - Parameters:
  ///   - settings: what they say for this server.
  ///   - isEncrypted: whether nobody on the way could read the password.
  ///   - server: what to call the server when asking.
  /// - Throws: `Fault`, `TLSError`.
  init(
    _ options: ChatOptions, _ settings: Settings, isEncrypted: Bool, server: String, home: String?
  ) throws {
    func chosen(_ flag: String?, _ name: SettingName) -> String? {
      flag ?? (settings.value(of: name).isEmpty ? nil : settings.value(of: name))
    }
    func path(_ flag: String?, _ name: SettingName) -> String? {
      chosen(flag, name).map { $0.hasPrefix("~/") ? (home ?? "~") + $0.dropFirst() : $0 }
    }
    let certificate = path(options.certificate, .certificate)
    if let certificate {
      let key = path(options.certificateKey, .certificateKey) ?? certificate
      identity = try TLSIdentity(certificateFile: certificate, keyFile: key)
    }
    let name = chosen(options.account, .account)
    let mechanism = chosen(options.sasl, .sasl)?.lowercased() ?? "auto"
    let file = path(options.passwordFile, .passwordFile)
    let command = chosen(options.passwordCommand, .passwordCommand)
    if mechanism == "external" || mechanism == "auto" && identity != nil && file ?? command == nil {
      guard mechanism == "external" || name != nil else { return }
      guard identity != nil, isEncrypted else {
        throw Fault(
          description: "EXTERNAL needs an encrypted connection and a certificate (--cert).")
      }
      account = Account(name: name ?? "", password: nil, mechanisms: [.external])
      return
    }
    guard let name else { return }
    guard !name.isEmpty, !name.contains("\0"), !name.contains(where: \.isNewline) else {
      throw Fault(description: "“\(SafeText.clean(name))” cannot be the name of an account.")
    }
    let mechanisms = try Self.mechanisms(mechanism, mayBeSaid: isEncrypted)
    let password: String
    if let file {
      password = try SecretSource.file(file)
    } else if let command {
      password = try SecretSource.command(command)
    } else if let asked = options.askSecret(
      "Password of the account \(SafeText.clean(name)) at \(SafeText.clean(server)): "),
      !asked.isEmpty
    {
      password = asked
    } else {
      throw Fault(
        description: "The account \(SafeText.clean(name)) needs its password: --password-file, "
          + "--password-command, or a terminal to ask at.")
    }
    account = Account(name: name, password: password, mechanisms: mechanisms)
  }

  /// - Parameter mayBeSaid: whether nobody on the way could read the password.
  private static func mechanisms(
    _ name: String, mayBeSaid: Bool
  ) throws(Fault) -> [Account.Mechanism] {
    switch name {
    case "auto": return mayBeSaid ? [.scramSHA256, .plain] : [.scramSHA256]
    case "plain": return [.plain]
    case "scram-sha-256": return [.scramSHA256]
    default:
      throw Fault(
        description: "“\(SafeText.clean(name))” is no way to log in: auto, plain, scram-sha-256 or "
          + "external.")
    }
  }
}
