import IRCWire

// Several servers: each has a chat of its own, of which one is on the screen.

extension Chat {
  /// A room's name, safe to show, with its server where another one has such a room.
  func shownName(of room: Room) -> String {
    SafeText.clean(elsewhere.has(room.name) ? "\(room.name)/\(server)" : room.name)
  }

  /// What waits that is not on the screen, of all servers: `#dev 3`, `@ann 1`, in the rooms' order;
  /// and servers that are gone.
  var roomsThatWait: [(text: String, isWanted: Bool)] {
    var waiting: [(number: Int, text: String, isWanted: Bool)] = []
    for (index, room) in rooms.all.enumerated() where index != rooms.shownIndex && room.unread > 0 {
      let name = (room.isPrivate ? "@" : "") + shownName(of: room)
      waiting.append(
        (elsewhere.before + index + 1, "\(name) \(room.unread)", room.mentions > 0))
    }
    for room in elsewhere.rooms where room.unread > 0 {
      let name = (room.isPrivate ? "@" : "") + shownName(of: room)
      waiting.append((room.number, "\(name) \(room.unread)", room.isWanted))
    }
    let offline = elsewhere.servers.filter { !$0.isUp }
      .map { (text: "\(SafeText.clean($0.name)) offline", isWanted: true) }
    return waiting.sorted { $0.number < $1.number }.map { ($0.text, $0.isWanted) } + offline
  }

  private func shownName(of room: Elsewhere.Room) -> String {
    let isShared =
      rooms[room.name] != nil || elsewhere.rooms.count { $0.name == room.name } > 1
    return SafeText.clean(isShared ? "\(room.name)/\(room.server)" : room.name)
  }

  /// `/room`: all that are open, with their numbers.
  mutating func listRooms() {
    var lines: [(number: Int, text: String)] = []
    for (index, room) in rooms.all.enumerated() {
      let here = index == rooms.shownIndex ? ", on the screen" : ""
      lines.append(
        (
          elsewhere.before + index + 1,
          Self.line(shownName(of: room) + here, room.isJoined, room.unread)
        ))
    }
    for room in elsewhere.rooms {
      let name = "\(shownName(of: room)) on \(SafeText.clean(room.server))"
      lines.append((room.number, Self.line(name, room.isJoined, room.unread)))
    }
    if lines.isEmpty { inform("You are in no room.") }
    for line in lines.sorted(by: { $0.number < $1.number }) {
      inform("\(line.number): \(line.text)")
    }
    for other in elsewhere.servers {
      let state = other.isUp ? "connected" : "offline"
      inform("\(SafeText.clean(other.name)): \(state)")
    }
  }

  private static func line(_ name: String, _ isJoined: Bool, _ unread: Int) -> String {
    name + (isJoined ? "" : ", you are not in it") + (unread > 0 ? ", \(unread) unread" : "")
  }

  /// What others are to know of it; its rooms are counted from `first` on.
  func described(from first: Int) -> [Elsewhere.Room] {
    rooms.all.enumerated().map { index, room in
      Elsewhere.Room(
        number: first + index, name: room.name, server: server, isPrivate: room.isPrivate,
        isJoined: room.isJoined, unread: room.unread, isWanted: room.mentions > 0)
    }
  }
}
