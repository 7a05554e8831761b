import IRCWire

/// Who may do what in a room.
extension Chat {
  mutating func runRights(_ name: CommandName, _ words: inout Words) {
    guard let room = room(&words) else { return }
    guard let first = words.next() else { return fail(CommandError.missing(name).sentence) }
    switch name {
    case .kickban:
      send("MODE", room, "+b", Self.completed(ban: first))
      send("KICK", room, first, words.text ?? nickname)
    case .unban:
      changeModes(room, "-b", [Self.completed(ban: first)] + rest(&words).map(Self.completed))
    case .op: changeModes(room, "+o", [first] + rest(&words))
    case .deop: changeModes(room, "-o", [first] + rest(&words))
    case .voice: changeModes(room, "+v", [first] + rest(&words))
    default: changeModes(room, "-v", [first] + rest(&words))
    }
  }

  private func rest(_ words: inout Words) -> [String] {
    var rest: [String] = []
    while let word = words.next() { rest.append(word) }
    return rest
  }

  /// `+ooo ann bob cem`: as many in a line as the server takes.
  private mutating func changeModes(_ room: String, _ mode: String, _ parameters: [String]) {
    // "If the value is not specified, there is no limit" (Modern IRC, "MODES Parameter"); without
    // the token, RFC 1459's 3.
    let limit = supported["MODES"].map { Int($0) ?? 12 } ?? 3
    var left = parameters[...]
    while !left.isEmpty {
      let part = left.prefix(max(1, min(limit, 12)))
      left = left.dropFirst(part.count)
      let modes = mode.prefix(1) + String(repeating: String(mode.suffix(1)), count: part.count)
      send(Message("MODE", [room, String(modes)] + part))
    }
  }
}
