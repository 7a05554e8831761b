import HubbubRooms
import IRCWire
import Logging

/// One client's conversation with the server: what it has said of itself, and what it is answered.
///
/// Belongs to the client's own thread, as do all commands.
final class Session {
  let hub: Hub
  let client: Client
  var member: Member { client.member }

  /// What the registration still waits for.
  var registration = RegistrationProgress()

  /// `nickname!user@host`, as the last NICK left it.
  private(set) var source: String

  private(set) var nickname = "*"
  var capabilities: Capability = []

  /// The wrong passwords so far, of PASS and OPER.
  var passwordTries = PasswordTries()

  /// Whether the session has come to its end.
  private(set) var isOver = false

  /// Whether it was ended from this side, so that the client still has something to read.
  private(set) var isEndedHere = false

  /// What the client said as it left.
  private var quitMessage: String?

  /// Answers that are not queued yet.
  private var replies = LineBuffer()

  /// Bytes of answers that were queued and not delivered.
  private var undeliveredBytes = 0

  /// Rooms and people that have something new to read once all lines of this read are carried out.
  private var roomsToDeliver: [Room] = []
  private var membersToDeliver: [Member] = []

  /// The rooms that were spoken to, by name, so that a message needs no look into the registry.
  private var knownRooms: [FoldedName: Room] = [:]

  init(hub: Hub, client: Client) {
    self.hub = hub
    self.client = client
    source = client.member.profile.source
  }

  // MARK: Reading

  /// Carries out one line.
  func handle(_ line: LineFramer.Line) {
    switch line {
    case .tooLong:
      reply(.inputTooLong, trailing: "Input line was too long")
    case .text(let bytes):
      do throws(Message.ParseError) {
        dispatch(try Message(parsing: bytes))
      } catch {
        answer(error)
      }
    }
    flush()
  }

  /// All lines of one read are carried out: those concerned are now delivered to, each once.
  func finishRead() {
    for room in roomsToDeliver { room.deliver() }
    for member in membersToDeliver { member.outbox.deliver() }
    roomsToDeliver.removeAll(keepingCapacity: true)
    membersToDeliver.removeAll(keepingCapacity: true)
    undeliveredBytes = 0
  }

  private func dispatch(_ message: Message) {
    guard let command = Command.table[message.command] else {
      // "If the client is not registered, a server may ignore it": it is told all the same.
      reply(.unknownCommand, [safe(message.command)], trailing: "Unknown command")
      return
    }
    if command.phase == .registered, !registration.isComplete {
      reply(.notRegistered, trailing: "You have not registered")
    } else if command.phase == .unregistered, registration.isComplete {
      reply(.alreadyRegistered, trailing: "You may not reregister")
    } else if message.parameters.count < command.parameters {
      command.missing(self, message)
    } else {
      command.run(self, message)
    }
  }

  private func answer(_ error: Message.ParseError) {
    switch error {
    case .noCommand: break
    case .forbiddenByte:
      reply(.unknownError, ["*"], trailing: "NUL or CR in the middle of a line")
    case .invalidUTF8(let command):
      // "FAIL <command> INVALID_UTF8" (IRCv3 UTF8ONLY).
      reply(
        "FAIL", [command.map(safe) ?? "*", "INVALID_UTF8"],
        trailing: "Message rejected, your client must use UTF-8 on this network")
    }
  }

  // MARK: Answering

  /// Answers with a numeric; the client's nickname comes first by itself.
  func reply(_ numeric: Numeric, _ middle: [String] = [], trailing: String? = nil) {
    reply(numeric.code, [nickname] + middle, trailing: trailing)
  }

  /// Answers with a line from the server.
  func reply(_ command: String, _ middle: [String], trailing: String? = nil) {
    replies.append(source: hub.serverName, command, middle, trailing: trailing)
  }

  /// Tells the client of something that has the client itself, or somebody else, as its source.
  func tell(from source: String, _ command: String, _ middle: [String], trailing: String? = nil) {
    replies.append(source: source, command, middle, trailing: trailing)
  }

  /// Queues the answers so far, at the place in the rooms' order that is now.
  func flush() {
    guard !replies.isEmpty else { return }
    member.outbox.enqueue(replies.bytes)
    noteReplies()
  }

