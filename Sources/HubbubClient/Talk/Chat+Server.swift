import IRCWire

/// The commands that are about the server and the way to it.
extension Chat {
  mutating func runServer(_ name: CommandName, _ words: inout Words) {
    switch name {
    case .oper:
      let name = words.next()!
      send("OPER", name, words.text ?? "")
    case .motd: send("MOTD")
    case .disconnect:
      if link == .parked, elsewhere.servers.isEmpty {
        return inform("You are disconnected already: /reconnect.")
      }
      // Whoever says it twice needs the server no more.
      if link == .parked { return perform(.closeServer) }
      perform(.disconnect(words.text ?? "Leaving"))
    case .reconnect: comeBack()
    default: connect(&words)
    }
  }

  /// Leaves the server, where it is not left, and connects again.
  mutating func comeBack() {
    if link == .parked {
      link = .connecting
      inform("Connecting again …")
    }
    perform(.reconnect)
  }

  /// `/connect chat.example 6697`, `/connect ircs://chat.example/tea`.
  private mutating func connect(_ words: inout Words) {
    let text = words.next()!
    let port = words.next()
    let password = words.next()
    guard var address = ServerAddress(text) else {
      return fail("“\(SafeText.clean(text))” is no server: write host, host:port or ircs://host.")
    }
    if let port {
      // As irssi and others write it.
      guard let number = UInt16(port.drop { $0 == "+" }), number > 0 else {
        return fail("“\(SafeText.clean(port))” is no port.")
      }
      address.isEncrypted = address.isEncrypted ?? (port.hasPrefix("+") ? true : nil)
      address.setPort(number)
    }
    perform(.connect(address, password: password))
  }

  /// Another server is to be talked to in the place of this one: what belongs to the one before is
  /// forgotten.
  mutating func leaveServer(for name: String, nickname: String?) {
    settlePresence()
    loseOwnLines()
    rooms = Rooms()
    server = name
    if let nickname { wantedNickname = nickname }
    link = .connecting
    (batches, historyRequests, typers, toldDraft) = (Batches(), [:], [], nil)
    (supported, capabilities) = ([:], [])
    (wantedRooms, pendingKeys, cycled, distrust) = ([], [:], [], [])
    (waiting, undelivered) = ([], [])
    (lostAt, pingSent, ownAddress) = (nil, nil, nil)
    (isAway, isStarting, knowsIson) = (false, true, true)
    inform("Going to \(SafeText.clean(name)) …")
  }

  /// The first words on a new connection.
  mutating func greet() {
    inform(
      "You are \(SafeText.clean(nickname)) at \(SafeText.clean(server)). /help lists the commands, "
        + "Tab completes, Ctrl-C twice leaves.")
  }

  /// The connection is made anew because a person wants it.
  mutating func restart(now: Timestamp) {
    self.now = now
    // Another server: then nothing of the old one is left to say anything about.
    guard link == .up || link == .down || link == .parked else { return }
    if link == .up { lostAt = lastHeard }
    link = .connecting
    leaveRooms()
    loseOwnLines()
    inform("Connecting again …")
  }

  private mutating func leaveRooms() {
    endAllHistory()
    batches.forget()
    typers = []
    pingSent = nil
    rooms.updateAll { room in
      room.isJoined = room.isPrivate
      room.forgetMembers()
    }
  }

  /// Whoever left the server by `/disconnect` stays away.
  mutating func park(_ reason: String, now: Timestamp) {
    self.now = now
    if link == .up { lostAt = lastHeard }
    link = .parked
    leaveRooms()
    loseOwnLines()
    fail("\(reason) /reconnect comes back; what you type meanwhile is kept.")
  }
}
