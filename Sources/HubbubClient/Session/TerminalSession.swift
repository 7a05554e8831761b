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

  let editor: LineEditor
  private let files: UserFiles?
  private var palette: Palette
  private let environment: [String: String]
  private let usesColor: Bool
  private var notifier: Notifier?

  /// The servers in the order in which they were opened, and which of them is on the screen.
  var talks: [ServerTalk]
  var shown = 0

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
    editor: LineEditor, talk: ServerTalk, files: UserFiles?, palette: Palette, usesColor: Bool,
    notifier: Notifier?
  ) {
    self.editor = editor
    talks = [talk]
    self.files = files
    self.palette = palette
    self.usesColor = usesColor
    environment = Environment.all
    self.notifier = notifier
  }

  /// The server on the screen.
  var talk: ServerTalk { talks[shown] }

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
    talk.chat.settlePresence()
    perform()
    editor.finish()
    endAll(ending?.farewell ?? "")
    return ending?.code ?? 0
  }

  /// Tells something before the first line is typed.
  func tell(_ text: String, isFailure: Bool = false) {
    talk.chat.now = .now
    isFailure ? talk.chat.fail(text) : talk.chat.inform(text)
    perform()
  }

  private func entered(_ line: String) {
    if HistoryRule.remembers(line) { editor.remember(line) }
    if HistoryRule.keeps(line, to: talk.chat.rooms.current?.name) { files?.appendToHistory(line) }
    talk.chat.elsewhere = elsewhere(of: shown)
    talk.chat.typed(line, now: .now)
    perform()
    shareSettings()
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

  // MARK: What the chats want

  func perform() {
    var isDone = false
    while !isDone {
      isDone = true
      // One that is closed meanwhile has nothing to say any more; what comes onto the screen has.
      for talk in talks {
        let effects = talk.chat.takeEffects()
        isDone = isDone && effects.isEmpty
        for effect in effects { perform(effect, for: talk) }
        talk.link.setNickname(talk.chat.wantedNickname)
      }
    }
    // Once, however many called.
    if needsBell { editor.terminal.bell() }
    needsBell = false
  }

  private func perform(_ effect: Effect, for talk: ServerTalk) {
    switch effect {
    case .send(let message):
      if !talk.link.send(message) {
        talk.chat.dropped(message)
        editor.terminal.print(
          palette.encode(StyledText("Too much waits to be sent: a line was dropped.", .failure)))
      }
    case .show(let line): show(line, of: talk)
    case .alert(let alert): wanted(alert)
    case .clear: if talk === self.talk { editor.terminal.clear() }
    case .save(let settings): save(settings)
    case .apply(let settings): apply(settings)
    case .log(let room, let line): log(room, line, of: talk)
    case .connect(let address, let password): connect(address, password, from: talk)
    case .reconnect: talk.link.goAgain()
    case .disconnect(let farewell): talk.link.park(farewell)
    case .closeServer: close(talk)
    case .goTo(let number): if talk === self.talk { goToRoom(number: number) }
    case .quit(let farewell): leave(farewell, code: 0)
    case .hangUp: talk.link.hangUp()
    }
  }

  /// What a server has to say that is not on the screen begins with its name.
  private func show(_ line: StyledText, of talk: ServerTalk) {
    let isShown = talk === self.talk
    let head = isShown ? StyledText() : StyledText("\(SafeText.clean(talk.chat.server)) ", .dim)
    editor.terminal.print(encode(head + line))
  }

  private func encode(_ line: StyledText) -> String {
    guard talk.chat.settings.value(of: .wrap) == "words" else { return palette.encode(line) }
    return WordWrap(columns: editor.terminal.columns, palette: palette).encode(line)
  }

  private func apply(_ settings: Settings) {
    palette = Palette(environment: environment, wantsColor: usesColor && settings.isOn(.colors))
    editor.palette = palette
  }

  private func log(_ room: String, _ line: String, of talk: ServerTalk) {
    guard let files, !isLogBroken else { return }
    do { try files.appendToLog(line, server: talk.chat.server, room: room) } catch {
      isLogBroken = true
      tell("The log files cannot be written: \(error). No more is tried.", isFailure: true)
    }
  }

  private func wanted(_ alert: Alert) {
    needsBell = needsBell || talk.chat.settings.isOn(.bell)
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
    for talk in talks { for event in talk.inbox.take() { handle(event, of: talk) } }
    if nextTick <= .now {
      nextTick = .now + Self.tickPause
      for talk in talks { talk.chat.tick(now: .now) }
      notifier?.reap()
    }
    if let leaveDeadline, leaveDeadline <= .now { self.leaveDeadline = nil }
    talk.chat.typing(draft, now: .now)
    perform()
  }

  private func handle(_ event: Inbox.Event, of talk: ServerTalk) {
    switch event {
    case .up(let welcome): up(welcome, talk)
    case .message(let message, let time):
      // What a server said that was left meanwhile concerns nobody.
      if talk.chat.link == .up { talk.chat.receive(message, now: time) }
    case .restarted: talk.chat.restart(now: .now)
    case .parked(let reason): talk.chat.park(reason, now: .now)
    case .down(let reason, let pause, let isDistrust):
      talk.chat.linkDown(reason: reason, pause: pause, isDistrust: isDistrust, now: .now)
    case .gaveUp(let code, let reason):
      // One of several is given up, and the others go on.
      if talks.count > 1 { close(talk) }
      tell(reason, isFailure: true)
      if !talks.contains(where: { $0 !== talk }) { leave("", code: code.rawValue) }
    }
  }

  private func up(_ welcome: Registration.Welcome, _ talk: ServerTalk) {
    let isFirst = talk.isNewHere
    talk.isNewHere = false
    talk.chat.linkUp(
      nickname: welcome.nickname, capabilities: welcome.capabilities, supported: welcome.supported,
      now: .now)
    if isFirst {
      for message in welcome.messages where message.command == "372" {
        talk.chat.receive(message, now: .now)
      }
      talk.chat.greet()
    }
    enterRooms(of: talk)
  }

  /// Enters the rooms that were asked for before the server was reached.
  func enterRooms(of talk: ServerTalk) {
    for room in talk.startRooms {
      if let key = room.key { talk.chat.pendingKeys[FoldedName(room.name)] = key }
      talk.chat.join(room.name, key: room.key)
    }
    talk.startRooms = []
  }

  // MARK: LineEditorUser

  var prompt: StyledText {
    (talk.chat.columns, talk.chat.rows) = (editor.terminal.columns, editor.terminal.rows)
    talk.chat.elsewhere = elsewhere(of: shown)
    return talk.chat.prompt
  }

  func notes(for text: [Unicode.Scalar]) -> [StyledText] {
    var string = String.UnicodeScalarView()
    string.append(contentsOf: text)
    draft = String(string)
    var notes = talk.chat.notes(for: String(string))
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
    case .room(let number): goToRoom(number: number)
    case .mostWanted: goToMostWanted()
    case .nextRoom: changeRoom(by: 1)
    case .previousRoom: changeRoom(by: -1)
    case .older: talk.chat.showHistory(nil)
    default: break
    }
    perform()
  }

  var controlKeysChangeRooms: Bool { talk.chat.settings.value(of: .keys) == "rooms" }

  func redraw() {
    talk.chat.showAgain(rows: editor.terminal.rows - 2)
    perform()
  }

  func offer(_ candidates: [String], chosen: Int) {
    offered = candidates.count > 1 ? (candidates, chosen) : nil
  }

  func completions(of text: String) -> CompletionOffer {
    talk.chat.completions(of: text)
  }

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
    var asked = question ?? PasteQuestion(room: talk.chat.rooms.current?.name)
    let room = asked.room ?? ""
    asked.add(lines) { talk.chat.split($0, for: room).count }
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
      talk.chat.typed(lines: question.lines, to: question.room, now: .now)
    } else {
      tell("The paste was not sent.")
    }
    perform()
  }
}
