import IRCWire

extension Allowance.Kind {
  /// Commands that only ask, whatever their parameters.
  private static let questions: Set<String> = [
    "WHO", "NAMES", "WHOIS", "ISON", "USERHOST", "LIST", "CHATHISTORY",
  ]

  /// Subcommands of MONITOR; what they change is the client's own list.
  private static let monitorLetters: Set<String> = ["+", "-", "C", "L", "S"]

  /// What a line is, before it is carried out.
  init(of line: UnsafeRawBufferPointer) {
    guard PlainSpeech(line) == nil else {
      self = .speech
      return
    }
    let message = try? Message(parsing: line)
    self = message.map(Self.isQuestion) == true ? .question : .speech
  }

  private static func isQuestion(_ message: Message) -> Bool {
    let parameters = message.parameters
    switch message.command {
    case "JOIN":
      // JOIN 0 leaves all rooms, of which all that are in them hear.
      return parameters.first != "0"
    case "TOPIC": return parameters.count == 1
    case "MODE": return parameters.count == 1 || parameters.count == 2 && asksForList(parameters[1])
    case "MONITOR": return monitorLetters.contains(parameters.first?.uppercased() ?? "")
    default: return questions.contains(message.command)
    }
  }

  /// `MODE #room b`, with or without the plus.
  private static func asksForList(_ modes: String) -> Bool {
    !modes.isEmpty && modes.allSatisfy { "+beI".contains($0) }
  }
}
