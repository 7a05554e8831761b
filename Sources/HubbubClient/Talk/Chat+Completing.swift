import IRCWire

extension Chat {
  /// What the last word of `text` could become: a command, a room, or a name.
  func completions(of text: String) -> CompletionOffer {
    let word = String(text.reversed().prefix { $0 != " " }.reversed())
    let isFirst = word.count == text.count
    if isFirst, word.hasPrefix("/"), !word.hasPrefix("//") { return commands(beginning: word) }
    guard !word.isEmpty else { return .none }
    let isArgument = text.hasPrefix("/") && !text.hasPrefix("//")
    if isRoomName(word) { return offer(word, rooms.all.filter { !$0.isPrivate }.map(\.name), " ") }
    if text.hasPrefix("/help ") {
      return offer(word, CommandName.allCases.map(\.rawValue), "")
    }
    if text.hasPrefix("/set "), text.dropFirst(5) == word {
      return offer(word, SettingName.allCases.map(\.rawValue), " ")
    }
    return offer(word, people, isFirst && !isArgument ? ": " : " ")
  }

  private func commands(beginning word: String) -> CompletionOffer {
    offer(word, CommandName.allCases.map { "/" + $0.rawValue }, " ")
  }

  /// Those who can be meant here: the latest speaker first, then all others by name.
  private var people: [String] {
    guard let room = rooms.current else { return rooms.all.filter(\.isPrivate).map(\.name) }
    let present = Set(room.members.keys)
    let speakers = room.speakers.filter { room.isPrivate || present.contains(FoldedName($0)) }
    let spoken = Set(speakers.map(FoldedName.init))
    var others = room.members.values.map(\.nickname)
    if room.isPrivate { others.append(room.name) }
    let silent = others.filter { !spoken.contains(FoldedName($0)) && !isMe($0) }
      .sorted { $0.lowercased() < $1.lowercased() }
    return speakers + silent
  }

  private func offer(_ word: String, _ choices: [String], _ suffix: String) -> CompletionOffer {
    let wanted = word.lowercased()
    // Names are inserted into the line: what a terminal must not see must not get there.
    let found = choices.filter { $0.lowercased().hasPrefix(wanted) && SafeText.clean($0) == $0 }
    return CompletionOffer(word: word, candidates: found, suffix: suffix)
  }
}
