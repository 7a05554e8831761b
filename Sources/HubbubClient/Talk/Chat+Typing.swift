import IRCWire

extension Chat {
  /// A person pressed Enter.
  mutating func typed(_ line: String, now: Timestamp) {
    self.now = now
    let line = TypedLine(line)
    if line == .nothing { return turnPage() }
    nextHelpPage = nil
    switch line {
    case .nothing: break
    case .mistake(let error): fail(error.sentence)
    case .command(let name, let words): run(name, words)
    case .say(let text):
      guard let room = rooms.current else {
        fail("You are in no room: /join one, or /msg somebody.")
        return
      }
      say(text, to: room.name)
    }
  }

  /// Several lines at once, each a message: nothing in them is a command.
  ///
  /// - Parameter target: the room or the person they are for; nil: nobody.
  mutating func typed(lines: [String], to target: String?, now: Timestamp) {
    self.now = now
    let lines = lines.filter { !$0.allSatisfy(\.isWhitespace) }
    guard let target, rooms[target] != nil else {
      fail("You are in no room: nothing was sent.")
      return
    }
    guard link == .up || waiting.count + lines.count <= Self.waitingLimit else {
      let room = Self.waitingLimit - waiting.count
      fail(
        "Not connected: \(Sentence.count(lines.count, "line")) cannot be kept, only \(room) more. "
          + "Nothing of it was kept.")
      return
    }
    for line in lines { say(line, to: target) }
  }

  /// Says something, in as many messages as it takes; keeps it while there is no connection.
  mutating func say(_ text: String, to target: String, isAction: Bool = false) {
    let text = OutgoingText.clean(text)
    guard link == .up else {
      keep(text, for: target, kind: isAction ? .action : .message)
      return
    }
    if let room = rooms[target], !room.isJoined {
      // Where it is just being entered again the line follows; after a kick that is not meant.
      if room.isWanted { return keep(text, for: target, kind: isAction ? .action : .message) }
      let name = SafeText.clean(room.name)
      return fail("You are not in \(name): /join \(name). Nothing was sent; Up brings it back.")
    }
    for part in split(text, for: target, isAction: isAction) {
      let body = isAction ? "\u{1}ACTION \(part)\u{1}" : part
      let label = newLabel()
      guard send(Self.labeled("PRIVMSG", target, body, label)) else { return }
      shown(part, to: target, kind: isAction ? .action : .message, label)
    }
  }

  /// The same as a notice.
  mutating func sayNotice(_ text: String, to target: String) {
    let text = OutgoingText.clean(text)
    guard link == .up else { return keep(text, for: target, kind: .notice) }
    let label = newLabel()
    if send(Self.labeled("NOTICE", target, text, label)) {
      shown(text, to: target, kind: .notice, label)
    }
  }

  private static func labeled(
    _ command: String, _ target: String, _ text: String, _ label: String?
  ) -> Message {
    Message(tags: label.map { [Tag("label", $0)] } ?? [], command, target, text)
  }

  /// With echo-message the server sends it back, at its true place among the others'. Until then it
  /// is on its way.
  private mutating func shown(
    _ text: String, to target: String, kind: Entry.Kind, _ label: String?
  ) {
    toldDraft = nil
    if capabilities.contains("echo-message") {
      expectEcho(of: OwnLine(target: target, text: text, kind: kind, time: now, label: label))
    } else {
      addOwn(text, to: target, kind: kind)
    }
  }

  private mutating func keep(_ text: String, for target: String, kind: Entry.Kind) {
    guard waiting.count < Self.waitingLimit else {
      fail("Not connected, and \(Self.waitingLimit) lines wait already: this was not kept.")
      return
    }
    let index = rooms.index(of: target)
    let line = OwnLine(target: target, text: text, kind: kind, time: now)
    let shown = index == nil ? "to \(target): \(line.shownText)" : line.shownText
    waiting.append(line)
    add(
      Entry(time: now, kind: kind, author: nickname, text: shown, isOwn: true, isWaiting: true),
      to: index ?? rooms.currentIndex)
  }

  /// Shows what one has said oneself.
  mutating func addOwn(
    _ text: String, to target: String, kind: Entry.Kind, at time: Timestamp? = nil,
    id: String? = nil
  ) {
    let text = SecretRule.shown(text, to: target)
    let entry = Entry(
      time: time ?? now, kind: kind, author: nickname, text: text, isOwn: true, id: id)
    if let index = rooms.index(of: target) {
      add(entry, to: index)
      if index == rooms.currentIndex { return }
    }
    // Said elsewhere: a trace of it here, too, or one would not know that it went out.
    guard rooms.index(of: target) != rooms.currentIndex || rooms.currentIndex == nil else { return }
    inform("to \(SafeText.clean(target)): \(text)")
  }

