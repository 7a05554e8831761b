/// What can be typed behind a slash.
enum CommandName: String, CaseIterable, Sendable {
  case away, back, ban, clear, help, ignore, invite, join, kick, lag, list, me, mode, msg, names
  case nick, notice, part, query, quit, raw, resend, room, save, search, topic, unignore, who, whois

  /// What stands behind the name.
  var usage: String { Self.descriptions[self]!.usage }

  /// What it does, in one line or two.
  var help: String { Self.descriptions[self]!.help }

  /// How many words it needs at least.
  var minimumWords: Int {
    usage.count { $0 == "<" }
  }

  /// The command that `text` names, wholly or by a beginning that fits no other.
  static func find(_ text: String) -> Result<CommandName, CommandError> {
    let text = text.lowercased()
    if let exact = CommandName(rawValue: text) ?? habits[text] { return .success(exact) }
    let matches = allCases.filter { $0.rawValue.hasPrefix(text) }
    if matches.count == 1 { return .success(matches[0]) }
    return .failure(matches.isEmpty ? .unknown(text) : .ambiguous(text, matches))
  }

  /// What fingers know from other clients, and short forms of what is used most.
  private static let habits: [String: CommandName] = [
    "close": .part, "j": .join, "leave": .part, "m": .msg, "n": .names, "q": .query,
    "quote": .raw, "wc": .part, "exit": .quit, "bye": .quit,
  ]

  private static let descriptions: [CommandName: (usage: String, help: String)] = [
    .away: ("[why]", "Tells who writes to you that you are away."),
    .back: ("", "Says that you are no longer away."),
    .ban: ("<nick or mask>", "Keeps somebody out; /mode -b takes it back."),
    .clear: ("", "Clears the screen, not the scrollback."),
    .help: ("[command]", "Lists the commands, or explains one."),
    .ignore: ("[nick or mask]", "Hides what somebody says; lists the hidden."),
    .invite: ("<nick> [room]", "Invites somebody into this room or another."),
    .join: ("<room>[,room] [key]", "Enters a room; a missing # is added."),
    .kick: ("<nick> [reason]", "Removes somebody from this room, if you may."),
    .lag: ("", "Measures the way to the server and back."),
    .list: ("[pattern]", "Lists the server's rooms."),
    .me: ("<what you do>", "Says what you do: /me waves."),
    .mode: ("[room or nick] [modes]", "Shows or changes modes: /mode +o ann."),
    .msg: ("<nick or room> <text>", "Says something elsewhere."),
    .names: ("[room]", "Lists who is in this room."),
    .nick: ("<new name>", "Changes your name."),
    .notice: ("<nick or room> <text>", "Like /msg, but no program answers it."),
    .part: ("[room] [why]", "Leaves a room, or closes a private talk."),
    .query: ("<nick> [text]", "Opens a private talk with somebody."),
    .quit: ("[why]", "Leaves the server and the program."),
    .raw: ("<line>", "Sends a line to the server as it is."),
    .resend: ("", "Says again what was not delivered here."),
    .room: ("[room or number]", "Goes to a room, or lists yours."),
    .save: ("", "Remembers server, name, rooms and the ignored."),
    .search: ("<text>", "Finds what was said in this room."),
    .topic: ("[text]", "Shows or sets what this room is about."),
    .unignore: ("<nick or mask>", "Shows again what somebody says."),
    .who: ("[room or mask]", "Lists people with what is known of each."),
    .whois: ("<nick>", "Tells what is known of somebody."),
  ]
}

/// Why a command was not understood. Nothing was sent.
enum CommandError: Error, Equatable {
  case unknown(String)
  case ambiguous(String, [CommandName])
  case missing(CommandName)

  var sentence: String {
    switch self {
    case .unknown(let text):
      "There is no command /\(SafeText.clean(text)). /help lists them; // sends a slash."
    case .ambiguous(let text, let matches):
      "/\(text) could be \(Sentence.list(matches.map { "/\($0.rawValue)" }, word: "or"))."
    case .missing(let name):
      "Write it like this: /\(name.rawValue) \(name.usage)"
    }
  }
}
