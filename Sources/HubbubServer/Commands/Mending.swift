import HubbubRooms
import IRCWire

/// Mending rooms, for operators of the server: SAMODE.
let mendingCommands: [String: Command] = [
  "SAMODE": Command(
    .registered, parameters: 2, usage: "<channel> <modes> [<parameter>…]"
  ) { $0.mend($1.parameters) }
]

extension Session {
  /// `SAMODE <channel> <modes> [<parameter>…]`
  ///
  /// Changes a room's modes as the server, which gives a room without operators one again. The room
  /// sees it, and it is written down. MODE itself does no more for an operator of the server than
  /// for others.
  fileprivate func mend(_ parameters: [String]) {
    guard isOperating() else { return }
    let name = parameters[0]
    guard Names.isChannelLike(name), let room = hub.registry.room(named: name) else {
      return replyNoSuchChannel(name)
    }
    let asked = RoomModes.syntax.parse(parameters[1], parameters: Array(parameters.dropFirst(2)))
    audit(
      "SAMODE",
      ["channel": "\(room.name)", "asked": "\(parameters.dropFirst().joined(separator: " "))"])
    let requests = resolve(asked, room)
    guard !requests.isEmpty else { return }
    do throws(Refusal) {
      let outcome = try perform(
        .changeModes(
          requests, in: name, asServer: true, masksPerList: hub.limits.masksPerList))
      for refusal in outcome.refusals { replyRefusal(refusal, room.name) }
      guard case .modes(let changes, let room) = outcome.answer else { return }
      report(changes, of: room, hasRefusals: !outcome.refusals.isEmpty)
    } catch {
      replyNoSuchChannel(name)
    }
  }

  /// Writes down what was changed, and tells it an operator who is not in the room.
  private func report(_ changes: [ModeChange], of room: Room, hasRefusals: Bool) {
    let changes = ModeChange.encoded(changes).joined(separator: " ")
    guard !changes.isEmpty else {
      if !hasRefusals { notice("\(room.name) has these modes already.") }
      return
    }
    audit("SAMODE", ["channel": "\(room.name)", "changed": "\(changes)"])
    // Members have read it in the room.
    if !room.isShared(by: member, and: member) {
      notice("\(room.name) was told: MODE \(room.name) \(changes)")
    }
  }
}
