import HubbubRooms
import IRCWire

/// Whether a program or a person with a bare terminal is there, as long as that is open.
extension Session {
  /// Whether a line shows a person who types, and no client. Once it was a client's, no other is
  /// looked at.
  func becomesTerminal(_ speaker: @autoclosure () -> ProtocolWords.Speaker) -> Bool {
    guard !isClient || mayBePersonAfterAll, !registration.isComplete, client.frames == nil,
      hub.configuration.lobby != nil
    else { return false }
    switch speaker() {
    case .unclear: return false
    case .program:
      isClient = true
      return false
    case .person:
      terminal = BareTerminal()
      wasTerminal = true
      read(as: .bareTerminal)
      return true
    }
  }

  /// Nick Cave has answered the question for a name with what might be a command, and nothing more
  /// has come of one.
  private var mayBePersonAfterAll: Bool {
    wasTerminal && capabilities.isEmpty && !registration.isNegotiating && !registration.hasUser
  }

  /// Whether what was taken for a person's terminal is a client's: it answers the question for a
  /// name with a command. Nothing is lost by then but that it has read the question.
  func isClientAfterAll(_ line: UnsafeRawBufferPointer) -> Bool {
    guard terminal?.isAskingName == true, let message = try? Message(parsing: line),
      ProtocolWords.isRegistration(message, line)
    else { return false }
    terminal = nil
    read(as: [])
    return true
  }

  /// Takes a line that a person typed.
  func handleTyped(_ line: UnsafeRawBufferPointer) {
    guard let text = String(validating: Telnet.text(of: Array(line)), as: UTF8.self) else {
      return show("Only UTF-8 can be said here: set your terminal to it.")
    }
    let typed = TerminalText.typed(text)
    // A copy, because what is typed may lead to commands that look at the session.
    var terminal = terminal ?? BareTerminal()
    terminal.take(typed, in: self)
    self.terminal = terminal
  }
}
