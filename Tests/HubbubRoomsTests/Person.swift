import HubbubLog
import HubbubRooms
import IRCWire

/// A member with an outlet that can be looked at, and the few things that tests do with it.
struct Person: Sendable {
  let member: Member
  let outlet: RecordingOutlet
  let registry: Registry

  init(
    _ id: MemberID, _ nickname: String, in registry: Registry, room: Int = .max,
    lagLimitBytes: Int = 1 << 20, capabilities: Capability = [.messageTags, .echoMessage],
    few: Int = 24
  ) throws(Refusal) {
    outlet = RecordingOutlet(room: room)
    let outbox = Outbox(
      reader: id, clock: registry.clock, outlet: outlet, lagLimitBytes: lagLimitBytes,
      few: few)
    member = Member(
      id: id, outbox: outbox,
      profile: Profile(host: "host", signedOn: Timestamp(milliseconds: 0)))
    self.registry = registry
    _ = try registry.rename(author, to: nickname, now: now)
    for watcher in try registry.completeRegistration(of: member) { watcher.outbox.deliver() }
    registry.setCapabilities(capabilities, of: member)
  }

  var now: Timestamp { Timestamp(milliseconds: 1000) }
  var nickname: String { member.profile.nickname }
  var author: Author { Author(member, source: member.profile.source) }

  @discardableResult
  func join(_ room: String) throws(Refusal) -> Room {
    let view = try registry.join(author, roomNamed: room, key: nil, now: now)
    var names = LineBuffer()
    names.append(source: "server", "353", view.seats.map(\.nickname))
    member.outbox.fill(view.reservation!, with: names.bytes)
    view.room.deliver()
    return view.room
  }

  func say(_ text: String, in room: Room) throws(Refusal) {
    _ = try room.speak(event("PRIVMSG", [room.name], text), by: author, now: now)
    room.deliver()
  }

  func part(_ room: Room) throws(Refusal) {
    _ = try registry.part(author, from: room, reason: nil, now: now)
    room.deliver()
    member.outbox.deliver()
  }

  /// Sets a mode, as in "+i", or adds a mask to a list, as in "+b *!*@*".
  func set(_ words: String, in room: Room) throws(Refusal) {
    let text = words.split(separator: " ").dropFirst().first.map(String.init)
    let change = ModeChange(isAdding: true, words[words.index(after: words.startIndex)], text)
    let mask = text.map { try! RoomMask($0, in: change.mode) }
    _ = try room.changeModes(
      [mask.map { .list(change, $0) } ?? .room(change)], by: author, masksPerList: 10, now: now)
  }

  /// Comes to a room, says something, and leaves it. Nothing is delivered.
  func visit(_ name: String) throws(Refusal) {
    let view = try registry.join(author, roomNamed: name, key: nil, now: now)
    member.outbox.fill(view.reservation!, with: [])
    _ = try view.room.speak(
      event("PRIVMSG", [name], "hello", echo: .never), by: author, now: now)
    _ = try registry.part(author, from: view.room, reason: nil, now: now)
  }

  func kick(_ target: Person, from room: Room) throws(Refusal) {
    _ = try registry.kick(target.member, from: room, by: author, comment: "out", now: now)
    room.deliver()
    target.member.outbox.deliver()
  }

  func rename(to nickname: String) throws(Refusal) {
    let announcement = try registry.rename(
      author, to: nickname, now: now)
    if let receipt = announcement.receipt {
      let rendition = Rendition(of: member.profile.capabilities)
      member.outbox.fill(receipt.reservation, with: receipt.bytes(as: rendition))
      member.outbox.deliver()
    }
    for room in announcement.rooms { room.deliver() }
    for watcher in announcement.watchers { watcher.outbox.deliver() }
  }

  /// Ends as a client's thread ends it: out of all rooms, then the baton.
  func quit() {
    let farewell = registry.quit(member, reason: "bye", now: now)
    for room in farewell.rooms { room.deliver() }
    for watcher in farewell.watchers { watcher.outbox.deliver() }
    member.outbox.retire()
  }

  private func event(
    _ command: String, _ middle: [String], _ trailing: String? = nil,
    echo: Event.Echo = .onRequest
  ) -> Event {
    let line = Self.line(author.source, command, middle, trailing)
    return Event(author: member.id, echo: echo, line: line)
  }

  private static func line(
    _ source: String, _ command: String, _ middle: [String], _ trailing: String? = nil
  ) -> [UInt8] {
    var line = LineBuffer()
    line.append(source: source, command, middle, trailing: trailing)
    return line.bytes
  }
}

extension Registry {
  /// A registry with limits that no test meets by accident.
  static func forTests(roomsPerMember: Int = 100, membersPerRoom: Int = 1000) -> Registry {
    Registry(
      limits: Limits(roomsPerMember: roomsPerMember, membersPerRoom: membersPerRoom),
      startedAt: Timestamp(milliseconds: 1), serverName: "server")
  }
}
