/// What can be typed behind a slash.
enum CommandName: String, CaseIterable, Sendable {
  case away, back, ban, clear, connect, cs, ctcp, cycle, deop, devoice, disconnect, help, history
  case ignore, invite, join, kick, kickban, lag, list, me, mode, motd, msg, names, nick, notice, ns
  case op, oper, part, ping, query, quit, raw, reconnect, resend, room, save, search, set, topic
  case unban, unignore, version, voice, who, whois

  /// What stands behind the name.
  var usage: String { Self.descriptions[self]!.usage }

  /// What it does, in one line or two.
  var help: String { Self.descriptions[self]!.help }

  /// How many words it needs at least.
  var minimumWords: Int {
    usage.count { $0 == "<" }
  }

  /// The command that `text` names, wholly or by a beginning: one that fits no other, or the most
  /// common of those that begin so.
  static func find(_ text: String) -> Result<CommandName, CommandError> {
    let text = text.lowercased()
    if let exact = CommandName(rawValue: text) ?? habits[text] { return .success(exact) }
    let matches = allCases.filter { $0.rawValue.hasPrefix(text) }
    if matches.count == 1 { return .success(matches[0]) }
    if !text.isEmpty, let usual = common.first(where: matches.contains) { return .success(usual) }
    return .failure(matches.isEmpty ? .unknown(text) : .ambiguous(text, matches))
  }

  /// Those that win over others with the same beginning. None of them does harm where it was not
  /// meant: what takes rights or bans somebody is spelled out.
  private static let common: [CommandName] = [
    .msg, .query, .names, .join, .part, .topic, .whois, .help, .nick, .away, .list, .invite,
    .search, .room, .history, .notice, .version, .kick, .mode,
  ]

  /// What fingers know from other clients, and short forms of what is used most.
  private static let habits: [String: CommandName] = [
    "bye": .quit, "chanserv": .cs, "close": .part, "describe": .me, "exit": .quit, "hop": .cycle,
    "j": .join, "leave": .part, "m": .msg, "n": .names, "nickserv": .ns, "nicks": .names,
    "q": .query, "quote": .raw, "server": .connect, "signoff": .quit, "w": .who, "wc": .part,
    "win": .room, "window": .room,
  ]

  private static let descriptions: [CommandName: (usage: String, help: String)] = [
    .away: ("[why]", "Tells who writes to you that you are away."),
    .back: ("", "Says that you are no longer away."),
    .ban: ("<nick or mask>", "Keeps somebody out; /unban takes it back."),
    .clear: ("", "Clears the screen, not the scrollback."),
    .connect: ("<server> [port] [password]", "Opens another server: host, irc:// or ircs://."),
    .cs: ("<text>", "Says something to ChanServ."),
    .ctcp: ("<nick> <question>", "Asks somebody's program: /ctcp ann version."),
    .cycle: ("[room]", "Leaves a room and enters it again."),
    .deop: ("[room] <nick> [nick]…", "Takes operators' rights away."),
    .devoice: ("[room] <nick> [nick]…", "Takes the voice away."),
    .disconnect: ("[why]", "Leaves the server; again: closes its rooms."),
    .help: ("[command or page]", "Lists the commands, or explains one."),
    .history: ("[lines]", "Shows what was said before all that you see."),
    .ignore: ("[nick or mask]", "Hides what somebody says; lists the hidden."),
    .invite: ("<nick> [room]", "Invites somebody into this room or another."),
    .join: ("<room>[,room] [key]", "Enters a room; a missing # is added."),
    .kick: ("[room] <nick> [reason]", "Removes somebody from this room, if you may."),
    .kickban: ("[room] <nick> [reason]", "Removes somebody and keeps them out."),
    .lag: ("", "Measures the way to the server and back."),
    .list: ("[pattern]", "Lists the server's rooms."),
    .me: ("<what you do>", "Says what you do: /me waves."),
    .mode: ("[room or nick] [modes]", "Shows or changes modes: /mode +o ann."),
    .motd: ("", "Shows the server's message of the day."),
    .msg: ("<nick or room> <text>", "Says something elsewhere."),
    .names: ("[room]", "Lists who is in this room."),
    .nick: ("<new name>", "Changes your name."),
    .notice: ("<nick or room> <text>", "Like /msg, but no program answers it."),
    .ns: ("<text>", "Says something to NickServ."),
    .op: ("[room] <nick> [nick]…", "Makes people operators of this room."),
    .oper: ("<name> <password>", "Makes you an operator of the server."),
    .part: ("[room] [why]", "Leaves a room, or closes a private talk."),
    .ping: ("[nick]", "Measures the way to somebody and back."),
    .query: ("<nick> [text]", "Opens a private talk with somebody."),
    .quit: ("[why]", "Leaves the server and the program."),
    .raw: ("<line>", "Sends a line to the server as it is."),
    .reconnect: ("", "Leaves the server and comes back."),
    .resend: ("", "Says again what was not delivered here."),
    .room: ("[room or number]", "Goes to a room, or lists yours."),
    .save: ("", "Remembers server, name, rooms and the ignored."),
    .search: ("<text>", "Finds what was said in this room."),
    .set: ("[setting] [value]", "Lists, explains, changes and saves settings."),
    .topic: ("[room] [text]", "Shows or sets what this room is about."),
    .unban: ("[room] <mask> [mask]…", "Takes a ban back."),
    .unignore: ("<nick or mask>", "Shows again what somebody says."),
    .version: ("[nick]", "Asks for a program's version, or the server's."),
    .voice: ("[room] <nick> [nick]…", "Lets people speak in a moderated room."),
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
    case .ambiguous("", _):
      "A command stands behind the slash: /help lists them; // sends a slash."
    case .ambiguous(let text, let matches):
      "/\(text) could be \(Sentence.list(matches.map { "/\($0.rawValue)" }, word: "or"))."
    case .missing(let name):
      "Write it like this: /\(name.rawValue) \(name.usage)"
    }
  }
}
