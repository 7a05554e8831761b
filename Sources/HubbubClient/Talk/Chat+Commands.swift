import IRCWire

extension Chat {
  /// The commands that are about a room.
  mutating func runInRoom(_ name: CommandName, _ words: inout Words) {
    switch name {
    case .join: joinRooms(&words)
    case .part: part(&words)
    case .room: showRoom(words.next())
    case .names:
      guard let room = room(&words) else { return }
      send("NAMES", room)
    case .topic:
      guard let room = room(&words) else { return }
      if let topic = words.text { send("TOPIC", room, topic) } else { send("TOPIC", room) }
    case .list:
      if let pattern = words.next() { send("LIST", pattern) } else { send("LIST") }
    case .invite:
      let nickname = words.next()!
      guard let room = room(&words) else { return }
      send("INVITE", nickname, room)
    case .kick:
      guard let room = room(&words), let nickname = words.next() else { return }
      send("KICK", room, nickname, words.text ?? self.nickname)
    case .cycle: cycle(&words)
    case .ban:
      guard let room = room(&words), let mask = words.next() else { return }
      send("MODE", room, "+b", Self.completed(ban: mask))
    default: changeMode(&words)
    }
  }

  /// A part of a mask with what is missing. What is none here may be one on this server, which says
  /// so if not.
  static func completed(ban text: String) -> String {
    do throws(MaskFault) { return try RoomMask(text, in: "b").description } catch { return text }
  }

  /// The commands that say something.
  mutating func runTalk(_ name: CommandName, _ words: inout Words) {
    switch name {
    case .me:
      guard let room = rooms.current else {
        fail("You are in no room.")
        return
      }
      guard let text = words.text else {
        fail(CommandError.missing(.me).sentence)
        return
      }
      say(text, to: room.name, isAction: true)
    case .query:
      let nickname = words.next()!
      openTalk(with: nickname)
      if let text = words.text { say(text, to: nickname) }
    case .ns, .cs: say(words.text!, to: name == .ns ? "NickServ" : "ChanServ")
    default:
      let target = words.next()!
      guard let text = words.text else { return }
      if name == .msg { return say(text, to: target) }
      sayNotice(text, to: target)
    }
  }

  mutating func join(_ name: String, key: String?) {
    wantedRooms.insert(FoldedName(name))
    if let key { send("JOIN", name, key) } else { send("JOIN", name) }
  }

  /// The room that the words begin with, or the one on the screen.
  mutating func room(_ words: inout Words) -> String? {
    if let first = words.first, isRoomName(first) { return words.next() }
    guard let room = rooms.current, !room.isPrivate else {
      fail("You are in no room: name one.")
      return nil
    }
    return room.name
  }

  private mutating func joinRooms(_ words: inout Words) {
    let names = words.next()!.split(separator: ",").map(String.init)
    let keys = words.next()?.split(separator: ",").map(String.init) ?? []
    for (index, name) in names.enumerated() {
      let name = isRoomName(name) ? name : "#" + name
      let key = keys.indices.contains(index) ? keys[index] : nil
      if let place = rooms.index(of: name), rooms.all[place].isJoined {
        goToRoom(at: place)
      } else {
        if let key { pendingKeys[FoldedName(name)] = key }
        join(name, key: key)
      }
    }
  }

  /// Leaves a room and enters it again, with its key; what it holds on the screen stays.
  private mutating func cycle(_ words: inout Words) {
    guard let name = room(&words) else { return }
    guard let room = rooms[name], room.isJoined else {
      return fail("You are not in \(SafeText.clean(name)).")
    }
    guard send("PART", room.name) else { return }
    cycled.insert(FoldedName(room.name))
    join(room.name, key: room.key)
  }

  private mutating func part(_ words: inout Words) {
    let named = words.first.flatMap { rooms.index(of: $0) }
    if named != nil { _ = words.next() }
    guard let index = named ?? rooms.currentIndex else {
      fail("You are in no room.")
      return
    }
    let room = rooms.all[index]
    if room.isPrivate || !room.isJoined {
      close(room.name)
    } else if let reason = words.text {
      send("PART", room.name, reason)
    } else {
      send("PART", room.name)
    }
  }

  /// Closes a room and shows the one that takes its place on the screen.
  mutating func close(_ name: String) {
    let wasCurrent = rooms.index(of: name) == rooms.currentIndex
    if wasCurrent { settlePresence() }
    rooms.close(name)
    if wasCurrent, let index = rooms.shownIndex { showAfterClosing(index) }
  }

  private mutating func showRoom(_ name: String?) {
    guard let name else {
      return listRooms()
    }
    if let number = Int(name) { return goToRoom(number: number) }
    let index =
      rooms.index(of: name) ?? rooms.index(of: "#" + name)
      ?? rooms.all.firstIndex {
        $0.name.lowercased().dropFirst($0.isPrivate ? 0 : 1).hasPrefix(name.lowercased())
      }
    guard let index else {
      if let other = elsewhere.room(named: name) { return perform(.goTo(number: other.number)) }
      fail("You are not in a room called \(SafeText.clean(name)); /join enters one.")
      return
    }
    goToRoom(at: index)
  }

  mutating func openTalk(with nickname: String) {
    guard !isRoomName(nickname) else {
      fail("\(SafeText.clean(nickname)) is a room: /join it.")
      return
    }
    rooms.open(Room(name: nickname, isPrivate: true))
    if let index = rooms.index(of: nickname) { goToRoom(at: index) }
  }

  private mutating func changeMode(_ words: inout Words) {
    var parameters: [String] = []
    if let first = words.first, !first.hasPrefix("+"), !first.hasPrefix("-") {
      parameters.append(words.next()!)
    } else if let room = rooms.current, !room.isPrivate {
      parameters.append(room.name)
    } else {
      parameters.append(nickname)
    }
    while let word = words.next() { parameters.append(word) }
    send(Message("MODE", parameters))
  }
}
