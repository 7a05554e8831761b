import HubbubRooms
import IRCWire

/// Looking at rooms: NAMES, LIST. (TOPIC and MODE look as well where they have nothing to set.)
let lookingCommands: [String: Command] = [
  "NAMES": Command(.registered, usage: "[<channel>{,<channel>}]") { $0.names($1.parameters) },
  "LIST": Command(.registered, usage: "[<channel | condition>{,<channel | condition>}]") {
    $0.list($1.parameters)
  },
]

extension Session {
  // MARK: TOPIC

  /// 331, or 332 and 333.
  func showTopic(of room: Room, asked name: String) {
    flush()
    let view = room.reservedView(by: memberSession)
    answer(in: view.reservation!) {
      sees(view) ? reply(view.topicReplies) : replyNoSuchChannel(name)
    }
  }

  // MARK: NAMES

  /// `NAMES [<channel>{,<channel>}]`
  fileprivate func names(_ parameters: [String]) {
    let names = (parameters.first ?? "").words()
    guard let first = names.first else { return reply(NamesAnswer.end(of: "*")) }
    guard names.count <= hub.limits.targetsPerCommand else {
      return reply(.tooManyTargets, [safe(first)], trailing: "Too many targets")
    }
    for name in names { showNames(of: name) }
  }

  /// 353 … and 366, together at one place in the order: who takes the list at its end has no JOIN
  /// or PART too many or too few.
  private func showNames(of name: String) {
    guard let room = hub.registry.room(named: name), maySee(room, with: "NAMES") else {
      return reply(NamesAnswer.end(of: safe(name)))
    }
    pace()
    flush()
    let view = room.reservedView(by: memberSession)
    charge(view.seats.count)
    answer(in: view.reservation!) {
      if sees(view) { reply(names(of: view).replies) }
      reply(NamesAnswer.end(of: safe(name)))
    }
  }

  /// Who is in the room, as this client reads it.
  func names(of view: Room.View) -> NamesAnswer {
    let form = NamesAnswer.Form(of: capabilities)
    return NamesAnswer(view, form, server: hub.serverName, hub.limits)
  }

  // MARK: LIST

  /// Each is looked at for every room.
  private static let listConditions = 16

  /// `LIST [<channel>{,<channel>}] [<condition>{,<condition>}]`
  ///
  /// Whole, unless there are more than a thousand rooms (`answerWhole`).
  fileprivate func list(_ parameters: [String]) {
    let filter = ListFilter(parameters.joined(separator: ","))
    guard filter.conditions <= Self.listConditions else {
      return reply(
        .tooManyTargets, ["LIST"],
        trailing: "LIST takes no more than \(Self.listConditions) conditions")
    }
    let rooms =
      filter.looksAtAll
      ? hub.registry.rooms
      : filter.names.uniqueNames().compactMap { hub.registry.room(named: $0) }
    charge(rooms.count)
    answerWhole(about: rooms.count) { list(rooms, filter) }
  }

  private func list(_ rooms: [Room], _ filter: ListFilter) {
    let now = Timestamp.now
    reply(.listStart, ["Channel"], trailing: "Users  Name")
    var secret = 0
    for room in rooms {
      if list(room, filter, now) { secret += 1 }
      // Without the room's view, whose seats hold places in its log.
      pace()
    }
    reply(.listEnd, trailing: "End of LIST")
    if secret > 0 { audit("LIST", ["result": "\(secret) secret rooms are shown"]) }
  }

  /// - Returns: whether it was shown though it is secret.
  private func list(_ room: Room, _ filter: ListFilter, _ now: Timestamp) -> Bool {
    let view = room.view(by: member)
    guard sees(view), filter.allows(ListFilter.Channel(view, now: now)) else { return false }
    reply(.list, [view.name, "\(view.seats.count)"], trailing: view.topic?.text ?? "")
    return !view.isVisible
  }
}

extension ListFilter.Channel {
  fileprivate init(_ view: Room.View, now: Timestamp) {
    func seconds(since time: Timestamp) -> Int {
      Int(max(0, now.milliseconds - time.milliseconds) / 1000)
    }
    self.init(
      name: view.name, users: view.seats.count,
      ageSeconds: seconds(since: view.room.createdAt),
      topicAgeSeconds: view.topic.map { seconds(since: $0.setAt) })
  }
}
