import HubbubRooms

// Which rooms a client may know of.

extension Session {
  /// The room called `name`, to be looked at by a command, or an answer that there is none.
  func shownRoom(_ name: String, to command: String) -> Room? {
    if let room = room(named: name), maySee(room, with: command) { return room }
    replyNoSuchChannel(name)
    return nil
  }

  /// Whether the client may look at a room with a command. A secret room is shown to those outside
  /// only where they operate the server, and that is written down.
  func maySee(_ room: Room, with command: String) -> Bool {
    if room.isVisible(to: member) { return true }
    guard isOperator else { return false }
    audit(command, ["channel": "\(room.name)", "result": "a secret room is shown"])
    return true
  }

  /// Whether the client may see what was looked up.
  func sees(_ view: Room.View) -> Bool { view.isVisible || isOperator }
}
