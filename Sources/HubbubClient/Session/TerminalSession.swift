import Glibc
import HubbubDial
import HubbubSockets
import IRCWire

/// A person at a terminal: what they type goes to the chat, and what the chat wants done is done.
///
/// One thread's alone, the one that owns the terminal; the network's events come through the inbox.
final class TerminalSession: LineEditorUser {
  /// How long a first Ctrl-C waits for a second one.
  private static let leavePause = Duration.seconds(3)

  /// How often the chat may look at the clock.
  private static let tickPause = Duration.seconds(5)

  private let editor: LineEditor
  private let link: Link
  private let inbox: Inbox
  private let files: UserFiles?
  private var palette: Palette
  private let environment: [String: String]
  private let usesColor: Bool
  private var notifier: Notifier?
  private var chat: Chat
  private var startRooms: [Settings.Room]

  /// Whether the server's first words are still to come.
  private var isNewHere = true

  private var leaveDeadline: ContinuousClock.Instant?
  private var nextTick = ContinuousClock.now + tickPause
  private var question: PasteQuestion?
  private var needsBell = false

  /// The line as it was painted last.
  private var draft = ""
  private var isLogBroken = false
  private var offered: (candidates: [String], chosen: Int)?
  private var ending: (code: Int32, farewell: String)?

  init(
    editor: LineEditor, link: Link, inbox: Inbox, chat: Chat, rooms: [Settings.Room],
    files: UserFiles?, palette: Palette, usesColor: Bool, notifier: Notifier?
  ) {
    self.editor = editor
    self.link = link
    self.inbox = inbox
    self.chat = chat
    self.files = files
    self.palette = palette
    self.usesColor = usesColor
    environment = Environment.all
    self.notifier = notifier
    startRooms = rooms
  }

  /// Talks until the person leaves, and returns the exit code.
  func run() -> Int32 {
    editor.user = self
    files?.readHistory().forEach(editor.remember)
    while ending == nil {
      switch editor.readLine() {
      case .line(let line): entered(line)
      case .interrupted: interrupted()
      case .endOfInput: if ending == nil { leave("", code: 0) }
      case .terminated(let number): leave("", code: 128 + number)
      }
    }
    chat.settlePresence()
    perform()
    editor.finish()
    link.end(ending?.farewell ?? "")
    return ending?.code ?? 0
  }

  /// Tells something before the first line is typed.
  func tell(_ text: String, isFailure: Bool = false) {
    chat.now = .now
    isFailure ? chat.fail(text) : chat.inform(text)
    perform()
  }

  private func entered(_ line: String) {
    if HistoryRule.remembers(line) { editor.remember(line) }
    if HistoryRule.keeps(line, to: chat.rooms.current?.name) { files?.appendToHistory(line) }
    chat.typed(line, now: .now)
    perform()
  }

  private func interrupted() {
    if let leaveDeadline, leaveDeadline > .now { return leave("", code: 0) }
    leaveDeadline = .now + Self.leavePause
    question = nil
  }

  private func leave(_ farewell: String, code: Int32) {
    ending = (code, farewell.isEmpty ? "Leaving" : farewell)
    editor.stop()
  }

  // MARK: What the chat wants

