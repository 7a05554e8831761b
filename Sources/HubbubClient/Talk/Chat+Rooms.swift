import IRCWire

extension Chat {
  /// How many entries that were read before are shown again above the unread line.
  private static let contextCount = 5

  /// Goes to the room with this number, from 1.
  mutating func goToRoom(number: Int) {
    let index = number - 1 - elsewhere.before
    if rooms.all.indices.contains(index) { return goToRoom(at: index) }
    guard elsewhere.rooms.contains(where: { $0.number == number }) else {
      return fail("There is no room \(number); /room lists yours.")
    }
    perform(.goTo(number: number))
  }

  /// Puts a room onto the screen with what was said there meanwhile.
  mutating func goToRoom(at index: Int) {
    guard index != rooms.currentIndex else { return }
    // With a server that is not on the screen it comes there later.
    guard rooms.isOnScreen else { return rooms.choose(index) }
    settlePresence()
    appear(index)
  }

  /// Comes onto the screen, in the place of another server.
  mutating func comeOnScreen() {
    rooms.isOnScreen = true
    if let index = rooms.currentIndex { return appear(index) }
    perform(
      .show(
        StyledText("── ", .dim) + StyledText(SafeText.clean(server), .bold)
          + StyledText(" ──", .dim)))
  }

  /// Another server's comes onto the screen.
  mutating func leaveScreen() {
    settlePresence()
    rooms.isOnScreen = false
  }

  /// The room at `index` took the place of one that was closed.
  mutating func showAfterClosing(_ index: Int) { appear(index) }

  private mutating func appear(_ index: Int) {
    let room = rooms.all[index]
    rooms.show(index)
    defer { tellMarker() }
    perform(.show(title(room)))
    let unseen = room.entries.suffix(room.unseen)
    let seen = room.entries.dropLast(room.unseen).suffix(Self.contextCount)
    lastDayShown = nil
    for entry in seen { show(entry) }
    let firstUnread = room.unread > 0 ? unseen.firstIndex(where: \.isNews) : nil
    for index in unseen.indices {
      if index == firstUnread { perform(.show(EntryRenderer.rule("unread"))) }
      show(unseen[index])
    }
  }

  private func title(_ room: Room) -> StyledText {
    let name =
      StyledText(room.isPrivate ? "Talk with " : "", .dim)
      + StyledText(shownName(of: room), .bold)
    let topic =
      room.topic.isEmpty ? StyledText() : StyledText(": ") + FormattedText.styled(room.topic)
    return StyledText("── ", .dim) + name + topic + StyledText(" ──", .dim)
  }

  /// What fits on the screen of the room's last entries, for Ctrl-L.
  mutating func showAgain(rows: Int) {
    settlePresence()
    perform(.clear)
    lastDayShown = nil
    for entry in rooms.current?.entries.suffix(max(1, rows)) ?? [] { show(entry) }
  }

  /// `#lobby [#dev 3, @ann 1]> `, with what is wrong before it.
  var prompt: StyledText {
    var prompt = StyledText()
    switch link {
    case .up: break
    case .connecting: prompt.append("(connecting) ", .dim)
    case .down, .parked: prompt.append("(offline) ", .failure)
    }
    if let room = rooms.current, hasRoomForName {
      let prefix = room.members[FoldedName(nickname)]?.prefixes.prefix(1) ?? ""
      prompt.append(SafeText.clean(prefix + nickname) + " ", .dim)
    }
    if isAway { prompt.append("(away) ", .dim) }
    if let room = rooms.current {
      prompt.append((room.isPrivate ? "@" : "") + shownName(of: room), .bold)
      if !room.isJoined, link == .up { prompt.append(" (not in it)", .failure) }
      if let typing, columns >= 60 { prompt.append(" (\(typing))", .dim) }
    } else {
      prompt.append(SafeText.clean(nickname), .bold)
    }
    let waiting = roomsThatWait
    if !waiting.isEmpty {
      prompt.append(" [")
      for (index, item) in waiting.prefix(5).enumerated() {
        prompt.append(index > 0 ? ", " : "")
        prompt.append(item.text, item.isWanted ? Style(color: 1, isBold: true) : .plain)
      }
      prompt.append(waiting.count > 5 ? ", …]" : "]")
    }
    prompt.append("> ")
    return prompt
  }

  /// Whether one's own name leaves enough room in the prompt to type.
  private var hasRoomForName: Bool {
    let name = rooms.current.map { CellWidth.of($0.name) } ?? 0
    return settings.isOn(.promptNick) && columns >= 3 * (CellWidth.of(nickname) + name + 3)
      && columns >= 50
  }

  /// What stands above the prompt as long as `text` is in it.
  func notes(for text: String) -> [StyledText] {
    var notes = (openPresence.map { [$0] } ?? []) + deliveryNotes
    // Only long texts can need several lines; short ones are the many.
    if text.utf8.count > 300, case .say(let said) = TypedLine(text), let room = rooms.current {
      let parts = split(said, for: room.name)
      if parts.count > 1 {
        notes.append(
          StyledText("This is long: it will be sent as \(parts.count) messages.", .dim))
      }
    }
    return notes
  }

  /// The parts in which a text goes to `target`.
  func split(_ text: String, for target: String, isAction: Bool = false) -> [String] {
    // ":nick!user@host PRIVMSG target :text\r\n"; RFC 2812 allows a host of 63 and a user of 10
    // bytes.
    let address = ownAddress?.utf8.count ?? 10 + 1 + 63
    let overhead = 1 + nickname.utf8.count + 1 + address + 9 + target.utf8.count + 2 + 2
    return MessageSplitter.split(
      text, limitBytes: max(50, 512 - overhead - (isAction ? 9 : 0)))
  }
}
