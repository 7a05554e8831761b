import IRCWire

/// A person with netcat or telnet, who types lines and no commands of the protocol.
///
/// It is asked for a name, and a password where the server wants one, put into the lobby, and each
/// line it types is said there. What it reads is text: its rendition of the rooms is one
/// (`Capability.bareTerminal`). A value of the client's session.
struct BareTerminal {
  /// What the next line is.
  private enum Stage {
    case greeting, name
    case password(name: String)
    case speech
  }

  private var stage = Stage.greeting

  /// Whether the next line should be a name.
  var isAskingName: Bool { if case .name = stage { true } else { false } }

  /// Takes one line that was typed.
  mutating func take(_ line: String, in session: Session) {
    let text = line.trimmingSpaces
    switch stage {
    case .name where !text.isEmpty: introduce(text, session)
    case .greeting, .name:
      stage = .name
      session.show("Welcome to \(session.hub.configuration.networkName). What is your name?")
    case .password(let name):
      session.dispatch(Message("PASS", text))
      enter(as: name, session)
    case .speech: Self.carryOut(text, in: session)
    }
  }

  private mutating func introduce(_ name: String, _ session: Session) {
    guard Names.isNickname(name, limit: session.hub.limits.nicknameBytes) else {
      return session.show(
        "A name has letters, digits and - _ [ ] { } | ^ ` \\, begins with none of the digits, and "
          + "has no spaces. Another?")
    }
    guard !session.hub.configuration.reservedNicknames.contains(name) else {
      return session.show("\(name) is a name that nobody can have here. Another?")
    }
    if let holder = session.hub.registry.member(named: name) {
      session.askWhetherThere(holder)
      return session.show("Somebody is called \(name) already. Another?")
    }
    guard session.hub.configuration.password == nil else {
      stage = .password(name: name)
      return session.show("And the password of this server? It is shown as you type.")
    }
    enter(as: name, session)
  }

  private mutating func enter(as name: String, _ session: Session) {
    stage = .name
    for command in [["NICK", name], ["USER", name, "0", "*", name]] {
      session.dispatch(Message(command[0], Array(command.dropFirst())))
    }
    // Somebody may have been faster, or the password wrong.
    guard session.registration.isComplete else { return }
    stage = .speech
    if let lobby = session.hub.configuration.lobby { session.dispatch(Message("JOIN", lobby)) }
    session.show(
      session.member.rooms.isEmpty
        ? "You are in no room; /join tries again. /msg NAME TEXT /nick NAME /quit"
        : "Type, and everybody in the room reads it. /who /nick NAME /me DOES /quit")
  }

  private static func carryOut(_ text: String, in session: Session) {
    guard !text.isEmpty, let lobby = session.hub.configuration.lobby else { return }
    guard text.hasPrefix("/"), !text.hasPrefix("//") else {
      let said = text.hasPrefix("//") ? String(text.dropFirst()) : text
      return session.dispatch(Message("PRIVMSG", lobby, said))
    }
    let words = text.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1] : ""
    switch words.first?.lowercased() {
    case "join" where !rest.isEmpty && FoldedName(rest) != FoldedName(lobby):
      session.show("Without an IRC client there is one room: \(lobby).")
    case "join": session.dispatch(Message("JOIN", lobby))
    case "who", "names": session.dispatch(Message("NAMES", lobby))
    case "nick": session.dispatch(Message("NICK", rest.isEmpty ? [] : [rest]))
    case "me" where rest.isEmpty: session.show("/me DOES: what do you do?")
    case "me": session.dispatch(Message("PRIVMSG", lobby, "\u{1}ACTION \(rest)\u{1}"))
    case "msg":
      let parts = rest.split(separator: " ", maxSplits: 1).map(String.init)
      session.dispatch(Message("PRIVMSG", parts))
    case "quit", "exit", "bye": session.dispatch(Message("QUIT", rest.isEmpty ? [] : [rest]))
    default:
      session.show(
        "There are /who, /nick NAME, /me DOES, /msg NAME TEXT, /join to come back, and /quit.")
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let start = utf8.drop(while: isSpace)
    let end = start.lastIndex { !isSpace($0) }
    return end.map { String(start[...$0])! } ?? ""
  }
}
