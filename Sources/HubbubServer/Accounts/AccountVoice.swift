import IRCWire

/// In which form somebody is answered about accounts: as it asked.
enum AccountVoice {
  /// A command, with standard replies (IRCv3 standard-replies).
  case command(String)

  /// A service's NOTICE: `NickServ`.
  case service(String)
}

extension Session {
  /// Tells something: `NOTE <command> <code> … :<text>` to those who know standard replies, the
  /// text alone to others.
  func tell(_ voice: AccountVoice, _ code: String, _ context: [String], _ text: String) {
    switch voice {
    case .command(let command) where capabilities.contains(.standardReplies):
      reply("NOTE", [command, code] + context.map(safe), trailing: text)
    case .command: notice(text)
    case .service(let name): say(as: name, text)
    }
  }

  /// Refuses something: `FAIL <command> <code> … :<text>`.
  func fail(_ voice: AccountVoice, _ code: String, _ context: [String], _ text: String) {
    switch voice {
    case .command(let command):
      reply("FAIL", [command, code] + context.map(safe), trailing: text)
    case .service(let name): say(as: name, text)
    }
  }

  private func say(as service: String, _ text: String) {
    tell(
      from: "\(service)!\(service)@\(hub.serverName)", "NOTICE", [nickname], trailing: text)
  }
}
