import HubbubLog
import HubbubRooms
import HubbubStore
import IRCWire
import Logging

/// One client's conversation with the server: what it has said of itself, and what it is answered.
///
/// Belongs to the client's own thread, as do all commands.
final class Session {
  let hub: Hub
  let client: Client

  /// Whose connection it is. Its own thread alone makes it another person's.
  private(set) var member: Member

  /// How the rooms know this connection.
  var memberSession: MemberSession { client.memberSession }
  var outbox: Outbox { client.outbox }

  /// What the registration still waits for.
  var registration = RegistrationProgress()

  /// By whom what it does is done: a copy of its profile, renewed when that changes.
  private(set) var author: Author
  private var profileChanges = 0

  /// `nickname!user@host`
  private(set) var source: String
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

  /// The command that is being carried out.
  var commandName = "*"

  /// How many commands have come, but for what was said in rooms.
  private var commands = 0

  /// Whether the one that is being carried out is the first.
  var isFirstCommand: Bool { commands == 1 }

  /// When something came from it, or it was asked in a pause whether it is there.
  var heardAt = Moment.now

  /// When it was noted last how far this device has read (`noteWhatIsRead`).
  var readNotedAt: Int64 = 0

  /// How fast it sends.
  var allowance = Allowance(now: Moment.now)

  /// How fast it may, as of a version of its profile and of the settings.
  var allowed: (rates: Allowance.Rates?, profile: Int, settings: Int)?

  /// The secret rooms whose figures it was shown as an operator of the server, by `Room.epoch`.
  var secretsShown: Set<[UInt8]> = []

  /// The account that it is logged in to.
  var login: AccountLogin?

  /// The codes with which it may drop rooms.
  var dropCodes: [StreamID: String] = [:]

  /// What has come of AUTHENTICATE so far, while that is going on.
  var sasl: SaslExchange?

  /// The wrong passwords so far, of PASS, OPER and accounts.
  var passwordTries = PasswordTries()

  /// Whether the session has come to its end.
  var isClosed = false

  /// Why it was ended from this side.
  var refusal: String?

  /// Whether it was ended from this side, so that the client still has something to read.
  var isEndedHere = false

  /// Whether the client said that it goes.
  var isQuit = false

  /// What the client said as it left.
  var quitMessage: String?

  /// Answers on their way.
  var answers: Answers

  /// Bytes of answers that were queued since the line that is being carried out came.
  var answeredBytes = 0

  /// Whether an answer is being written that is not to be taken apart.
  var isAnsweringWhole = false

  /// Bytes of answers that were queued and not delivered.
  var undeliveredBytes = 0

  /// Rooms and people that have something new to read once all lines of this read are carried out.
  var recipients = Recipients()

  /// The rooms that were spoken in, by name, so that a message needs no look into the registry.
  var spokenRooms: [FoldedName: RoomReference] = [:]

  /// What this read says in a room and is still to be said.
  var gathered: GatheredSpeech?

  /// The last answer to a browser's ping.
  var pong: UInt64?

  init(hub: Hub, client: Client) {
    self.hub = hub
    self.client = client
    member = client.member
    author = Author(client.memberSession)
    source = client.member.profile.source
    answers = Answers(server: hub.serverName)
    if let frames = client.frames {
      capabilities = frames == .text ? .webText : .webBinary
      hub.registry.setCapabilities(capabilities, of: client.memberSession)
    }
  }

  // MARK: Reading

  /// Carries out one line, or gathers it to be said with those behind it.
  ///
  /// - Parameter isKept: whether its bytes stay where they are until the end of the read.
  func handle(_ line: LineFramer.Line, isKept: Bool) {
    if case .text(let bytes) = line, gather(bytes, isKept: isKept) { return }
    sayGathered()
    refreshAuthor()
    answeredBytes = 0
    switch line {
    case .tooLong(let bytes):
      begin(labelOf: bytes)
      reply(.inputTooLong, trailing: "Input line was too long")
    case .text(let bytes):
      handle(bytes)
    }
    countQueued(answers.finish(to: outbox))
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

  func dispatch(_ message: Message) {
    commandName = message.command
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
    hub.registry.setCapabilities(capabilities, of: memberSession)
    client.note(isTerminal: capabilities == .bareTerminal)
  }

  /// Shows a line of text to a person with a bare terminal.
  func show(_ text: String) {
    flush()
    let bytes = Array("\(text)\r\n".utf8)
    outbox.enqueue(bytes)
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

  // MARK: Names

  /// The connection is one of `person`'s from now on, who was here before.
  func become(_ person: Member) {
    member = person
    if let login { hub.staying.end(login.account) }
    profileChanges = -1
    refreshAuthor(keepingLabel: true)
  }

  /// Whether this connection operates the server: not by another of its person's.
  var isOperator: Bool { memberSession.isOperating && member.profile.isOperator }

  /// The room called `name`.
  func room(named name: String) -> Room? { hub.registry.room(named: name) }

  /// Looks again at the profile if it has changed, whoever changed it.
  func refreshAuthor(keepingLabel: Bool = false) {
    let changes = member.profileChanges
    if !keepingLabel { author.isLabelling = false }
    guard changes != profileChanges else { return }
    profileChanges = changes
    let profile = member.profile
    nickname = profile.nickname
    source = profile.source
    author = Author(memberSession, isLabelling: author.isLabelling)
  }
}
