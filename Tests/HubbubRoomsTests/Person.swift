import HubbubRooms
import IRCWire

/// A member with an outlet that can be looked at, and the few things that tests do with it.
struct Person: Sendable {
  let member: Member
  let outlet: RecordingOutlet
  let registry: Registry

  init(
    _ id: MemberID, _ nickname: String, in registry: Registry, room: Int = .max,
    lagLimitBytes: Int = 1 << 20, capabilities: Capability = [.messageTags, .echoMessage]
  ) throws(Refusal) {
    outlet = RecordingOutlet(room: room)
    let outbox = Outbox(
      reader: id, clock: registry.clock, outlet: outlet, lagLimitBytes: lagLimitBytes)
    member = Member(
      id: id, outbox: outbox,
      profile: Profile(host: "host", signedOn: Timestamp(milliseconds: 0)))
    self.registry = registry
    _ = try registry.rename(member, to: nickname, event("NICK", [nickname]), now: now)
    registry.setCapabilities(capabilities, of: member)
  }

  var now: Timestamp { Timestamp(milliseconds: 1000) }
  var nickname: String { member.profile.nickname }

  @discardableResult
  func join(_ room: String) throws(Refusal) -> Room {
    let line = Self.line(nickname, "JOIN", [room])
    let view = try registry.join(member, roomNamed: room, key: nil, line: line, now: now)
    var names = LineBuffer()
    names.append(source: "server", "353", view.seats.map(\.nickname))
    member.outbox.fill(view.reservation!, with: names.bytes)
    view.room.deliver()
    return view.room
  }

  func say(_ text: String, in room: Room) throws(Refusal) {
    try room.speak(event("PRIVMSG", [room.name], text), now: now)
    room.deliver()
  }

  func part(_ room: Room) throws(Refusal) {
    let line = Self.line(nickname, "PART", [room.name])
    try registry.part(member, from: room, line: line, now: now)
    room.deliver()
    member.outbox.deliver()
  }

  func kick(_ target: Person, from room: Room) throws(Refusal) {
    try registry.kick(
      target.member, from: room, by: member, source: nickname, comment: "out", now: now)
    room.deliver()
    target.member.outbox.deliver()
  }

  func rename(to nickname: String) throws(Refusal) {
    let rooms = try registry.rename(
      member, to: nickname, event("NICK", [nickname], echo: .always), now: now)
    for room in rooms { room.deliver() }
  }

  /// Ends as a client's thread ends it: out of all rooms, then the baton.
  func quit() {
    for room in registry.quit(member, event("QUIT", [], "bye", echo: .never), now: now) {
      room.deliver()
    }
    member.outbox.retire()
  }

  private func event(
    _ command: String, _ middle: [String], _ trailing: String? = nil,
    echo: Event.Echo = .onRequest
  ) -> Event {
    let line = Self.line(member.profile.nickname, command, middle, trailing)
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
      startedAt: Timestamp(milliseconds: 1))
  }
}
