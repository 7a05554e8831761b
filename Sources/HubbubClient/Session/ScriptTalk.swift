import IRCWire

/// What the filter knows of its rooms and makes of messages: a plain value.
struct ScriptTalk {
  let rooms: [String]
  var nickname: String
  var supported: [String: String] = [:]

  private var awaited: Set<FoldedName>

  /// What the server refused, as a sentence.
  private(set) var refusal: String?

  /// Whether the server has answered the last PING.
  private(set) var isConfirmed = false

  init(rooms: [String], nickname: String) {
    self.rooms = rooms
    self.nickname = nickname
    awaited = Set(rooms.map(FoldedName.init))
  }

  /// Whether all rooms were entered.
  var hasEntered: Bool { awaited.isEmpty }

  /// The lines that say `text` in the first room.
  func say(_ text: String) -> [Message] {
    guard let room = rooms.first else { return [] }
    // ":nick!user@host PRIVMSG #room :text\r\n", with the longest user and host there are.
    let overhead = 1 + nickname.utf8.count + 75 + 10 + room.utf8.count + 2 + 2
    let parts = MessageSplitter.split(
      OutgoingText.clean(text), limitBytes: max(50, 512 - overhead))
    return parts.map { Message("PRIVMSG", room, $0) }
  }

  /// What to answer at once, and what to remember.
  mutating func answer(to message: Message) -> Message? {
    switch message.command {
    case "PING": return Message("PONG", message.parameters)
    case "PONG": isConfirmed = true
    case "NICK" where isMe(message.source): nickname = message.parameters.first ?? nickname
    case "366": awaited.remove(FoldedName(message.parameters.dropFirst().first ?? ""))
    case "403", "404", "405", "437", "442", "471", "473", "474", "475", "476", "477", "489":
      if case .failure(let text) = NumericSentence.of(
        Int(message.command) ?? 0, Array(message.parameters.dropFirst()), me: nickname)
      {
        refusal = SafeText.clean(text)
      }
    case "KICK":
      if let who = message.parameters.dropFirst().first, FoldedName(who) == FoldedName(nickname) {
        refusal = "\(SafeText.clean(message.source?.name ?? "Somebody")) removed us from the room."
      }
    default: refusedToEnter(message)
    }
    return nil
  }

  /// Whatever else a server says against a room that we wait for.
  private mutating func refusedToEnter(_ message: Message) {
    guard let number = Int(message.command), (400..<600).contains(number), refusal == nil else {
      return
    }
    let parameters = Array(message.parameters.dropFirst())
    guard let name = parameters.first, awaited.contains(FoldedName(name)),
      case .failure(let text) = NumericSentence.of(number, parameters, me: nickname)
    else { return }
    refusal = SafeText.clean(text)
  }

  /// `time TAB room TAB nick TAB kind TAB text` for what is to be printed; nil for all else.
  func line(for message: Message, now: Timestamp) -> String? {
    guard let source = message.source, message.parameters.count >= 2,
      message.command == "PRIVMSG" || message.command == "NOTICE", source.user != nil
    else { return nil }
    var text = message.parameters[1]
    var kind = message.command == "NOTICE" ? "notice" : "message"
    if text.hasPrefix("\u{1}") {
      guard text.hasPrefix("\u{1}ACTION ") else { return nil }
      text = String(text.dropFirst(8).filter { $0 != "\u{1}" })
      kind = "action"
    }
    let time = message.tag("time").flatMap(Timestamp.init) ?? now
    let fields = [
      time.description, SafeText.clean(message.parameters[0]), SafeText.clean(source.name), kind,
      FormattedText.plain(text),
    ]
    return fields.joined(separator: "\t")
  }

  private func isMe(_ source: Source?) -> Bool {
    source.map { FoldedName($0.name) == FoldedName(nickname) } ?? false
  }
}
