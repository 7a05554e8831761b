import IRCWire

extension Chat {
  /// After this long without a word from the server it is asked whether it is there.
  private static let quietLimitSeconds: Int64 = 60

  /// And after this long without an answer the connection is given up.
  private static let answerLimitSeconds: Int64 = 45

  /// How often a name that was taken is tried again.
  private static let nicknamePauseSeconds: Int64 = 20

  /// The server has let us in.
  mutating func linkUp(
    nickname: String, capabilities: Set<String>, supported: [String: String], now: Timestamp
  ) {
    self.now = now
    let isReturn = lostAt != nil
    link = .up
    self.nickname = nickname
    self.capabilities = capabilities
    self.supported = supported
    lastHeard = now
    lastNicknameAttempt = now
    pingSent = nil
    isAway = false
    // A name that is too long comes back shorter: that is the one, then.
    if wantedNickname.hasPrefix(nickname) { wantedNickname = nickname }
    if nickname != wantedNickname {
      fail(
        "The name \(SafeText.clean(wantedNickname)) is taken: you are \(SafeText.clean(nickname)) "
          + "until it is free."
      )
    }
    distrust = []
    let lost = lostAt
    if isReturn { noteReturn() }
    let targets = rooms.all.filter { !$0.isPrivate && $0.isWanted }
    runCommandsOnConnect()
    if let lost { missedTalks(since: lost) }
    for room in targets { join(room.name, key: room.key) }
    if isReturn { sendWaiting(to: nil) }
    // Not for rooms that are not entered again: their lines wait for nothing.
    let entered = Set(targets.map { FoldedName($0.name) })
    for name in Set(waiting.map(\.target)) where !entered.contains(FoldedName(name)) {
      giveBackWaiting(for: name)
    }
  }

  /// Only at the server that they are for, and never less protected than it is remembered.
  private mutating func runCommandsOnConnect() {
    let commands = settings.commandsOnConnect
    guard !commands.isEmpty else { return }
    guard server == settings.server, settings.tls == nil || trust != nil else {
      return inform("The commands on connect are not run here: /save makes this server theirs.")
    }
    for command in commands { typed(command, now: now) }
  }

  private mutating func missedTalks(since lost: Timestamp) {
    lastLost = lost
    askForTalks(since: lost)
  }

  private mutating func noteReturn() {
    guard let lost = lostAt else { return }
    lostAt = nil
    let seconds = Int((now.milliseconds - lost.milliseconds) / 1000)
    let from = LocalTime(lost).clock
    let back = "Back after \(Sentence.duration(seconds: seconds))."
    guard historyPage == nil else { return inform("\(back) What was said meanwhile follows.") }
    inform("\(back) What was said since \(from) may be missing.")
    for index in rooms.all.indices where index != rooms.currentIndex {
      add(
        Entry(
          time: now, kind: .information,
          text:
            "The connection was lost from \(from) to \(LocalTime(now).clock): something may be "
            + "missing."
        ),
        to: index)
    }
  }

  /// The connection is gone, and another attempt follows after `pause`.
  ///
  /// - Parameter isDistrust: whether somebody else answered than should: that is said once more
  ///   while it lasts.
  mutating func linkDown(
    reason: String, pause: Duration, isDistrust: Bool = false, now: Timestamp
  ) {
    self.now = now
    if isDistrust, link != .up, lostAt != nil, distrust.insert(reason).inserted {
      fail("\(reason) Nothing was said to it.")
    }
    // Once, and not at each attempt to reach a server that never answered.
    if link == .up || lostAt == nil && link != .down {
      // Nothing was heard since then, however late it was noticed.
      if link == .up { lostAt = lastHeard }
      fail("\(reason) Trying again; what you type meanwhile is kept.")
    }
    endAllHistory()
    batches.forget()
    typers = []
    link = .down
    pingSent = nil
    loseOwnLines()
    rooms.updateAll { room in
      room.isJoined = room.isPrivate
      room.forgetMembers()
    }
  }

  /// Sends what was said to `target` while the connection was gone; nil: to people.
  mutating func sendWaiting(to target: String?) {
    let isDue = { [self] (line: OwnLine) in
      target.map(line.isTo) ?? !isRoomName(line.target)
    }
    let due = waiting.filter(isDue)
    waiting.removeAll(where: isDue)
    if target == nil { rooms.updateAll { if $0.isPrivate { $0.dropWaiting() } } }
    for line in due { say(line) }
  }

  /// Called now and then: keeps the connection alive and gets the name back.
  mutating func tick(now: Timestamp) {
    self.now = now
    typers.removeAll { $0.until <= now }
    guard link == .up else { return }
    giveUpHistory()
    tellMarker()
    let quiet = (now.milliseconds - lastHeard.milliseconds) / 1000
    if let pingSent, (now.milliseconds - pingSent.at.milliseconds) / 1000 >= Self.answerLimitSeconds
    {
      self.pingSent = nil
      perform(.hangUp)
    } else if pingSent == nil, quiet >= Self.quietLimitSeconds {
      ping(isAsked: false)
    }
    let sinceAttempt = (now.milliseconds - lastNicknameAttempt.milliseconds) / 1000
    if nickname != wantedNickname, sinceAttempt >= Self.nicknamePauseSeconds {
      lastNicknameAttempt = now
      isNicknameAskedBySelf = true
      send(knowsIson ? "ISON" : "NICK", wantedNickname)
    }
  }

  mutating func ping(isAsked: Bool) {
    send("PING", "lag-\(now.milliseconds)")
    if link == .up { pingSent = (now, isAsked) }
  }

  mutating func pong() {
    guard let pingSent else { return }
    self.pingSent = nil
    if pingSent.isAsked {
      inform("To the server and back: \(now.milliseconds - pingSent.at.milliseconds) ms.")
    }
  }

  /// Whether a target is a room, by the server's own word.
  func isRoomName(_ name: String) -> Bool {
    guard let first = name.first else { return false }
    return (supported["CHANTYPES"].flatMap { $0.isEmpty ? nil : $0 } ?? "#&").contains(first)
  }
}
