import IRCWire

extension Bot {
  /// Deals with the lines that are no messages of the run.
  mutating func answerAsides() {
    for line in ear.asides {
      let message = line.withUnsafeBytes { raw in
        // A line that is no message says nothing to a bot.
        try? Message(parsing: Self.withoutReturn(raw))
      }
      if let message { answer(message) }
    }
    ear.clearAsides()
  }

  private mutating func answer(_ message: Message) {
    switch message.command {
    case "PING":
      outgoing.append(Message("PONG", message.parameters).encoded())
    case "ERROR":
      end("The server said: \(message.parameters.last ?? "")")
    case "KICK" where message.parameters.count > 1 && isMine(message.parameters[1]):
      note(refusal: "KICK", message.parameters.last ?? "")
    case "QUIT":
      if let nickname = message.source?.name, !stage.isOver {
        testimony.departures[nickname] = stage.clock.now
      }
    case "PRIVMSG", "NOTICE":
      if message.parameters.last?.contains(stage.run.description) == true {
        testimony.altered += 1
      }
    case "FAIL", "WARN":
      note(refusal: message.parameters.prefix(2).joined(separator: " "), message.parameters.last)
    case let numeric where numeric.utf8.count == 3:
      note(refusal: numeric, message.parameters.last)
    default: break
    }
  }

  private func isMine(_ nickname: String) -> Bool {
    nickname.hasPrefix(testimony.assignment.nickname)
  }

  private mutating func note(refusal name: String, _ words: String?) {
    testimony.refusals[name, default: .init(count: 0, words: words ?? "")].count += 1
  }

  private static func withoutReturn(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    line.last == 13 ? UnsafeRawBufferPointer(rebasing: line.dropLast()) : line
  }
}
