import ArgumentParser
import HubbubServer
import HubbubSockets
import Logging

/// The flags of `hubbub serve` that say what the settings file can say too, and win over it.
struct ServeOptions: ParsableArguments, Sendable {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to listen: an address, a name or '*', with ':port' if not 6667, or a port of "
        + "127.0.0.1. "
        + "May be repeated. (default: 127.0.0.1:6667)",
      valueName: "host[:port]"))
  var listen: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where to listen for browsers, with ':port' if not 8080, or a port of 127.0.0.1. May be "
        + "repeated.",
      valueName: "host[:port]"))
  var web: [String] = []

  @Option(
    help: ArgumentHelp(
      "The same with TLS, with ':port' if not 443; needs a certificate. May be repeated.",
      valueName: "host[:port]"))
  var webTls: [String] = []

  @Option(help: "The server's name on the wire. (default: hubbub.local)")
  var name: String?

  @Option(help: "The network's name. (default: Hubbub)")
  var network: String?

  @Option(help: "Let in only those who send this password (PASS), or the password with this hash.")
  var password: String?

  @Option(help: ArgumentHelp("Show this file to everyone who comes in.", valueName: "file"))
  var motd: String?

  @Option(
    help: ArgumentHelp(
      "Keep what outlives the server in this folder. (default: $STATE_DIRECTORY, "
        + "$XDG_STATE_HOME/hubbub or ~/.local/state/hubbub)", valueName: "directory"))
  var state: String?

  @Flag(
    name: .customLong("no-history"),
    help: "Remember nothing of what is said: it is gone when it was delivered.")
  var hasNoHistory = false

  @OptionGroup(title: "TLS")
  var tls: TLSOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @Option(
    help: ArgumentHelp(
      "What to log: trace, debug, info, notice, warning, error or critical. (default: info)",
      valueName: "level"),
    transform: Self.level(named:))
  var logLevel: Logger.Level?

  @Option(help: "How to log: text or json, to standard error. (default: text)")
  var logFormat: ServerLog.Format?

  @Flag(
    help:
      "Let everybody see how evenly rooms are served ('hubbub watch'), not their operators alone.")
  var openStats = false

  @Flag(
    name: .customLong("unfair-fan-out"),
    help:
      "Deliver to the same member first every time. Unfair; to see what the rotation is good for.")
  var isUnfair = false

  /// Puts what was given in the place of what the file says.
  func apply(to settings: inout ServerSettings) throws(SettingsError) {
    var configuration = settings.configuration
    if !listen.isEmpty { configuration.endpoints = listen.compactMap { Endpoint($0) } }
    if let name { configuration.serverName = name }
    if let network { configuration.networkName = network }
    if let password { configuration.password = password }
    if let motd { configuration.messageOfTheDay = try Self.lines(of: motd) }
    limits.apply(to: &configuration.limits)
    do {
      try tls.apply(to: &configuration)
    } catch {
      throw SettingsError([SettingsProblem(file: "the flags", text: "\(error)")])
    }
    if !web.isEmpty { configuration.webEndpoints = web.compactMap(Self.webEndpoint) }
    if !webTls.isEmpty {
      configuration.secureWebEndpoints = webTls.compactMap(Self.secureWebEndpoint)
      guard configuration.tls != nil else {
        let text = "--web-tls needs --cert and --key, or --self-signed"
        throw SettingsError([SettingsProblem(file: "the flags", text: text)])
      }
    }
    if !(listen + tls.listen + web + webTls).isEmpty, let fault = configuration.listenFaults.first {
      throw SettingsError([SettingsProblem(file: "the flags", text: fault)])
    }
    if let state { configuration.state = state }
    if hasNoHistory { configuration.history.isEnabled = false }
    if isUnfair { configuration.rotatesFanOut = false }
    if openStats { configuration.hasOpenStatistics = true }
    settings.configuration = configuration
    if let logLevel { settings.logLevel = logLevel }
    if let logFormat { settings.logFormat = logFormat }
  }

  func validate() throws {
    for text in listen where Endpoint(text) == nil {
      throw ValidationError(
        "'\(text)' is no address to listen on; try 127.0.0.1:6667, or a port: 6667.")
    }
    for text in web where Self.webEndpoint(text) == nil {
      throw ValidationError(
        "'\(text)' is no address for browsers; try 127.0.0.1:8080, or a port: 8080.")
    }
    for text in webTls where Self.secureWebEndpoint(text) == nil {
      throw ValidationError(
        "'\(text)' is no address for browsers; try 0.0.0.0:443, or a port: 443.")
    }
    if let password, !ServerSettings.isPassword(password) {
      throw ValidationError(
        "--password must not be blank, and a hash must be whole, as from 'hubbub hash-password'.")
    }
    if let state, state.isEmpty { throw ValidationError("--state must name a folder.") }
    let isName = name.map { name in
      name.contains(".") && !name.contains(where: { $0.isWhitespace || $0 == "!" || $0 == "@" })
    }
    guard isName ?? true else {
      throw ValidationError("--name needs a dot and no spaces, as in chat.example.")
    }
    if let state, state.isEmpty {
      throw ValidationError("--state needs a directory.")
    }
    if let network, network.isEmpty || network.contains(where: \.isWhitespace) {
      throw ValidationError("--network must be one word.")
    }
  }

  private static func webEndpoint(_ text: String) -> Endpoint? {
    Endpoint(text, defaultPort: 8080)
  }

  private static func secureWebEndpoint(_ text: String) -> Endpoint? {
    Endpoint(text, defaultPort: 443)
  }

  private static func level(named name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else {
      let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(name)' is no log level; there are \(names).")
    }
    return level
  }

  private static func lines(of file: String) throws(SettingsError) -> [String] {
    do throws(FileError) {
      return TextFile.lines(try TextFile.read(file))
    } catch {
      throw SettingsError([
        SettingsProblem(
          file: file, text: "the file of --motd cannot be read: \(error.reason)")
      ])
    }
  }
}

extension ServerLog.Format: ExpressibleByArgument {}
