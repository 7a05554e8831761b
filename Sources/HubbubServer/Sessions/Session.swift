import HubbubLog
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

  /// How the rooms know it: a copy of its profile, renewed when that changes.
  private(set) var author: Author
  private var profileChanges = 0

  /// `nickname!user@host`
  var source: String { author.source }

  private(set) var nickname = "*"
  var capabilities: Capability = []

  /// Whether it asked for `CAP LS 302`, with which `cap-notify` comes for good.
  var keepsCapNotify = false

  /// The lines of a message that is not whole yet (`draft/multiline`).
  var multiline: MultilineMessage?

  /// The batches that were refused and whose ends are still to come.
  var failedBatches: [String] = []

  /// What it sent to people lately, by message id: whom it may be redacted for.
  var sentToPeople = SentMessages()

  /// A person with nothing but a terminal, once that is clear.
  var terminal: BareTerminal?

  /// Whether it was taken for such a person's, now or before.
  var wasTerminal = false

  /// Whether anything of the protocol came: then it is a client, whatever comes later.
  var isClient = false

  /// How many commands have come.
  private var commands = 0

  /// Whether the one that is being carried out is the first.
  var isFirstCommand: Bool { commands == 1 }

  /// When something came from it, or it was asked in a pause whether it is there.
  var heardAt = Moment.now

  /// How fast it sends.
  var allowance = Allowance(now: Moment.now)

  /// How fast it may, as of a version of its profile and of the settings.
  private var allowed: (rates: Allowance.Rates?, profile: Int, settings: Int)?

  /// The secret rooms whose figures it was shown as an operator of the server, by `Room.epoch`.
  var secretsShown: Set<[UInt8]> = []

  /// The wrong passwords so far, of PASS and OPER.
  var passwordTries = PasswordTries()

  /// Whether the session has come to its end.
  var isClosed = false

  /// Why it was ended from this side.
  var refusal: String?

  /// Whether it was ended from this side, so that the client still has something to read.
  var isEndedHere = false

  /// What the client said as it left.
  var quitMessage: String?

  /// Answers on their way.
  private var answers: Answers

  /// Bytes of answers that were queued since the line that is being carried out came.
  private var answeredBytes = 0

  /// Whether an answer is being written that is not to be taken apart.
  private var isAnsweringWhole = false

  /// Bytes of answers that were queued and not delivered.
  private var undeliveredBytes = 0

  /// Rooms and people that have something new to read once all lines of this read are carried out.
  private var recipients = Recipients()

  /// The rooms that were spoken to, by name, so that a message needs no look into the registry.
  private var knownRooms: [FoldedName: Room] = [:]

  init(hub: Hub, client: Client) {
    self.hub = hub
    self.client = client
    author = Author(client.member, source: client.member.profile.source)
    answers = Answers(server: hub.serverName)
  }

  // MARK: Reading

  /// Carries out one line.
  func handle(_ line: LineFramer.Line) {
    refreshAuthor()
    answeredBytes = 0
    switch line {
    case .tooLong(let bytes):
      begin(labelOf: bytes)
      reply(.inputTooLong, trailing: "Input line was too long")
    case .text(let bytes):
      handle(bytes)
    }
    countQueued(answers.finish(to: member.outbox))
    // A long answer is much work, whatever was asked.
    let unit = hub.limits.answerBytesPerLine
    if answeredBytes > unit { charge((answeredBytes - unit) * 1000 / unit) }
  }

  private func handle(_ line: UnsafeRawBufferPointer) {
    if terminal != nil, !isClientAfterAll(line) { return handleTyped(line) }
    do throws(Message.ParseError) {
      let message = try Message(parsing: line)
      if becomesTerminal(ProtocolWords.speaker(of: message, line)) { return handleTyped(line) }
      commands += 1
      begin(label: message.tag("label"))
      dispatch(message)
    } catch {
      // An empty line, or what telnet says first.
      let isTerminal = error == .noCommand || line.first == Telnet.command
      if isTerminal, becomesTerminal(.person) { return handleTyped(line) }
      begin(labelOf: line)
      answer(error)
    }
  }

  /// The command's label, though the line is no message.
  private func begin(labelOf line: UnsafeRawBufferPointer) {
    begin(label: Message.tags(of: line).last { $0.key == "label" }?.value)
  }

  private func begin(label: String?) {
    let mayLabel = capabilities.isSuperset(of: [.labeledResponse, .batch])
    answers.begin(label: mayLabel ? label : nil)
    author.isLabelling = answers.label != nil
  }

  /// Gives the command's label to a later one, which is the command's end.
  func passOnLabel() -> String? {
    defer { begin(label: nil) }
    return answers.label
  }

  /// Answers with the label of an earlier command, whose end this one is.
  func takeOver(label: String) { begin(label: label) }

  /// All lines of one read are carried out: those concerned are now delivered to, each once.
  func deliverPending() {
    recipients.deliver()
    undeliveredBytes = 0
    if hub.memory.isExceeded { hub.memoryAlarm.ring() }
  }

  func dispatch(_ message: Message) {
    guard let command = Command.table[message.command] else {
      // Also before it is registered.
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

  /// Reads from now on as a client with these capabilities, or as a person with a bare terminal.
  func read(as capabilities: Capability) {
    self.capabilities = capabilities
    answers.isText = capabilities == .bareTerminal
    hub.registry.setCapabilities(capabilities, of: member)
    client.note(isTerminal: capabilities == .bareTerminal)
  }

  /// Shows a line of text to a person with a bare terminal.
  func show(_ text: String) {
    flush()
    let bytes = Array("\(text)\r\n".utf8)
    member.outbox.enqueue(bytes)
    countQueued(bytes.count)
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
    answers.append(source: hub.serverName, command, middle, trailing: trailing)
  }

  /// Tells the client of something that has the client itself, or somebody else, as its source.
  func tell(from source: String, _ command: String, _ middle: [String], trailing: String? = nil) {
    answers.append(source: source, command, middle, trailing: trailing)
  }

  /// Queues the answers so far, at the place in the rooms' order that is now.
  func flush() { countQueued(answers.flush(to: member.outbox)) }

  /// Answers in a place that was reserved when the question was decided.
  func answer(in reservation: Outbox.Reservation, _ body: () -> Void) {
    precondition(answers.isEmpty, "Answers must be flushed before a place is reserved.")
    body()
    countQueued(answers.fill(reservation, in: member.outbox))
  }

  /// The client's own copy of what it did, where that is not in the log that it reads.
  func take(_ receipt: Receipt?) {
    guard let receipt else { return }
    let bytes = receipt.bytes(as: Rendition(of: capabilities))
    countQueued(
      answers.fill(receipt.reservation, with: bytes, isOneMessage: true, in: member.outbox))
  }

  /// Makes room for an answer of so many bytes.
  func reserve(answerBytes: Int) { answers.reserve(bytes: answerBytes) }

  /// Tells the client lines that are whole.
  func tell(lines: [UInt8]) { answers.append(lines: lines) }

  /// Makes the client's own copy of what it did a part of the answer that is being written.
  func tell(_ receipt: Receipt) {
    answers.append(lines: receipt.bytes(as: Rendition(of: capabilities)))
  }

  /// The client's own copy of what it said to somebody in private.
  func echo(_ bytes: [UInt8]) {
    flush()
    let reservation = member.outbox.reserve()
    countQueued(answers.fill(reservation, with: bytes, isOneMessage: true, in: member.outbox))
  }

  /// Delivers an event of several rooms to whoever hears of it.
  func take(_ announcement: Registry.Announcement) {
    charge(
      Self.roomThousandths * announcement.rooms.count
        + Self.watcherThousandths * announcement.watchers.count)
    take(announcement.receipt)
    announcement.rooms.forEach(willDeliver(to:))
    willDeliver(to: announcement.watchers)
  }

  /// So much of a line counts each room that hears of an event, and each watcher, who is written to
  /// alone.
  private static let (roomThousandths, watcherThousandths) = (100, 10)

  /// Answers to one read are delivered together, unless there are many: then what was queued leaves
  /// at once, so that the limit of the lag holds within a read as well.
  private func countQueued(_ bytes: Int) {
    guard bytes > 0 else { return }
    answeredBytes += bytes
    undeliveredBytes += bytes
    willDeliver(to: member)
    if undeliveredBytes > relief {
      undeliveredBytes = 0
      member.outbox.deliver()
    }
  }

  /// Answers at one place in the order, the end included, so that nothing that others do stands
  /// within: a client takes a list at its end. What is about more than a thousand rooms or people
  /// is paced instead, and then each line is true of its moment, and the whole of none.
  ///
  /// - Parameters:
  ///   - count: how many rooms or people are looked at.
  ///   - body: writes all of the answer, and holds no other place.
  func answerWhole(about count: Int, _ body: () -> Void) {
    pace()
    flush()
    guard count <= Self.wholeAnswer else { return body() }
    let place = member.outbox.reserve()
    isAnsweringWhole = true
    answer(in: place, body)
    isAnsweringWhole = false
  }

  private static let wholeAnswer = 1000

  /// Lets a client that reads slowly catch up before a long answer goes on: it is paced, and not
  /// ended for falling behind (R6). Waits for this client alone, on its own thread.
  ///
  /// To be called now and then in a long answer, and before one that is written at once.
  func pace() {
    if isAnsweringWhole { return }
    if answers.byteCount >= Self.paceBytes { flush() }
    guard member.outbox.isFull, member.outbox.lagBytes > relief else { return }
    release()
    client.waitUntilRead(below: relief)
  }

  /// Lets what was said so far go where it is going: this thread is about to wait, and nothing must
  /// wait with it.
  func release() {
    countQueued(answers.release(to: member.outbox))
    deliverPending()
  }

  /// Places in rooms that the client has left are given up when they were read to their end: at
  /// once where a read makes many of them, as one that changes its capabilities again and again
  /// does.
  func detachReadCursors() {
    if member.outbox.cursorCount > Self.openPlaces + 2 * member.roomCount {
      member.outbox.deliver()
    }
  }

  /// So many places that are left wait for the end of the read.
  private static let openPlaces = 64

  /// So many bytes of an answer are queued together.
  private static let paceBytes = 4096

  /// So many bytes of answers wait at the most, and never more than a part of what may lag.
  private var relief: Int { min(256 * 1024, hub.limits.sendLagBytes / 4) }

  /// A word of the client's as it can be repeated in the middle of a line.
  func safe(_ word: String) -> String {
    let isSafe =
      !word.isEmpty && word.utf8.first != UInt8(ascii: ":")
      && !word.utf8.contains(UInt8(ascii: " "))
    return isSafe ? word : "*"
  }

  /// How fast it may send; nil for as fast as it likes.
  var allowedRates: Allowance.Rates? {
    let (changes, settings) = (member.profileChanges, hub.current.version)
    if let allowed, allowed.profile == changes, allowed.settings == settings {
      return allowed.rates
    }
    let profile = member.profile
    let rates = hub.current.classes.rates(of: profile.peerAddress, profile, hub.limits)
    allowed = (rates, changes, settings)
    return rates
  }

  /// What a line counts as. All that a person types is said.
  func kind(of line: LineFramer.Line) -> Allowance.Kind {
    guard terminal == nil, registration.isComplete, case .text(let bytes) = line else {
      return .speech
    }
    return Allowance.Kind(of: bytes)
  }

  /// Counts the line that is being carried out for more than one, where lines are counted.
  ///
  /// - Parameter thousandths: of a line, in addition.
  func charge(_ thousandths: Int) {
    if allowedRates != nil { allowance.charge(thousandths) }
  }

  /// Tells the client, once, why its lines are carried out later than they come.
  func warnOfFlood(_ rate: Throttle.Rate) {
    let text =
      "You send faster than \(rate.linesPerSecond) lines a second: nothing is lost, but it takes longer"
    if capabilities.contains(.standardReplies) {
      reply("NOTE", ["*", "RATE_LIMITED"], trailing: text)
    } else {
      reply("NOTICE", [nickname], trailing: text)
    }
    flush()
  }

  // MARK: Delivering

  /// Somebody in this room has something new to read.
  func willDeliver(to room: Room) { recipients.insert(room) }

  /// This person has something new to read.
  func willDeliver(to member: Member) { recipients.insert(member) }

  /// Each of these has a copy of its own to read. Where one read makes many of them, they leave in
  /// between: a line may be told to thousands, and a read holds hundreds of lines.
  func willDeliver(to members: [Member]) {
    for member in members { recipients.insert(member) }
    if recipients.copies > Self.copiesTogether { deliverPending() }
  }

  /// So many copies are queued before the first of them leaves.
  private static let copiesTogether = 4096

  /// The room called `name`, from this session's own list if it can.
  func room(named name: String) -> Room? {
    let key = FoldedName(name)
    // It may have another name by now, and the name another room.
    if let known = knownRooms[key], !known.isGone, FoldedName(known.name) == key { return known }
    return hub.registry.room(named: name)
  }

  func remember(_ room: Room) {
    // Rooms that it was kicked from stay in the list until they are spoken to: it is cleared now
    // and then.
    if knownRooms.count > 2 * hub.limits.roomsPerClient { knownRooms.removeAll() }
    knownRooms[FoldedName(room.name)] = room
  }

  /// Forgets all names of rooms: one of them has another.
  func forgetRooms() { knownRooms.removeAll() }

  func forget(_ room: Room) { knownRooms[FoldedName(room.name)] = nil }

  // MARK: Names

  /// Looks again at the profile if it has changed, whoever changed it.
  func refreshAuthor(keepingLabel: Bool = false) {
    let changes = member.profileChanges
    if !keepingLabel { author.isLabelling = false }
    guard changes != profileChanges else { return }
    profileChanges = changes
    let profile = member.profile
    nickname = profile.nickname
    author = Author(member, source: profile.source, isLabelling: author.isLabelling)
  }
}
