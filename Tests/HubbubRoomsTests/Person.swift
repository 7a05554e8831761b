import HubbubLog
import IRCWire

@testable import HubbubRooms

/// A member with an outlet that can be looked at, and the few things that tests do with it.
struct Person: Sendable {
  let session: MemberSession
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
    let profile = Profile(host: "host", signedOn: Timestamp(milliseconds: 0))
    session = MemberSession(id: id, of: Member(id: id, profile: profile), outbox: outbox)
    self.registry = registry
    try act(.changeNickname(nickname))
    try act(.register())
    registry.setCapabilities(capabilities, of: session)
  }

  var member: Member { session.member }
  var outbox: Outbox { session.outbox }
  var source: String { member.profile.source }
  var now: Timestamp { Timestamp(milliseconds: 1000) }
  var nickname: String { member.profile.nickname }
  var author: Author { Author(session) }

  @discardableResult
  func join(_ room: String) throws(Refusal) -> Room {
    let (view, others) = try registry.join(author, roomNamed: room, key: nil, now: now)
    var names = LineBuffer()
    names.append(source: "server", "353", view.seats.map(\.nickname))
    outbox.fill(view.reservation!, with: names.bytes)
    for other in others {
      other.session.outbox.fill(other.view.reservation!, with: names.bytes)
    }
    view.room.deliver()
    return view.room
  }

  func say(_ text: String, in room: Room) throws(Refusal) {
    try act(.say([Self.speech(text)], in: RoomReference(room.name), to: nil))
  }

  static func speech(_ text: String) -> Speech {
    Speech(.message, .text(SpokenText(text)))
  }

  /// Does something, fills its own copies at once and delivers to all whom it concerns.
  @discardableResult
  func act(_ deed: Action.Deed, isLabelling: Bool = false) throws(Refusal) -> Outcome {
    let author = Author(session, isLabelling: isLabelling)
    let outcome = try registry.apply(Action(by: author, at: now, deed))
    settle(outcome)
    return outcome
  }

  func settle(_ outcome: Outcome) {
    for receipt in outcome.receipts { outbox.fill(receipt.reservation, with: receipt.bytes) }
    if case .attached(let attachment) = outcome.answer {
      outbox.fill(attachment.reservation, with: [])
    }
    Room.deliver(to: outcome.rooms)
    for person in outcome.people { person.deliver() }
    if !outcome.receipts.isEmpty { outbox.deliver() }
  }

  func part(_ room: Room) throws(Refusal) {
    _ = try registry.part(author, from: room, reason: nil, now: now)
    room.deliver()
    outbox.deliver()
  }

  /// Makes somebody an operator of a room.
  func appoint(_ target: Person, in room: Room) throws(Refusal) {
    let request = ModeRequest.status(isAdding: true, .operating, mode: "o", target.nickname)
    try act(
      .changeModes([request], in: room.name, asServer: false, masksPerList: 1))
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
    let (view, _) = try registry.join(author, roomNamed: name, key: nil, now: now)
    outbox.fill(view.reservation!, with: [])
    _ = view.room.speak(
      event("PRIVMSG", [name], "hello", echo: .never), by: author, now: now)
    _ = try registry.part(author, from: view.room, reason: nil, now: now)
  }

  func kick(_ target: Person, from room: Room) throws(Refusal) {
    try act(.kick(target.nickname, from: room.name, comment: "out"))
  }

  func rename(to nickname: String) throws(Refusal) {
    try act(.changeNickname(nickname))
  }

  /// Ends as a client's thread ends it: out of all rooms, then the baton.
  func quit() {
    _ = try? act(.quit(reason: "bye", silentReason: nil))  // It is never refused.
    outbox.retire()
  }

  private func event(
    _ command: String, _ middle: [String], _ trailing: String? = nil,
    echo: Echo = .onRequest
  ) -> Event {
    let line = Self.line(source, command, middle, trailing)
    return Event(author: session.id, echo: echo, line: line)
  }

  private static func line(
    _ source: String, _ command: String, _ middle: [String], _ trailing: String? = nil
  ) -> [UInt8] {
    var line = LineBuffer()
    line.append(source: source, command, middle, trailing: trailing)
    return line.bytes
  }
}

extension Room {
  /// Publishes any event as something that is said, deliver afterwards.
  func speak(_ event: Event, by author: Author, now: Timestamp) -> Receipt? {
    state.withLock { publish(event, by: author, now: now, &$0) }
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
