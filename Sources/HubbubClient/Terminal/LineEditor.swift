import CLibEdit
import Glibc
import HubbubThreads

/// The line that a person types, edited by libedit and drawn by us.
///
/// libedit keeps the text, the keys and the history; what it would draw goes to a sink, since its
/// drawing corrupts wrapped and wide text. While it waits for a character it is our `nextScalar`
/// that waits: there messages are printed above the prompt, whatever state libedit is in, and it
/// never notices.
///
/// One thread's alone: libedit knows no other.
final class LineEditor {
  /// What ended a line.
  enum Outcome: Equatable {
    case line(String)

    /// Ctrl-C: the line is gone.
    case interrupted

    /// Ctrl-D on an empty line.
    case endOfInput

    /// A signal that ends programs, or SIGHUP for a terminal that went away.
    case terminated(Int32)
  }

  /// A character that comes before what the terminal has for us.
  private enum Ahead {
    /// From a paste, and handled as if typed.
    case typed(Unicode.Scalar)

    /// For libedit alone: the rest of a key that stands for several.
    case again(Unicode.Scalar)
  }

  /// libedit cuts a draft to 1024 characters when it fetches something from the history.
  static let lineLimit = 1000

  /// An ESC after which nothing came for this long was the key of that name.
  private static let escapePause = Duration.milliseconds(40)

  /// A paste of which nothing more came for this long has lost its end.
  private static let pastePause = Duration.milliseconds(500)

  /// Keys that waited for longer than this may be of several lines: they were typed ahead.
  private static let typeAheadPause = Duration.milliseconds(200)

  /// An Enter so soon after an answer belongs to it.
  private static let answerPause = Duration.seconds(1)

  weak var user: (any LineEditorUser)?
  let terminal: Terminal

  /// Wakes the editor: then it calls `user.wake()`. Any thread may.
  let wakePipe: EventPipe

  var palette: Palette
  let signals: EventPipe
  let editor: OpaquePointer
  let history: OpaquePointer
  private let streams: [UnsafeMutablePointer<FILE>]
  private var decoder = InputDecoder()
  private var typedAhead: [Ahead] = []
  private var pastes: [InputDecoder.Event] = []
  private var lastRead = ContinuousClock.now

  /// When the terminal last had nothing for us.
  var lastIdle: ContinuousClock.Instant?
  private var answeredAt: ContinuousClock.Instant?
  var outcome: Outcome?
  private var isFirstCharacter = true
  var completions = Completions()

  /// - Parameters:
  ///   - input, output: the terminal, both ends.
  ///   - guards: whether to catch signals and to restore the terminal in a crash. One editor of a
  ///     process.
  init(input: Int32, output: Int32, palette: Palette, guards: Bool = true) throws {
    clibedit_use_utf8()
    self.palette = palette
    terminal = Terminal(input: input, output: output)
    wakePipe = try EventPipe()
    signals = try EventPipe()
    if guards {
      guard clibedit_guard_terminal(input) == 0 else {
        throw SystemError(call: "tcgetattr", errno: errno)
      }
      clibedit_report_signals(signals.writing)
    }
    guard let reading = fdopen(fcntl(input, F_DUPFD_CLOEXEC, 3), "r"), let sink = clibedit_sink(),
      let editor = el_init_fd("hubbub", reading, sink, sink, input, output, output),
      let history = history_init()
    else { throw SystemError(call: "el_init_fd", errno: errno) }
    streams = [reading, sink]
    self.editor = editor
    self.history = history
    configure()
  }

  deinit {
    el_end(editor)
    history_end(history)
    for stream in streams { fclose(stream) }
  }

  /// Waits until a line is typed.
  func readLine() -> Outcome {
    isFirstCharacter = true
    outcome = nil
    terminal.marksPastes(true)
    defer { terminal.marksPastes(false) }
    var count: Int32 = 0
    let text = el_gets(editor, &count)
    if let outcome { return outcome }
    guard let text, count > 0 else { return .endOfInput }
    let line = String(cString: text)
    return .line(line.hasSuffix("\n") ? String(line.dropLast()) : line)
  }

  /// Puts a line into the history, for Up and Ctrl-R.
  func remember(_ line: String) {
    _ = clibedit_history_string(history, H_ENTER, line)
  }

  /// Ends the line being typed, as a signal would. From within a call to `user`.
  func stop() { outcome = .endOfInput }

  /// Removes the prompt from the screen, and prints what still waits. No line is read after it.
  func finish() { terminal.erase() }