  // MARK: Commands

  private mutating func run(_ name: CommandName, _ words: Words) {
    var words = words
    switch name {
    case .join, .part, .room, .names, .topic, .list, .invite, .kick, .ban, .mode, .cycle:
      runInRoom(name, &words)
    case .op, .deop, .voice, .devoice, .unban, .kickban: runRights(name, &words)
    case .msg, .notice, .query, .me, .ns, .cs:
      runTalk(name, &words)
    case .ctcp, .ping, .version: runPrograms(name, &words)
    case .connect, .disconnect, .reconnect, .oper, .motd: runServer(name, &words)
    case .history: showHistory(words.next())
    case .set: changeSetting(&words)
    case .nick: changeNickname(words.next()!)
    case .away: send("AWAY", words.text ?? "Away")
    case .back: send("AWAY")
    case .whois:
      // Twice, so that the server of that person answers: only it knows how long they are idle.
      let nickname = words.next()!
      send("WHOIS", nickname, nickname)
    case .who: send("WHO", words.next() ?? rooms.current?.name ?? "*")
    case .ignore: ignore(words.next())
    case .unignore: unignore(words.next()!)
    case .search: search(words.text!)
    case .lag:
      if link == .up { ping(isAsked: true) } else { fail("Not connected.") }
    case .raw: sendRaw(words.text!)
    case .clear:
      settlePresence()
      perform(.clear)
    case .help: help(words.next())
    case .save: save()
    case .resend: resend()
    case .quit: perform(.quit(words.text ?? ""))
    }
  }

  private mutating func changeNickname(_ new: String) {
    wantedNickname = new
    isNicknameAskedBySelf = false
    if link == .up {
      send("NICK", new)
    } else {
      inform("You will be \(SafeText.clean(new)) once the connection is back.")
    }
  }

  private mutating func sendRaw(_ line: String) {
    guard let message = try? Message(parsing: OutgoingText.clean(line)) else {
      // The parser's reasons are all one to a person: the line is no message.
      fail("That is not a line of the protocol; nothing was sent.")
      return
    }
    guard link == .up else {
      fail("Not connected: nothing was sent.")
      return
    }
    perform(.send(message))
  }

  private mutating func ignore(_ mask: String?) {
    guard let mask else {
      inform(
        settings.ignored.isEmpty
          ? "Nobody is ignored." : "Ignored: \(Sentence.list(settings.ignored)).")
      return
    }
    guard !settings.ignored.contains(mask) else { return }
    do throws(MaskFault) { _ = try IgnoreMask(mask) } catch {
      fail("\(SafeText.clean(error.description)).")
      return
    }
    settings.ignored.append(mask)
    inform("\(SafeText.clean(mask)) is ignored; /save remembers it, /unignore takes it back.")
  }

  private mutating func unignore(_ mask: String) {
    let count = settings.ignored.count
    settings.ignored.removeAll { $0.lowercased() == mask.lowercased() }
    if settings.ignored.count < count {
      inform("\(SafeText.clean(mask)) is heard again.")
    } else {
      fail("\(SafeText.clean(mask)) is not ignored.")
    }
  }

  private mutating func search(_ text: String) {
    guard let room = rooms.current else { return fail("You are in no room.") }
    if searchServer(text) { return }
    let wanted = text.lowercased()
    let found = room.entries.filter {
      $0.isSaid
        && ($0.text.lowercased().contains(wanted) || $0.author.lowercased().contains(wanted))
    }
    settlePresence()
    perform(
      .show(
        EntryRenderer.rule("\(Sentence.count(found.count, "line")) with “\(SafeText.clean(text))”"))
    )
    lastDayShown = nil
    for entry in found.suffix(50) { show(entry) }
    if !found.isEmpty { perform(.show(EntryRenderer.rule("end of the search"))) }
  }

  private mutating func save() {
    if settings.forServer(server) != settings {
      inform(
        "What the settings say to \(SafeText.clean(settings.server ?? "no server")) alone is "
          + "forgotten: its account, and commands on connect.")
      settings = settings.forServer(server)
    }
    settings.server = server
    settings.tls = trust
    settings.nickname = wantedNickname
    settings.rooms = rooms.all.filter { !$0.isPrivate }.map { .init(name: $0.name, key: $0.key) }
    perform(.save(settings))
  }
}
