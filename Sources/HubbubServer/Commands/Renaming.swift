import HubbubRooms
import IRCWire

/// Other names for rooms: RENAME (IRCv3 draft/channel-rename).
let renamingCommands: [String: Command] = [
  "RENAME": Command(.registered, parameters: 2, usage: "<channel> <new name> [:<reason>]") {
    $0.rename($1.parameters)
  }
]

extension Session {
  /// `RENAME <channel> <new name> [:<reason>]`
  fileprivate func rename(_ parameters: [String]) {
    let wanted = parameters[1]
    guard let room = knownRoom(parameters[0]) else { return }
    let former = room.name
    guard Names.isChannel(wanted, limit: hub.limits.roomNameBytes) else {
      return failRenaming("CANNOT_RENAME", former, wanted, Self.impossibleName)
    }
    let reason = parameters.count > 2 ? parameters[2] : ""
    do throws(Refusal) {
      let outcome = try perform(.renameRoom(former, to: wanted, reason: reason))
      if case .renamed(let newcomers) = outcome.answer { show(newcomers) }
    } catch {
      switch error {
      // The name is taken, but nobody learns by whom.
      case .roomNameInUse where hub.registry.room(named: wanted)?.isVisible(to: member) == false:
        failRenaming("CANNOT_RENAME", former, wanted, Self.impossibleName)
      case .roomNameInUse:
        failRenaming("CHANNEL_NAME_IN_USE", former, wanted, "There is a room of this name")
      case .roomNameIsFixed:
        failRenaming("CANNOT_RENAME", former, wanted, "The settings name this room")
      case .tooManyNewcomers:
        failRenaming("CANNOT_RENAME", former, wanted, "Too many here know nothing of renaming")
      case .renamableLater(let seconds):
        failRenaming(
          "CANNOT_RENAME", former, wanted, "It was renamed just now; try again in \(seconds) s")
      default: replyRefusal(error, former)
      }
    }
  }

  private static let impossibleName = "No room can have this name"

  /// Tells sessions of the room into which they come by what this one does.
  func show(_ newcomers: [Room.Newcomer]) {
    hub.tell(newcomers)
    for newcomer in newcomers { willDeliver(to: newcomer.session.member) }
  }

  private func failRenaming(
    _ code: String, _ former: String, _ wanted: String, _ reason: String
  ) {
    reply("FAIL", ["RENAME", code, former, safe(wanted)], trailing: reason)
  }
}
