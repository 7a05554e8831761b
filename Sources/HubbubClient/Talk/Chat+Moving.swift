import IRCWire

/// People who come, go and change, and the rooms that change with them.
extension Chat {
  mutating func moved(_ message: Message, at time: Timestamp) {
    guard let source = message.source else { return }
    let first = message.parameters.first ?? ""
    switch message.command {
    case "JOIN": joined(first, source, at: time)
    case "PART": left(first, source, reason: message.parameters.dropFirst().first ?? "", at: time)
    case "QUIT": quit(source, reason: first, at: time)
    case "KICK": kicked(message, by: source, at: time)
    default: renamed(source.name, to: first, at: time)
    }
  }

  private mutating func joined(_ name: String, _ source: Source, at time: Timestamp) {
    guard isMe(source.name) else {
      guard let index = rooms.index(of: name) else { return }
      rooms.update(index) { $0.enter(source.name) }
      note(.joined(source.name), in: index, at: time)
      return
    }
    learnAddress(source)
    rooms.open(Room(name: name))
    guard let index = rooms.index(of: name) else { return }
    let key = pendingKeys.removeValue(forKey: FoldedName(name))
    let isNew = rooms.all[index].entries.isEmpty
    rooms.update(index) { room in
      room.name = name
      room.key = key ?? room.key
      room.isJoined = true
      room.isWanted = true
      room.greets = true
      room.forgetMembers()
      room.dropWaiting()
    }
    let isWanted = wantedRooms.remove(FoldedName(name)) != nil
    if rooms.currentIndex == nil || (isWanted && isNew && !isStarting) { goToRoom(at: index) }
    isStarting = isStarting && !wantedRooms.isEmpty
    askForHistory(of: name)
    sendWaiting(to: name)
  }

  private mutating func left(
    _ name: String, _ source: Source, reason: String, at time: Timestamp
  ) {
    guard let index = rooms.index(of: name) else { return }
    if isMe(source.name), cycled.remove(FoldedName(name)) != nil {
      rooms.update(index) { room in
        room.isJoined = false
        room.forgetMembers()
      }
    } else if isMe(source.name) {
      close(name)
      inform("You left \(SafeText.clean(name)).")
    } else if rooms.update(index, { $0.remove(source.name) }) {
      note(.left(source.name, reason: reason), in: index, at: time)
    }
  }

  private mutating func quit(_ source: Source, reason: String, at time: Timestamp) {
    for index in rooms.all.indices where rooms.update(index, { $0.remove(source.name) }) {
      note(.left(source.name, reason: reason), in: index, at: time)
    }
    if let index = rooms.index(of: source.name), rooms.all[index].isPrivate {
      note(.left(source.name, reason: reason), in: index, at: time)
    }
    wantedNameMayBeFree(source.name)
  }

  private mutating func renamed(_ old: String, to new: String, at time: Timestamp) {
    let isOwn = isMe(old)
    for index in rooms.all.indices where rooms.update(index, { $0.rename(old, to: new) }) {
      if !isOwn { note(.renamed(from: old, to: new), in: index, at: time) }
    }
    if isOwn {
      nickname = new
      inform("You are now \(SafeText.clean(new)).")
    } else {
      followTalk(from: old, to: new)
      wantedNameMayBeFree(old)
    }
  }

  /// A private talk goes on under the new name.
  private mutating func followTalk(from old: String, to new: String) {
    guard let index = rooms.index(of: old), rooms.all[index].isPrivate, rooms[new] == nil else {
      return
    }
    rooms.update(index) { $0.name = new }
  }

  private mutating func wantedNameMayBeFree(_ name: String) {
    guard nickname != wantedNickname, FoldedName(name) == FoldedName(wantedNickname) else { return }
    isNicknameAskedBySelf = true
    send("NICK", wantedNickname)
  }

