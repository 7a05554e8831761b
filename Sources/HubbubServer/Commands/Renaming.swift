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
      return failRenaming("CANNOT_RENAME", former, wanted, "No room can have this name")
    }
    var line = LineBuffer()
    let reason = parameters.count > 2 ? parameters[2] : ""
    line.append(source: source, "RENAME", [former, wanted], trailing: reason)
    let variant = Event.Variant(needs: .channelRename, line: line.bytes)
    flush()
    do throws(Refusal) {
      let renaming = try hub.registry.rename(room, to: wanted, variant, by: author, now: .now)
      take(renaming.receipt)
      for view in renaming.newcomers { move(view, from: renaming.formerName, reason) }
      forgetRooms()
      willDeliver(to: room)
    } catch {
      switch error {
      case .roomNameInUse:
        failRenaming("CHANNEL_NAME_IN_USE", former, wanted, "There is a room of this name")
      case .roomNameIsFixed:
        failRenaming("CANNOT_RENAME", former, wanted, "The settings name this room")
      default: replyRefusal(error, former)
      }
    }
  }

  /// Tells a member that knows no renaming that it left one room and came into another.
  ///
  /// "Server implementations MUST implement a fallback mechanism to inform clients that have not negotiated the
  /// draft/channel-rename capability" (IRCv3 draft/channel-rename).
  private func move(_ view: Room.View, from former: String, _ reason: String) {
    guard let reservation = view.reservation, let own = view.own else { return }
    let profile = own.member.profile
    var lines = LineBuffer()
    let why = reason.isEmpty ? "Renamed to \(view.room.name)" : reason
    lines.append(source: profile.source, "PART", [former], trailing: why)
    if profile.capabilities.contains(.extendedJoin) {
      lines.append(
        source: profile.source, "JOIN", [view.room.name, profile.account ?? "*"],
        trailing: profile.realName)
    } else {
      lines.append(source: profile.source, "JOIN", [view.room.name])
    }
    appendWelcome(to: view, profile, &lines)
    if profile.capabilities.contains(.bareTerminal) {
      var text: [UInt8] = []
      Rendition.appendText(of: lines.bytes, to: &text)
      own.member.outbox.fill(reservation, with: text)
    } else {
      own.member.outbox.fill(reservation, with: lines.bytes)
    }
    willDeliver(to: own.member)
  }

  /// Topic and names, as after every JOIN.
  private func appendWelcome(to view: Room.View, _ profile: Profile, _ lines: inout LineBuffer) {
    let (server, nickname, room) = (hub.serverName, profile.nickname, view.room.name)
    if let topic = view.topic {
      lines.append(
        source: server, Numeric.topic.code, [nickname, room], trailing: topic.text)
      let seconds = topic.setAt.milliseconds / 1000
      lines.append(
        source: server, Numeric.topicWhoTime.code, [nickname, room, topic.setBy, "\(seconds)"])
    }
    let names = NamesAnswer(view, readBy: nickname, profile.capabilities, server: server)
    for line in names.lines(bytes: hub.limits.lineBytes) {
      lines.append(
        source: server, Numeric.nameReply.code, [nickname, names.symbol, room], trailing: line)
    }
    lines.append(
      source: server, Numeric.endOfNames.code, [nickname, room], trailing: "End of NAMES list")
  }

  private func failRenaming(
    _ code: String, _ former: String, _ wanted: String, _ reason: String
  ) {
    reply("FAIL", ["RENAME", code, former, safe(wanted)], trailing: reason)
  }
}
