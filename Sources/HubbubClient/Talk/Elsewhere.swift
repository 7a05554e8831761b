import IRCWire

/// What a chat knows of the other servers that a person talks to: their rooms are counted with its
/// own, and may have the same names.
struct Elsewhere: Equatable {
  struct Room: Equatable {
    /// Its number among all rooms of all servers, from 1.
    var number: Int
    var name: String
    var server: String
    var isPrivate: Bool
    var isJoined: Bool
    var unread: Int

    /// Whether some of that was to oneself.
    var isWanted: Bool
  }

  /// How many rooms are counted before the first of its own.
  var before = 0
  var rooms: [Room] = []

  /// The other servers, each with whether it is connected.
  var servers: [(name: String, isUp: Bool)] = []

  static func == (left: Elsewhere, right: Elsewhere) -> Bool {
    left.before == right.before && left.rooms == right.rooms
      && left.servers.elementsEqual(right.servers, by: ==)
  }

  /// The room that is called so, with its server behind a slash where somebody says it.
  func room(named name: String) -> Room? {
    let wanted = FoldedName(name)
    return rooms.first { room in
      [room.name, "\(room.name)/\(room.server)"].contains { text in
        FoldedName(text) == wanted || FoldedName(text) == FoldedName("#" + name)
      }
    }
  }

  /// Whether a room of another server has this name as well.
  func has(_ name: String) -> Bool {
    rooms.contains { FoldedName($0.name) == FoldedName(name) }
  }
}