  private mutating func kicked(_ message: Message, by source: Source, at time: Timestamp) {
    guard message.parameters.count >= 2, let index = rooms.index(of: message.parameters[0]) else {
      return
    }
    let (who, reason) = (message.parameters[1], message.parameters.dropFirst(2).first ?? "")
    rooms.update(index) { _ = $0.remove(who) }
    let by = SafeText.clean(source.name)
    let why = reason.isEmpty || reason == source.name ? "" : ": \(reason)"
    if isMe(who) {
      rooms.update(index) { room in
        room.isJoined = false
        room.isWanted = false
        room.forgetMembers()
      }
      let text = "\(by) removed you from this room\(why)"
      add(Entry(time: time, kind: .failure, text: text, isMention: true), to: index)
      let room = SafeText.clean(rooms.all[index].name)
      perform(.alert(Alert(author: by, room: room, text: FormattedText.plain(text))))
    } else {
      let text = "\(by) removed \(SafeText.clean(who)) from this room\(why)"
      add(Entry(time: time, kind: .information, text: text), to: index)
    }
  }

  mutating func note(_ change: Presence.Change, in index: Int, at time: Timestamp) {
    let presence = Presence(change)
    switch settings.value(of: .presence) {
    case "none": break
    case "all": add(Entry(time: time, kind: .information, text: presence.sentence), to: index)
    default: add(Entry(time: time, kind: .presence(presence)), to: index)
    }
  }

  // MARK: What a room or a person is like

  mutating func changed(_ message: Message, at time: Timestamp) {
    let by = SafeText.clean(message.source?.name ?? server)
    let first = message.parameters.first ?? ""
    switch message.command {
    case "INVITE":
      guard let room = message.parameters.dropFirst().first, let source = message.source,
        !isIgnored(source)
      else { return }
      inform(
        "\(by) invites \(isMe(first) ? "you" : SafeText.clean(first)) into \(SafeText.clean(room))."
      )
    case "TOPIC":
      guard let index = rooms.index(of: first) else { return }
      let topic = message.parameters.dropFirst().first ?? ""
      rooms.update(index) { $0.topic = topic }
      let text = topic.isEmpty ? "\(by) removed the topic" : "\(by) set the topic: \(topic)"
      add(Entry(time: time, kind: .information, text: text), to: index)
    default: modeChanged(message, by: by, at: time)
    }
  }

  private mutating func modeChanged(_ message: Message, by: String, at time: Timestamp) {
    guard let target = message.parameters.first, message.parameters.count > 1 else { return }
    let modes = message.parameters.dropFirst().joined(separator: " ")
    guard let index = rooms.index(of: target) else {
      if isMe(target) { inform("Your modes: \(modes)") }
      return
    }
    let syntax = modeSyntax
    for case .change(let change) in syntax.parse(
      message.parameters[1], parameters: Array(message.parameters.dropFirst(2)))
    {
      guard let nickname = change.parameter,
        let prefix = syntax.prefixes.first(where: { $0.mode == change.mode })?.prefix
      else { continue }
      rooms.update(index) { $0.setPrefix(prefix, of: nickname, isOn: change.isAdding) }
    }
    add(Entry(time: time, kind: .information, text: "\(by) set mode \(modes)"), to: index)
  }

  /// What the server said of its modes in 005.
  private var modeSyntax: ModeSyntax {
    let token = supported["PREFIX"] ?? "(ov)@+"
    let halves = token.dropFirst().split(separator: ")", maxSplits: 1)
    let kinds = (supported["CHANMODES"] ?? "beI,k,l,imnst")
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    func kind(_ index: Int) -> String { kinds.indices.contains(index) ? kinds[index] : "" }
    return ModeSyntax(
      lists: kind(0), always: kind(1), whenSet: kind(2), flags: kind(3),
      prefixes: halves.count == 2 ? zip(halves[0], halves[1]).map { (mode: $0, prefix: $1) } : [])
  }

  var memberPrefixes: String { String(modeSyntax.prefixes.map(\.prefix)) }
}
