import HubbubRooms
import IRCWire

// What a command is answered that does not find its target, or may not do what it asks for.

extension Session {
  /// The room called `name`, to do something in it, or an answer that there is none: to those
  /// outside of it, a secret room is none.
  func knownRoom(_ name: String) -> Room? {
    if let room = room(named: name), room.isVisible(to: member) { return room }
    replyNoSuchChannel(name)
    return nil
  }

  /// 403
  func replyNoSuchChannel(_ name: String) {
    reply(.noSuchChannel, [safe(name)], trailing: "No such channel")
  }

  /// 401
  func replyNoSuchNick(_ name: String) {
    reply(.noSuchNick, [safe(name)], trailing: "No such nick")
  }

  /// A room's refusal in the protocol's words.
  func replyRefusal(_ refusal: Refusal, _ room: String) {
    if let answer = refusal.answer(about: safe(room), safe: safe) { reply(answer) }
  }

  /// A room's name as the room writes it, where the client may know of it; else as it was asked
  /// for.
  func shownName(of asked: String) -> String {
    guard let room = room(named: asked), room.isVisible(to: member) else { return asked }
    return room.name
  }
}