  private func perform() {
    for effect in chat.takeEffects() { perform(effect) }
    // Once, however many called.
    if needsBell { editor.terminal.bell() }
    needsBell = false
    link.setNickname(chat.wantedNickname)
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .send(let message):
      if !link.send(message) {
        chat.dropped(message)
        editor.terminal.print(
          palette.encode(StyledText("Too much waits to be sent: a line was dropped.", .failure)))
      }
    case .show(let line): editor.terminal.print(encode(line))
    case .alert(let alert): wanted(alert)
    case .clear: editor.terminal.clear()
    case .save(let settings): save(settings)
    case .apply(let settings): apply(settings)
    case .log(let room, let line): log(room, line)
    case .connect(let address, let password): connect(address, password)
    case .reconnect: link.goAgain()
    case .disconnect(let farewell): link.park(farewell)
    case .quit(let farewell): leave(farewell, code: 0)
    case .hangUp: link.hangUp()
    }
  }

  private func encode(_ line: StyledText) -> String {
    guard chat.settings.value(of: .wrap) == "words" else { return palette.encode(line) }
    return WordWrap(columns: editor.terminal.columns, palette: palette).encode(line)
  }

  private func apply(_ settings: Settings) {
    palette = Palette(environment: environment, wantsColor: usesColor && settings.isOn(.colors))
    editor.palette = palette
  }

  private func log(_ room: String, _ line: String) {
    guard let files, !isLogBroken else { return }
    do { try files.appendToLog(line, server: chat.server, room: room) } catch {
      isLogBroken = true
      tell("The log files cannot be written: \(error). No more is tried.", isFailure: true)
    }
  }

  private func connect(_ address: ServerAddress, _ password: String?) {
    let tls: TLSContext?
    let trust: TLSTrust?
    do { trust = try self.trust(for: address) } catch { return tell("\(error)", isFailure: true) }
    let isEncrypted = trust != nil
    guard let endpoint = Endpoint(address.name, defaultPort: isEncrypted ? 6697 : 6667) else {
      return tell(
        "“\(SafeText.clean(address.name))” is not a server: write host or host:port.",
        isFailure: true)
    }
    do { tls = try trust.map { try TLSContext(client: $0) } } catch {
      return tell("\(error)", isFailure: true)
    }
    chat.leaveServer(for: address.name, nickname: address.nickname)
    chat.trust = trust?.setting
    startRooms = address.rooms
    isNewHere = true
    link.goAgain(
      to: LinkTarget(endpoint: endpoint, tls: tls, password: password),
      nickname: chat.wantedNickname)
  }

  /// Whom to believe to be the server: what is remembered of it, unless the address says better.
  private func trust(for address: ServerAddress) throws -> TLSTrust? {
    switch address.isEncrypted {
    case true?: .systemAuthorities
    case false?: nil
    case nil: address.name == chat.settings.server ? try chat.settings.trust() : nil
    }
  }

  private func wanted(_ alert: Alert) {
    needsBell = needsBell || chat.settings.isOn(.bell)
    if notifier?.run(alert) == false {
      tell("The command of --notify could not be started.", isFailure: true)
      notifier = nil
    }
  }

  private func save(_ settings: Settings) {
    guard let files else { return tell("There is no home directory to save to.", isFailure: true) }
    do {
      try files.writeSettings(settings.merged(into: files.readSettings()))
      tell("Saved in \(files.settingsPath).")
    } catch {
      tell("The settings could not be saved in \(files.settingsPath): \(error)", isFailure: true)
    }
  }

  // MARK: What the network tells

  func wake() {
    for event in inbox.take() { handle(event) }
    if nextTick <= .now {
      nextTick = .now + Self.tickPause
      chat.tick(now: .now)
      notifier?.reap()
    }
    if let leaveDeadline, leaveDeadline <= .now { self.leaveDeadline = nil }
    chat.typing(draft, now: .now)
    perform()
  }

  private func handle(_ event: Inbox.Event) {
    switch event {
    case .up(let welcome): up(welcome)
    case .message(let message, let time):
      // What a server said that was left meanwhile concerns nobody.
      if chat.link == .up { chat.receive(message, now: time) }
    case .restarted: chat.restart(now: .now)
    case .parked(let reason): chat.park(reason, now: .now)
    case .down(let reason, let pause, let isDistrust):
      chat.linkDown(reason: reason, pause: pause, isDistrust: isDistrust, now: .now)
    case .gaveUp(let code, let reason):
      tell(reason, isFailure: true)
      leave("", code: code.rawValue)
    }
  }

  private func up(_ welcome: Registration.Welcome) {
    let isFirst = isNewHere
    isNewHere = false
    chat.linkUp(
      nickname: welcome.nickname, capabilities: welcome.capabilities, supported: welcome.supported,
      now: .now)
    guard isFirst else { return }
    for message in welcome.messages where message.command == "372" {
      chat.receive(message, now: .now)
    }
    chat.greet()
    for room in startRooms {
      if let key = room.key { chat.pendingKeys[FoldedName(room.name)] = key }
      chat.join(room.name, key: room.key)
    }
  }

  // MARK: LineEditorUser

  var prompt: StyledText {
    (chat.columns, chat.rows) = (editor.terminal.columns, editor.terminal.rows)
    return chat.prompt
  }

  func notes(for text: [Unicode.Scalar]) -> [StyledText] {
    var string = String.UnicodeScalarView()
    string.append(contentsOf: text)
    draft = String(string)
    var notes = chat.notes(for: String(string))
    if let offered { notes.append(Self.note(offered)) }
    if let question { notes += question.notes }
    if leaveDeadline != nil { notes.append(StyledText("Ctrl-C again leaves.", .dim)) }
    return notes
  }

  var pause: Duration? {
    let next = min(nextTick, leaveDeadline ?? nextTick)
    return max(.zero, next - .now)
  }

  func typed() {
    leaveDeadline = nil
    offered = nil
  }

  func pressed(_ key: Key) {
    switch key {
    case .room(let number): chat.goToRoom(number: number)
    case .mostWanted: chat.goToMostWanted()
    case .nextRoom: chat.changeRoom(by: 1)
    case .previousRoom: chat.changeRoom(by: -1)
    default: break
    }
    perform()
  }

  var controlKeysChangeRooms: Bool { chat.settings.value(of: .keys) == "rooms" }

  func redraw() {
    chat.showAgain(rows: editor.terminal.rows - 2)
    perform()
  }

  func offer(_ candidates: [String], chosen: Int) {
    offered = candidates.count > 1 ? (candidates, chosen) : nil
  }

  func completions(of text: String) -> CompletionOffer { chat.completions(of: text) }

  private static func note(_ offered: (candidates: [String], chosen: Int)) -> StyledText {
    var note = StyledText()
    // Some before the chosen one stay in sight.
    for index in offered.candidates.indices.dropFirst(max(0, offered.chosen - 3)) {
      note.append(index == offered.chosen ? offered.candidates[index] : "", .reversed)
      note.append(index == offered.chosen ? "" : offered.candidates[index])
      note.append("  ")
    }
    return note
  }

  // MARK: Pastes of several lines

  var isAsking: Bool { question != nil }

  func pasted(_ lines: [String]) {
    var asked = question ?? PasteQuestion(room: chat.rooms.current?.name)
    let room = asked.room ?? ""
    asked.add(lines) { chat.split($0, for: room).count }
    if let refusal = asked.refusal { refuse(refusal) } else { question = asked }
  }

  func refusedPaste(bytes: Int) { refuse(PasteQuestion.tooLarge(bytes: bytes)) }

  private func refuse(_ sentence: String) {
    question = nil
    tell(sentence, isFailure: true)
  }

  func answered(_ isYes: Bool) {
    guard let question else { return }
    self.question = nil
    if isYes {
      chat.typed(lines: question.lines, to: question.room, now: .now)
    } else {
      tell("The paste was not sent.")
    }
    perform()
  }
}