  /// Answers in a place that was reserved when the question was decided.
  func answer(in reservation: Outbox.Reservation, _ body: () -> Void) {
    precondition(replies.isEmpty, "Answers must be flushed before a place is reserved.")
    body()
    member.outbox.fill(reservation, with: replies.bytes)
    noteReplies()
  }

  /// Answers to one read are delivered together, unless there are many: then what was queued leaves at once,
  /// so that the limit of the lag holds within a read as well.
  private func noteReplies() {
    undeliveredBytes += replies.bytes.count
    replies = LineBuffer()
    willDeliver(to: member)
    if undeliveredBytes > Self.relief {
      undeliveredBytes = 0
      member.outbox.deliver()
    }
  }

  private static let relief = 256 * 1024

  /// A word of the client's as it can be repeated in the middle of a line.
  func safe(_ word: String) -> String {
    let isSafe =
      !word.isEmpty && word.utf8.first != UInt8(ascii: ":")
      && !word.utf8.contains(UInt8(ascii: " "))
    return isSafe ? word : "*"
  }

  // MARK: Delivering

  /// Somebody in this room has something new to read.
  func willDeliver(to room: Room) {
    if !roomsToDeliver.contains(where: { $0 === room }) { roomsToDeliver.append(room) }
  }

  /// This person has something new to read.
  func willDeliver(to member: Member) {
    if !membersToDeliver.contains(where: { $0 === member }) { membersToDeliver.append(member) }
  }

  /// The room called `name`, from this session's own list if it can.
  func room(named name: String) -> Room? {
    let key = FoldedName(name)
    if let known = knownRooms[key] { return known }
    return hub.registry.room(named: name)
  }

  func remember(_ room: Room) {
    // Rooms that it was kicked from stay in the list until they are spoken to: it is cleared now and then.
    if knownRooms.count > 2 * hub.limits.roomsPerClient { knownRooms.removeAll() }
    knownRooms[FoldedName(room.name)] = room
  }

  func forget(_ room: Room) { knownRooms[FoldedName(room.name)] = nil }

  // MARK: Names

  /// The client has another name from now on.
  func take(nickname: String) {
    self.nickname = nickname
    source = member.profile.source
  }

  /// The user name may have changed.
  func refreshSource() { source = member.profile.source }

  // MARK: The end

  /// The client says that it goes.
  func quit(_ message: String?) {
    quitMessage = message
    refuse(message.map { "Quit: \($0)" } ?? "Quit")
  }

  /// Ends the session from this side, after the answers so far and a last line.
  func refuse(_ reason: String) {
    flush()
    isOver = true
    isEndedHere = true
    member.outbox.enqueueLast(Client.farewell(member.profile.host, reason))
    member.outbox.deliver()
  }

  /// Leaves all rooms and gives the name back. The last thing a session does.
  func leave(because cause: String) {
    let reason = quitMessage.map { "Quit: \($0)" } ?? cause
    // When all are going, nobody is told of the others: n farewells, not n × n.
    let isLast = hub.isStopping.load(ordering: .relaxed)
    let rooms = hub.registry.quit(member, isLast ? nil : quitEvent(reason), now: .now)
    if !isLast {
      for room in rooms { room.deliver() }
    }
    if let ending = member.outbox.ending {
      hub.endings.note(
        Endings.Ending(
          nickname: nickname, rooms: rooms.map(\.name), reason: reason,
          lagBytes: ending.lagBytes ?? 0, moment: Moment.now))
    }
    logEnd(reason)
  }

  private func quitEvent(_ reason: String) -> Event {
    var line = LineBuffer()
    line.append(source: source, "QUIT", trailing: reason)
    return Event(author: member.id, echo: .never, line: line.bytes)
  }

  private func logEnd(_ reason: String) {
    let ending = member.outbox.ending
    let isEviction = ending?.lagBytes != nil
    hub.logger.log(
      level: isEviction ? .warning : .info, isEviction ? "evicted" : "disconnect",
      metadata: [
        "client": "\(member.id)", "nick": "\(nickname)", "reason": "\(reason)",
        "lagBytes": "\(ending?.lagBytes ?? 0)",
      ])
  }
}
