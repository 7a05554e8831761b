import IRCWire

extension Chat {
  /// The server sent a message.
  mutating func receive(_ message: Message, now: Timestamp) {
    self.now = now
    lastHeard = now
    switch batches.take(message) {
    case .kept: return
    case .ended(let batch): return ended(batch)
    case .passed: break
    }
    if ["PRIVMSG", "NOTICE", "TAGMSG"].contains(message.command), hold(message) { return }
    if let label = message.tag("label") { heardLabel(label, message) }
    let time = message.tag("time").flatMap(Timestamp.init) ?? now
    switch message.command {
    case "PING": perform(.send(Message("PONG", message.parameters)))
    case "PONG": pong()
    case "PRIVMSG", "NOTICE": said(message, at: time)
    case "TAGMSG": heardTags(message, at: time)
    case "MARKREAD": heardMarker(message.parameters)
    case "JOIN", "PART", "QUIT", "KICK", "NICK": moved(message, at: time)
    case "TOPIC", "MODE", "INVITE": changed(message, at: time)
    case "FAIL", "WARN", "NOTE": standardReply(message)
    case "ERROR": break  // The reason is told when the connection ends.
    case "WALLOPS":
      inform("To all operators, from \(name(message)): \(message.parameters.last ?? "")")
    default:
      if let number = Int(message.command), message.command.utf8.count == 3 {
        numeric(number, message)
      }
    }
  }

  func isMe(_ name: String?) -> Bool {
    name.map { FoldedName($0) == FoldedName(nickname) } ?? false
  }

  private func name(_ message: Message) -> String {
    SafeText.clean(message.source?.name ?? server)
  }

  // MARK: Messages

  private mutating func said(_ message: Message, at time: Timestamp) {
    guard let source = message.source, message.parameters.count >= 2 else { return }
    let isOwn = isMe(source.name)
    if isOwn { learnAddress(source) }
    guard isOwn || !isIgnored(source) else { return }
    var text = message.parameters[1]
    var kind = message.command == "NOTICE" ? Entry.Kind.notice : .message
    if text.hasPrefix("\u{1}") {
      guard let action = Self.action(text), kind == .message else {
        heardProgram(text, source, isReply: message.command == "NOTICE")
        return
      }
      text = action
      kind = .action
    }
    // STATUSMSG: "@#room" is for the room's operators (Modern IRC).
    var target = message.parameters[0]
    if let first = target.first, supported["STATUSMSG"]?.contains(first) == true {
      target.removeFirst()
      text = "(to \(first)) " + text
    }
    stopsTyping(source.name)
    let id = message.tag("msgid")
    let place = isRoomName(target) || isOwn ? target : source.name
    let isEcho = isOwn && !(isMe(target) && !capabilities.contains("echo-message"))
    // Also where the history has shown it already: it has arrived.
    if isEcho { settle(text, to: target, kind: kind, label: message.tag("label")) }
    if let id, rooms[place]?.has(Entry(time: time, kind: kind, id: id)) == true { return }
    if isEcho {
      addOwn(text, to: target, kind: kind, at: time, id: id)
      return
    }
    var entry = Entry(time: time, kind: kind, author: source.name, text: text, id: id)
    entry.quote = quote(message, in: place)
    heard(entry, target, source)
  }

  private mutating func heard(_ entry: Entry, _ target: String, _ source: Source) {
    var entry = entry
    if isRoomName(target) {
      guard let index = rooms.index(of: target) else { return }
      entry.isMention = entry.kind != .notice && isCalled(in: entry.text)
      let room = rooms.all[index].name
      add(entry, to: index)
      if entry.isMention { alert(entry, room: room) }
    } else if entry.kind == .notice || source.user == nil {
      // Notices from services and servers open no talk.
      add(entry, to: rooms.index(of: source.name) ?? rooms.currentIndex)
    } else {
      rooms.open(Room(name: source.name, isPrivate: true))
      add(entry, to: rooms.index(of: source.name))
      if rooms.currentIndex == nil { goToRoom(at: 0) }
      alert(entry, room: source.name)
    }
  }

  private mutating func alert(_ entry: Entry, room: String) {
    perform(
      .alert(
        Alert(
          author: SafeText.clean(entry.author), room: SafeText.clean(room),
          text: FormattedText.plain(entry.text))))
  }

  /// `\u{1}ACTION waves\u{1}`; nil for other questions between programs.
  private static func action(_ text: String) -> String? {
    let prefix = "\u{1}ACTION "
    guard text.hasPrefix(prefix) else { return nil }
    let rest = text.dropFirst(prefix.count)
    return String(rest.hasSuffix("\u{1}") ? rest.dropLast() : rest)
  }

  /// Whether one's name, or a word that counts as it, is in the text.
  func isCalled(in text: String) -> Bool {
    ([nickname] + settings.highlights).contains { Self.mentions($0, in: text) }
  }

  /// Whether `name` stands in the text as a word of its own.
  static func mentions(_ name: String, in text: String) -> Bool {
    guard !name.isEmpty else { return false }
    let text = Array(FormattedText.plain(text).lowercased().utf8)
    let name = Array(name.lowercased().utf8)
    guard text.count >= name.count else { return false }
    return (0...text.count - name.count).contains { start in
      let end = start + name.count
      return text[start..<end].elementsEqual(name) && (start == 0 || !isWord(text[start - 1]))
        && (end == text.count || !isWord(text[end]))
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80 || byte == 0x5F
      || byte == 0x2D
  }

  func isIgnored(_ source: Source) -> Bool {
    settings.ignored.contains { text in
      // One that a settings file has and that is none ignores nobody.
      do throws(MaskFault) { return try IgnoreMask(text).matches(source) } catch { return false }
    }
  }

  mutating func learnAddress(_ source: Source) {
    if let user = source.user, let host = source.host { ownAddress = "\(user)@\(host)" }
  }

  private mutating func standardReply(_ message: Message) {
    let text = message.parameters.last ?? ""
    if message.command == "NOTE" { return inform(text) }
    // `FAIL PRIVMSG CODE context :words`: the context may be what was said to, and then that is
    // where it stands.
    let contexts = message.parameters.dropFirst(2).dropLast()
    if message.command == "FAIL", message.parameters.first == "CHATHISTORY",
      historyFailed(Array(contexts))
    {
      return
    }
    if message.command == "FAIL", ["PRIVMSG", "NOTICE"].contains(message.parameters.first) {
      for target in contexts { refuse(to: target) }
    }
    let place = contexts.compactMap { rooms.index(of: $0) }.first ?? rooms.currentIndex
    add(Entry(time: now, kind: .failure, text: text), to: place)
  }
}