  /// The signal that a test's terminal cannot send: the process under test is another one there.
  func pretendSignal(_ number: Int32) {
    var byte = UInt8(number)
    _ = write(signals.writing, &byte, 1)
  }

  // MARK: Waiting for a character

  /// libedit's reader: 1 and a character, or -1 to end the line.
  func nextScalar(into character: UnsafeMutablePointer<wchar_t>) -> Int32 {
    if isFirstCharacter { prepareLine() }
    while outcome == nil {
      if case .again(let scalar)? = typedAhead.first {
        typedAhead.removeFirst()
        character.pointee = wchar_t(bitPattern: scalar.value)
        return 1
      }
      if let event = nextEvent() {
        guard let scalar = handle(event) else { continue }
        character.pointee = wchar_t(bitPattern: scalar.value)
        return 1
      }
      if clibedit_take_bell() != 0 { terminal.bell() }
      paint()
      wait()
    }
    return -1
  }

  private func nextEvent() -> InputDecoder.Event? {
    if case .typed(let scalar)? = typedAhead.first {
      typedAhead.removeFirst()
      return .scalar(scalar)
    }
    return pastes.isEmpty ? decoder.next() : pastes.removeFirst()
  }

  /// A virtual terminal so wide that libedit never wraps: its code for that overruns its arrays.
  /// Once a line, since libedit looks the real size up whenever it begins one.
  private func prepareLine() {
    isFirstCharacter = false
    _ = clibedit_set_capability(editor, "li", "24")
    _ = clibedit_set_capability(editor, "co", "16384")
    _ = clibedit_refresh(editor)
  }

  /// The character that libedit gets for an event; nil for those that it never hears of.
  private func handle(_ event: InputDecoder.Event) -> Unicode.Scalar? {
    if user?.isAsking == true {
      answer(event)
      return nil
    }
    switch event {
    case .paste(let text):
      pasted(text)
      return nil
    case .hugePaste(let bytes):
      user?.refusedPaste(bytes: bytes)
      return nil
    case .key(let key):
      if let code = key.editing?.code { return repeated(Unicode.Scalar(code), by: steps(for: key)) }
      user?.pressed(key)
      return nil
    case .scalar(let scalar):
      return handle(scalar)
    }
  }

  private func handle(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if scalar.value != 3 { user?.typed() }
    let isEnter = scalar == "\r" || scalar == "\n"
    defer { answeredAt = nil }
    if isEnter, let answeredAt, .now - answeredAt < Self.answerPause { return nil }
    switch scalar.value {
    case 3:
      keepDraft()
      outcome = .interrupted
    case 8, 127: return repeated(scalar, by: text.stepsBack)
    case 12: user?.redraw()
    case 14 where user?.controlKeysChangeRooms == true: user?.pressed(.nextRoom)
    case 16 where user?.controlKeysChangeRooms == true: user?.pressed(.previousRoom)
    case 26: suspend()
    case 28: outcome = .terminated(SIGQUIT)
    case 0x20..<0x7F, 0xA0...:
      if text.scalars.count < Self.lineLimit { return scalar }
      terminal.bell()
    default: return scalar
    }
    return nil
  }

  // MARK: Characters of several scalars

  /// Has libedit do once more what one key asks for: to it each scalar is a character, to a person
  /// a family with its joiners is one. Its keys stay its own: in a search and in vi's modes it goes
  /// on knowing what Backspace is.
  private func repeated(_ scalar: Unicode.Scalar, by steps: Int) -> Unicode.Scalar {
    // Before anything else that was typed.
    typedAhead.insert(
      contentsOf: repeatElement(scalar, count: max(0, steps - 1)).map(Ahead.again), at: 0)
    return scalar
  }

  private func steps(for key: Key) -> Int {
    switch key {
    case .left: text.stepsBack
    case .right, .delete: text.stepsForward
    default: 1
    }
  }

  /// What Ctrl-C takes away, Up brings back.
  private func keepDraft() {
    let draft = text.string
    if HistoryRule.remembers(draft) { remember(draft) }
  }

  private func answer(_ event: InputDecoder.Event) {
    // More of what is asked about.
    if case .paste(let text) = event { return pasted(text) }
    if case .hugePaste(let bytes) = event { user?.refusedPaste(bytes: bytes) }
    guard case .scalar(let scalar) = event else { return }
    switch scalar {
    case "y", "Y": answer(true)
    case "n", "N", "q", "\u{1B}", "\u{3}", "\u{4}": answer(false)
    // Enter is what follows a paste by habit: it must not be an answer.
    default: terminal.bell()
    }
  }

