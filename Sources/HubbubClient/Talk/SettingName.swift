/// What can be set by `/set`, and stands in the settings file under the same name.
enum SettingName: String, CaseIterable, Sendable {
  case time, presence, highlight, bell, colors, wrap, typing, log, keys, ctcp
  case promptNick = "prompt-nick"
  case onConnect = "on-connect"
  case account, sasl
  case passwordFile = "password-file"
  case passwordCommand = "password-command"
  case certificate
  case certificateKey = "certificate-key"

  /// What can be chosen, the default first; none: any text will do.
  var choices: [String] {
    switch self {
    case .time: ["minutes", "seconds", "12h", "none"]
    case .presence: ["condensed", "all", "none"]
    case .wrap: ["words", "terminal"]
    case .keys: ["readline", "rooms"]
    case .bell, .colors, .ctcp, .promptNick: ["yes", "no"]
    case .typing, .log: ["no", "yes"]
    case .sasl: ["auto", "plain", "scram-sha-256", "external"]
    case .highlight, .onConnect, .account, .passwordFile, .passwordCommand, .certificate,
      .certificateKey:
      []
    }
  }

  var explanation: String {
    switch self {
    case .time: "The clock before each line: 21:43, 21:43:07, 9:43pm or nothing."
    case .presence: "Who comes and goes: in one line for all, in one for each, or not at all."
    case .highlight: "Words that call you as your name does, with commas between them."
    case .bell: "Whether the terminal rings when you are called."
    case .colors: "Whether to use colours."
    case .wrap: "Long lines: cut between words and indented, or left to the terminal."
    case .typing: "Whether others are told that you are typing."
    case .log: "Whether what is said goes into files, one for each room."
    case .keys: "What Ctrl-N and Ctrl-P do: walk the history, or the rooms."
    case .ctcp: "Whether your program answers VERSION and PING."
    case .promptNick: "Whether your name stands in the prompt, where there is room."
    case .onConnect: "Commands to run on each connection to this server, with | between them."
    case .account: "Your account's name at the server."
    case .sasl: "How to log in to it."
    case .passwordFile: "A file with its password, readable by you alone (0600)."
    case .passwordCommand: "A command that prints its password."
    case .certificate: "A certificate to show the server (PEM)."
    case .certificateKey: "The certificate's key, where it is in a file of its own (PEM)."
    }
  }

  /// Whether it belongs to the server of the settings, and is no other server's to hear of.
  var isOfOneServer: Bool {
    switch self {
    case .onConnect, .account, .sasl, .passwordFile, .passwordCommand, .certificate,
      .certificateKey:
      true
    default: false
    }
  }

  /// Whether a change takes effect when the program is started again, and not at once.
  var isForTheNextStart: Bool {
    switch self {
    case .account, .sasl, .passwordFile, .passwordCommand, .certificate, .certificateKey: true
    default: false
    }
  }

  /// The setting that a text names, wholly or by a beginning that fits no other.
  static func find(_ text: String) -> SettingName? {
    let text = text.lowercased()
    if let exact = SettingName(rawValue: text == "colours" ? "colors" : text) { return exact }
    let matches = allCases.filter { $0.rawValue.hasPrefix(text) }
    return matches.count == 1 ? matches[0] : nil
  }
}
