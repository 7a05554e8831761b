import IRCWire

/// Replies, reactions, and who is typing: client tags (IRCv3 message-tags).
extension Chat {
  /// A reaction or a hint that somebody types.
  mutating func heardTags(_ message: Message, at time: Timestamp) {
    guard let source = message.source, let target = message.parameters.first,
      isMe(source.name) || !isIgnored(source)
    else { return }
    let place = isRoomName(target) || isMe(source.name) ? target : source.name
    if let state = message.tag("+typing") { heardTyping(state, source.name, in: place) }
    guard let reaction = message.tag("+draft/react") ?? message.tag("+react"), !reaction.isEmpty,
      let index = rooms.index(of: place)
    else { return }
    let who = isMe(source.name) ? "You react" : "\(SafeText.clean(source.name)) reacts"
    let about = quote(message, in: place).map { " to \($0)" } ?? ""
    let text = "\(who) with \(FormattedText.plain(String(reaction.prefix(40))))\(about)"
    add(Entry(time: time, kind: .information, text: text), to: index)
  }

  /// What a message answers: `ann: “the first words…”`; nil for none that is known here.
  func quote(_ message: Message, in place: String) -> String? {
    guard let id = message.tag("+draft/reply") ?? message.tag("+reply"),
      let entry = rooms[place]?.entries.last(where: { $0.id == id })
    else { return nil }
    let text = FormattedText.plain(entry.text)
    let words = text.count > 30 ? text.prefix(29) + "…" : text[...]
    return "\(SafeText.clean(entry.author)): “\(words)”"
  }

  // MARK: Typing

  /// "clients should … assume a user is no longer typing … at least 6 seconds … since the last
  /// active" and 30 seconds since they paused (IRCv3 typing).
  private mutating func heardTyping(_ state: String, _ nickname: String, in place: String) {
    guard !isMe(nickname) else { return }
    stopsTyping(nickname)
    let seconds: Int64
    switch state {
    case "active": seconds = 6
    case "paused": seconds = 30
    default: return
    }
    guard typers.count < 100 else { return }
    typers.append(
      Typer(
        nickname: nickname, place: place,
        until: Timestamp(milliseconds: now.milliseconds + seconds * 1000)))
  }

  mutating func stopsTyping(_ nickname: String) {
    typers.removeAll { FoldedName($0.nickname) == FoldedName(nickname) }
  }

  /// Somebody who types.
  struct Typer: Equatable {
    var nickname: String
    var place: String
    var until: Timestamp
  }

  /// `ann types`, `ann and bob type`; nil for nobody in the room on the screen.
  var typing: String? {
    guard let room = rooms.current else { return nil }
    let names = typers.filter { FoldedName($0.place) == FoldedName(room.name) && $0.until > now }
      .map { SafeText.clean($0.nickname) }
    switch names.count {
    case 0: return nil
    case 1: return "\(names[0]) types"
    case 2: return "\(names[0]) and \(names[1]) type"
    default: return "\(names.count) people type"
    }
  }

  /// Tells others that one types, where that is wanted: at most every three seconds, and nothing of
  /// a command.
  mutating func typing(_ draft: String, now: Timestamp) {
    guard settings.isOn(.typing), capabilities.contains("message-tags"), link == .up,
      let room = rooms.current, room.isJoined
    else { return }
    self.now = now
    let isText = !draft.isEmpty && (!draft.hasPrefix("/") || draft.hasPrefix("//"))
    if isText, draft != toldDraft?.text {
      if let told = toldDraft, told.room == room.name,
        now.milliseconds - told.at.milliseconds < 3000
      {
        return
      }
      toldDraft = (room.name, draft, now)
      send(Message(tags: [Tag("+typing", "active")], "TAGMSG", [room.name]))
    } else if draft.isEmpty, let told = toldDraft {
      toldDraft = nil
      guard rooms[told.room]?.isJoined == true else { return }
      send(Message(tags: [Tag("+typing", "done")], "TAGMSG", [told.room]))
    }
  }
}
