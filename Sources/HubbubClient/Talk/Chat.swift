import IRCWire

/// What the client knows and decides, without a terminal and without a network.
///
/// A plain value: events go in, and what is to be done comes out of `takeEffects()`, in order.
struct Chat {
  /// How the connection is.
  enum Link: Equatable {
    case connecting
    case up
    case down

    /// Left by `/disconnect`, or refused: nobody tries again until asked to.
    case parked
  }

  /// Where a word is a command, this many lines that could not be sent are kept for later at most.
  static let waitingLimit = 100

  var nickname: String

  /// The name that one wants to have; someone else may have it now.
  var wantedNickname: String
  var rooms = Rooms()
  var settings: Settings
  var link = Link.connecting

  /// What is open with other servers.
  var elsewhere = Elsewhere()

  /// What the server said in 005, and what of IRCv3 it agreed to.
  var supported: [String: String] = [:]
  var capabilities: Set<String> = []
  var server: String

  /// Whom one believes to be that server, as it stands in the settings; nil for plain text.
  var trust: String?

  /// Our own `user@host`, as others see it, once we saw it.
  var ownAddress: String?
  var isAway = false

  /// Rooms that were asked for and not yet entered: the first one goes onto the screen.
  var wantedRooms: Set<FoldedName> = []

  /// Keys that were given for rooms not yet entered.
  var pendingKeys: [FoldedName: String] = [:]

  /// Rooms that are left only to be entered again.
  var cycled: Set<FoldedName> = []

  /// Whether the rooms of the command line are still being entered: the first one stays on the
  /// screen.
  var isStarting = true

  /// Since when the connection is gone.
  var lostAt: Timestamp?

  /// What was said of others who answered in the server's place since the connection was lost.
  var distrust: Set<String> = []

  /// Said while the connection was gone.
  var waiting: [OwnLine] = []

  /// Said, and not yet echoed by a server that echoes.
  var onTheirWay: [OwnLine] = []

  /// What was lost with the connection, or refused: `/resend` says it again.
  var undelivered: [OwnLine] = []

  /// When a PING of ours was sent, and whether a person asked for it.
  var pingSent: (at: Timestamp, isAsked: Bool)?
  var lastHeard: Timestamp
  var lastNicknameAttempt: Timestamp
  var lastDayShown: Int?

  /// The window, in cells: for what is shown by the page, and for a prompt that leaves room to
  /// type.
  var columns = 80
  var rows = 24

  /// The page of the help that Enter shows next.
  var nextHelpPage: Int?

  /// Messages of which more are still to come.
  var batches = Batches()

  /// What the server was asked of the past, by the room or the person.
  var historyRequests: [FoldedName: HistoryRequest] = [:]

  /// Since when the connection was gone when it was gone last.
  var lastLost: Timestamp?

  /// Whether the server was asked in which talks something was said.
  var asksForTalks = false

  /// Those who type.
  var typers: [Typer] = []

  /// What others were told last that one types.
  var toldDraft: (room: String, text: String, at: Timestamp)?

  /// The number of the last label.
  var lastLabel = 0

  /// When a program's question was answered last.
  var lastProgramAnswer = Timestamp(milliseconds: 0)

  /// Whether the server can tell who is there (ISON); else the name is simply asked for.
  var knowsIson = true

  /// Whether the client itself asked for the wanted name last: then a refusal is no news.
  var isNicknameAskedBySelf = false

  private(set) var effects: [Effect] = []

  init(nickname: String, server: String, settings: Settings = Settings(), now: Timestamp) {
    self.nickname = nickname
    wantedNickname = nickname
    self.server = server
    self.settings = settings
    lastHeard = now
    lastNicknameAttempt = now
  }

  /// What is to be done since the last call.
  mutating func takeEffects() -> [Effect] {
    defer { effects.removeAll() }
    return effects
  }

  mutating func perform(_ effect: Effect) { effects.append(effect) }

  // MARK: Sending

  /// Sends a line, if it is one: a name that is none must not become another parameter.
  ///
  /// - Returns: whether it goes out.
  @discardableResult
  mutating func send(_ command: String, _ parameters: String...) -> Bool {
    send(Message(command, parameters))
  }

  @discardableResult
  mutating func send(_ message: Message) -> Bool {
    guard link == .up else {
      fail("Not connected: nothing was sent.")
      return false
    }
    for parameter in message.parameters.dropLast()
    where parameter.isEmpty || parameter.hasPrefix(":") || parameter.contains(" ") {
      fail("“\(SafeText.clean(parameter))” cannot be sent as a name.")
      return false
    }
    perform(.send(message))
    return true
  }

  // MARK: Showing

  /// Tells something in the room on the screen.
  mutating func inform(_ text: String) {
    add(Entry(time: now, kind: .information, text: text, isAside: true), to: rooms.currentIndex)
  }

  mutating func fail(_ text: String) {
    add(Entry(time: now, kind: .failure, text: text), to: rooms.currentIndex)
  }

  /// The moment of the event that is being handled.
  var now: Timestamp = Timestamp(milliseconds: 0)

  /// Adds an entry to a room, and shows it where the room is on the screen; without a room it is
  /// only shown.
  mutating func add(_ entry: Entry, to index: Int?) {
    guard let index else {
      show(entry)
      return
    }
    log(entry, in: rooms.all[index].name)
    let isSeen = index == rooms.shownIndex
    if isSeen, case .presence = entry.kind {} else if isSeen { settlePresence() }
    let isMerged = rooms.update(index) { $0.add(entry, isSeen: isSeen) }
    guard isSeen else { return }
    if case .presence = entry.kind {
      // The stretch before was full: it is settled, and this one begins.
      if !isMerged, isPresenceOpen { settle(beforeLast: true) }
      isPresenceOpen = true
    } else {
      show(entry)
    }
  }

  /// Whether the last entry of the room on the screen may still grow: it is shown as a note, not
  /// printed.
  private(set) var isPresenceOpen = false

  /// People who came and went lately, in the room on the screen.
  var openPresence: StyledText? {
    guard isPresenceOpen, let entry = rooms.current?.entries.last else { return nil }
    return rendered(entry)
  }

  /// An entry as it looks with this person's settings.
  func rendered(_ entry: Entry) -> StyledText {
    EntryRenderer.line(entry, clock: clock)
  }

  private var clock: LocalTime.Clock {
    LocalTime.Clock(rawValue: settings.value(of: .time)) ?? .minutes
  }

  /// Prints what was a note so far.
  mutating func settlePresence() { settle(beforeLast: false) }

  private mutating func settle(beforeLast: Bool) {
    guard isPresenceOpen, let entries = rooms.current?.entries else { return }
    isPresenceOpen = false
    if let entry = (beforeLast ? entries.dropLast() : entries[...]).last { show(entry) }
  }

  mutating func show(_ entry: Entry) {
    let day = LocalTime(entry.time).day
    if let lastDayShown, day != lastDayShown {
      perform(.show(EntryRenderer.rule(LocalTime(entry.time).date)))
    }
    lastDayShown = day
    for line in EntryRenderer.lines(entry, clock: clock) { perform(.show(line)) }
  }
}