  private func answer(_ isYes: Bool) {
    answeredAt = .now
    user?.answered(isYes)
  }

  private func pasted(_ pasted: String) {
    var lines = pasted.split(omittingEmptySubsequences: false) { $0.isNewline }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    guard let line = lines.first else { return }
    let kept = line.unicodeScalars.map { $0 == "\t" ? " " : $0 }.filter {
      $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
    }
    // What the line cannot hold is asked about as several lines are: so nothing is cut off.
    if user?.isAsking == true || lines.count > 1 || text.scalars.count + kept.count > Self.lineLimit
    {
      user?.pasted(lines.map(String.init))
    } else {
      typedAhead += kept.map(Ahead.typed)
    }
  }

  /// Waits for a key, a wake-up, a signal or the user's deadline, and handles all but the key.
  private func wait() {
    var waiting = [terminal.input, wakePipe.reading, signals.reading].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let hasWaited = poll(&waiting, 1, 0) == 0
    if hasWaited { lastIdle = .now }
    let milliseconds = pause.map { Int32(max(0, $0 / .milliseconds(1)).rounded(.up)) } ?? -1
    poll(&waiting, nfds_t(waiting.count), milliseconds)
    // Whatever `poll` says: who was stopped has to know of it before the keys of that time are
    // read.
    for number in signals.drain() { handleSignal(Int32(number)) }
    if waiting[1].revents != 0 { _ = wakePipe.drain() }
    if waiting[0].revents != 0 { readKeys() } else { giveUpWaiting() }
    user?.wake()
  }

  /// How long to wait at the longest; nil for ever.
  private var pause: Duration? {
    [inputPause.map { max(.zero, $0 - (.now - lastRead)) }, user?.pause].compactMap { $0 }.min()
  }

  /// How long the rest of what has begun to come may take; nil where nothing has.
  private var inputPause: Duration? {
    decoder.isPasting ? Self.pastePause : decoder.isUndecided ? Self.escapePause : nil
  }

  private func giveUpWaiting() {
    guard let inputPause, .now - lastRead >= inputPause else { return }
    if let event = decoder.giveUpWaiting() { pastes.append(event) }
  }

  private func readKeys() {
    guard let keys = readOnce() else { return }
    let isSudden = lastIdle.map { .now - $0 < Self.typeAheadPause } ?? false
    lastRead = .now
    guard isSudden, !decoder.isPasting, keys.count >= KeyBurst.minimumBytes else {
      return decoder.feed(keys)
    }
    var burst = KeyBurst(keys)
    let rest = gather(&burst)
    let paste = burst.paste(isContinuing: user?.isAsking == true, lineLimit: Self.lineLimit)
    if let paste { pastes.append(paste) } else { decoder.feed(burst.bytes) }
    if let rest { decoder.feed(rest) }
  }

  /// Reads on as long as there is more at once.
  ///
  /// - Returns: a key that ended it.
  private func gather(_ burst: inout KeyBurst) -> [UInt8]? {
    var waiting = pollfd(fd: terminal.input, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(KeyBurst.pause / .milliseconds(1))
    while poll(&waiting, 1, milliseconds) > 0, let keys = readOnce() {
      if !burst.add(keys) { return keys }
    }
    lastRead = .now
    return nil
  }

  /// What the terminal has; nil where it is gone, and then the line ends.
  private func readOnce() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(terminal.input, &buffer, buffer.count)
    if count > 0 { return Array(buffer[..<count]) }
    if count == 0 || (errno != EINTR && errno != EAGAIN) { outcome = .terminated(SIGHUP) }
    return nil
  }

  // MARK: Drawing

  /// What libedit holds: read from it each time, so that a running search is seen as well.
  private var text: EditedText {
    guard let line = el_wline(editor)?.pointee, let buffer = line.buffer else {
      return EditedText(scalars: [], cursor: 0)
    }
    let scalars = UnsafeBufferPointer(start: buffer, count: line.lastchar - buffer).map {
      Unicode.Scalar(UInt32(bitPattern: $0)) ?? "\u{FFFD}"
    }
    return EditedText(scalars: scalars, cursor: line.cursor - buffer)
  }

  private func paint() {
    guard let user else { return }
    let text = text
    terminal.paint(
      InputLayout(
        notes: user.notes(for: text.scalars), prompt: user.prompt, text: text.scalars,
        cursor: text.cursor,
        columns: terminal.columns, palette: palette))
  }
}
