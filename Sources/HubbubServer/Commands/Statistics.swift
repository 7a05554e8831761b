import HubbubRooms
import IRCWire

extension Session {
  /// `STATS f [<channel>]`
  ///
  /// How evenly a room is served, as the server sees it from inside: a line for the room, one for each
  /// member, and one for each connection that was ended lately. Words of `name=value`, so that programs
  /// can read them (`hubbub watch` does). For the room's operators, unless the statistics are open.
  func stats(_ parameters: [String]) {
    let query = String(parameters[0].prefix(1))
    defer { reply(.endOfStats, [safe(query)], trailing: "End of STATS report") }
    if query == "k" || query == "K" { return statsBans() }
    guard query == "f" else { return }
    guard parameters.count > 1 else {
      for room in hub.registry.rooms where maySeeInside(of: room) { showInside(of: room) }
      return
    }
    guard let room = hub.registry.room(named: parameters[1]) else {
      return reply(.noSuchChannel, [safe(parameters[1])], trailing: "No such channel")
    }
    guard maySeeInside(of: room) else { return replyRefusal(.operatorNeeded, room.name) }
    showInside(of: room)
  }

  private func maySeeInside(of room: Room) -> Bool {
    let view = room.view(by: member, isReserving: false)
    if view.own?.standing.contains(.operating) == true { return true }
    return hub.configuration.hasOpenStatistics && (view.own != nil || !view.modes.isSecret)
  }

  private func showInside(of room: Room) {
    let inside = room.inside()
    let record = inside.record
    func microseconds(_ share: Double) -> String {
      record.spread(atShare: share).map { "\(Int($0 / .microseconds(1)))" } ?? "-"
    }
    replyInside(
      room,
      "room members=\(inside.members.count) sequence=\(inside.sequence) samples=\(record.samples)"
        + " spread50us=\(microseconds(0.5)) spread99us=\(microseconds(0.99))"
        + " lagbytes=\(inside.greatestLagBytes)")
    for member in inside.members {
      let share = record.samples == 0 ? 0 : Double(member.place.authored) / Double(record.samples)
      replyInside(
        room,
        "member nick=\(member.nickname) lag=\(member.lagMessages) lagbytes=\(member.lagBytes)"
          + " position=\(Self.rounded(member.place.meanPosition)) share=\(Self.rounded(share))"
          + " samples=\(member.place.samples) blocked=\(member.isBlocked ? 1 : 0)")
    }
    for end in hub.endings.recent where end.rooms.contains(room.name) {
      replyInside(
        room,
        "ended nick=\(end.nickname) seconds=\((Moment.now - end.moment) / 1000)"
          + " lagbytes=\(end.lagBytes) reason=\(end.reason)")
    }
  }

  private func replyInside(_ room: Room, _ text: String) {
    reply(.statsFanOut, ["f", room.name], trailing: text)
  }

  private static func rounded(_ number: Double) -> String {
    "\((number * 1000).rounded() / 1000)"
  }
}
