import HubbubRooms
import IRCWire

extension Session {
  /// `STATS f [<channel>]`, `STATS c`, `STATS u`, `STATS k` or `STATS o`
  ///
  /// `f`: how evenly a room is served, as the server sees it from inside: a line for the room, one
  /// for each member, and one for each connection that was ended lately. Words of `name=value`, so
  /// that programs can read them (`hubbub watch` does). For the room's operators, unless the
  /// statistics are open. Whole, unless it is about more than a thousand (`answerWhole`).
  func stats(_ parameters: [String]) {
    let query = String(parameters[0].prefix(1))
    answerWhole(about: statsSize(query, parameters)) {
      stats(query, parameters)
      reply(.endOfStats, [safe(query)], trailing: "End of STATS report")
    }
  }

  /// How many lines an answer may have.
  private func statsSize(_ query: String, _ parameters: [String]) -> Int {
    switch query {
    case "k", "K": hub.bans.all(at: .now).count
    case "f" where parameters.count > 1: room(named: parameters[1])?.memberCount ?? 0
    case "f": hub.registry.rooms.reduce(0) { $0 + $1.memberCount + 1 }
    default: 0
    }
  }

  private func stats(_ query: String, _ parameters: [String]) {
    switch query {
    case "f": statsFanOut(parameters)
    case "c": statsCluster()
    case "u": statsUptime()
    case "o": statsOperators()
    case "k", "K": statsBans()
    default: break
    }
  }

  /// 249 …: the nodes of the network, and for operators how this one keeps up with its log. In
  /// words of `name=value`, as for rooms; nothing where this server is alone.
  private func statsCluster() {
    guard let cluster = hub.cluster else { return }
    let status = cluster.node.status
    func say(_ text: String) { reply(.statsFanOut, ["c", "*"], trailing: text) }
    for node in status.nodes {
      say(
        "node number=\(node.node) name=\(node.name) self=\(node.isSelf ? 1 : 0)"
          + " version=\(node.version.replacing(" ", with: "_"))")
    }
    guard isOperator || hub.configuration.hasOpenStatistics else { return }
    say(
      "log revision=\(status.revision) entries=\(status.entries) actions=\(status.actions)"
        + " lagms=\(status.lagMilliseconds) waiting=\(status.waiting)"
        + " refused=\(status.refused)"
        + " snapshot=\(status.snapshot.map { "\($0)" } ?? "-")")
    // Where the engine is concerns nobody else.
    guard isOperator else { return say("engine up=\(status.trouble == nil ? 1 : 0)") }
    let trouble = status.trouble ?? status.snapshotTrouble
    say(
      "engine up=\(status.trouble == nil ? 1 : 0)"
        + " address=\(status.engine.replacing(" ", with: "_"))"
        + " trouble=\((trouble ?? "-").replacing(" ", with: "_"))")
  }

  /// 242
  private func statsUptime() {
    let seconds = (Timestamp.now.milliseconds - hub.startedAt.milliseconds) / 1000
    let (days, hours, minutes) = (seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    reply(
      .statsUptime,
      trailing: "Server Up \(days) days \(hours):\(two(minutes)):\(two(seconds % 60))")
  }

  /// 243 …, for operators: who may become one.
  private func statsOperators() {
    guard isOperating() else { return }
    for account in hub.configuration.operators {
      for host in account.hosts.isEmpty ? ["*@*"] : account.hosts {
        reply(.statsOperator, ["O", host, "*", account.name])
      }
    }
  }

  private func statsFanOut(_ parameters: [String]) {
    guard parameters.count > 1 else {
      let rooms = hub.registry.rooms
      charge(rooms.count)
      for room in rooms where maySeeInside(of: room) { showInside(of: room) }
      return
    }
    // An operator of the server sees inside of secret rooms as well.
    let isOperator = self.isOperator
    guard let room = isOperator ? room(named: parameters[1]) : knownRoom(parameters[1]) else {
      if isOperator { replyNoSuchChannel(parameters[1]) }
      return
    }
    guard maySeeInside(of: room) else { return replyRefusal(.operatorNeeded, room.name) }
    showInside(of: room)
  }

  private func maySeeInside(of room: Room) -> Bool {
    let view = room.view(by: member)
    if view.own?.status.contains(.operating) == true { return true }
    if isOperator {
      if !view.isVisible { noteFiguresShown(of: room) }
      return true
    }
    return hub.configuration.hasOpenStatistics && (view.own != nil || !view.modes.isSecret)
  }

  /// Writes down, once for each room, that an operator of the server sees a secret one: `hubbub
  /// watch` asks every second.
  private func noteFiguresShown(of room: Room) {
    guard secretsShown.insert(room.epoch).inserted else { return }
    audit("STATS", ["channel": "\(room.name)", "result": "a secret room is shown"])
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
        + " lagbytes=\(inside.maxLagBytes)")
    let seesAll = self.isOperator || room.isShared(by: self.member, and: self.member)
    for member in inside.members where seesAll || !member.isInvisible {
      replyInside(
        room,
        "member nick=\(member.nickname) lag=\(member.lagMessages) lagbytes=\(member.lagBytes)"
          + " position=\(Self.rounded(member.place.meanPosition)) "
          + "share=\(Self.rounded(member.share))"
          + " samples=\(member.place.samples) blocked=\(member.isBlocked ? 1 : 0)")
    }
    for end in hub.endings.recent
    where end.rooms.contains(room.epoch) && (seesAll || !end.isInvisible) {
      replyInside(
        room,
        "ended nick=\(end.nickname) seconds=\((Moment.now - end.moment) / 1000)"
          + " lagbytes=\(end.lagBytes) reason=\(end.reason)")
    }
  }

  private func replyInside(_ room: Room, _ text: String) {
    reply(.statsFanOut, ["f", room.name], trailing: text)
    pace()
  }

  private static func rounded(_ number: Double) -> String {
    "\((number * 1000).rounded() / 1000)"
  }
}
