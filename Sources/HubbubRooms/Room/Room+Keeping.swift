import HubbubLog
import IRCWire

// A registered room: what is kept of it, and who has which standing there.

extension Room {
  /// The number under which it is kept; nil for a room that is not registered. Any thread.
  public var keptNumber: Int64? { state.withLock { $0.registration?.number } }

  /// Who may do what in it; nil for a room that is not registered. Any thread.
  public var registration: RoomRegistration? { state.withLock { $0.registration } }

  /// Who may read what was said before they came, where its founder has said so. Any thread.
  public var visibility: RoomRegistration.Visibility? {
    state.withLock { $0.registration?.visibility }
  }

  /// What is to be kept of it now; nil where it is not registered. Any thread.
  public var kept: (number: Int64, room: KeptRoom)? {
    state.withLock { state in
      guard let registration = state.registration else { return nil }
      let lists: [(Character, MaskList)] = [
        ("b", state.lists.bans), ("e", state.lists.banExceptions),
        ("I", state.lists.inviteExceptions),
      ]
      let entries = lists.flatMap { letter, list in
        list.entries.map {
          KeptRoom.Entry(
            list: letter, mask: $0.mask.description, setBy: $0.setBy, setAt: $0.setAt)
        }
      }
      let changes = state.modes.changes(showsKey: true).filter { $0.mode != "r" }
      let room = KeptRoom(
        name: name, createdAt: createdAt, topic: state.topic,
        modes: ModeChange.encoded(changes), entries: entries,
        visibility: registration.visibility)
      return (registration.number, room)
    }
  }

  /// Puts it back as it was kept. Before anybody knows of it.
  func restore(_ kept: KeptRoom, _ registration: RoomRegistration) {
    state.withLock { state in
      state.registration = registration
      state.topic = kept.topic
      var modes = RoomModes()
      (modes.isClosedToOutside, modes.isTopicProtected) = (false, false)
      for case .change(let change) in RoomModes.syntax.parse(
        kept.modes.first ?? "", parameters: Array(kept.modes.dropFirst()))
      { modes.set(change) }
      modes.isRegistered = true
      state.modes = modes
      for entry in kept.entries {
        // What no longer means anything here is passed over.
        guard let mask = try? RoomMask(entry.mask, in: entry.list) else { continue }
        _ = state.lists.apply(
          ModeChange(isAdding: true, entry.list), mask, by: entry.setBy, at: entry.setAt,
          limit: .max)
      }
      noteRestriction(state)
    }
  }

  /// Registers the room, or gives it back (nil). All who are here are told by the server's MODE.
  ///
  /// - Throws: `.isClosed` where there is nobody any more, and nothing that lasts; `.isRegistered`
  ///   where it is somebody's already.
  func setRegistration(
    _ registration: RoomRegistration?, by author: Author, now: Timestamp
  ) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      if state.isClosed { throw .isClosed }
      if state.charter != nil, registration != nil { throw .roomNameIsFixed }
      if let registration, let known = state.registration, known.number != registration.number {
        throw .isRegistered
      }
      let wasRegistered = state.registration != nil
      state.registration = registration
      state.modes.isRegistered = registration != nil
      noteRestriction(state)
      if wasRegistered != (registration != nil) {
        appendByServer([ModeChange(isAdding: registration != nil, "r")], now: now, &state)
      }
      if state.isClosed { state.naming += 1 }
    }
  }

  /// Says who may read from here on what was said before they came.
  func setVisibility(_ visibility: RoomRegistration.Visibility?) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      guard state.registration != nil else { throw .isClosed }
      state.registration?.visibility = visibility
      noteRestriction(state)
    }
  }

  /// Gives an account a standing, or takes it (nil): those of it who are here have it at once.
  func setStanding(
    _ standing: RoomRegistration.Standing?, of account: String, now: Timestamp
  ) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      guard state.registration != nil else { throw .isClosed }
      state.registration?.set(account, standing)
      let wanted = standing?.status ?? []
      var changes: [ModeChange] = []
      for seat in state.roster.entries {
        guard let name = seat.member.profile.account, FoldedName(name) == FoldedName(account)
        else { continue }
        changes += seat.status.changes(to: wanted, of: seat.nickname)
        state.roster.update(seat.member.id) { $0.status = wanted }
      }
      appendByServer(changes, now: now, &state)
    }
  }

  /// Somebody who is here has logged in: it has the standing that it is entitled to. Deliver
  /// afterwards.
  ///
  /// - Returns: whether anything has changed.
  func recognize(_ member: Member, now: Timestamp) -> Bool {
    state.withLock { state in
      guard let seat = state.roster[member.id],
        let standing = state.registration?.standing(of: member.profile.account)
      else { return false }
      let wanted = seat.status.union(standing.status)
      guard wanted != seat.status else { return false }
      state.roster.update(member.id) { $0.status = wanted }
      appendByServer(seat.status.changes(to: wanted, of: seat.nickname), now: now, &state)
      return true
    }
  }

  /// The room is over: sessions that spoke in it may hold on to it for long, and it to nothing.
  func letGo() {
    state.withLock { state in
      (state.logs, state.forms, state.recent) = ([], EventForms(), RecentSpeech())
      (state.lists, state.invited) = (MaskLists(), [])
    }
  }

  /// Lets go of its people as well. Under the registry's lock.
  func dissolve() {
    letGo()
    state.withLock { ($0.roster, $0.readers) = (Roster(), Roster()) }
  }

  /// A MODE of the server's, in as many lines as it needs. Under the room's lock.
  private func appendByServer(
    _ changes: [ModeChange], now: Timestamp, _ state: inout State
  ) {
    guard !changes.isEmpty else { return }
    let room =
      LineBuffer.maxBytes - 2 - serverName.utf8.count - name.utf8.count - ":  MODE ".utf8.count
    for part in ModeChange.fitting(changes, bytes: room) {
      var line = LineBuffer()
      line.append(source: serverName, "MODE", [name] + ModeChange.encoded(part))
      append(Event(author: 0, echo: .always, line: line.bytes), now: now, &state)
    }
  }
}

extension MemberStatus {
  /// What a MODE has to change of it for somebody.
  fileprivate func changes(to wanted: MemberStatus, of nickname: String) -> [ModeChange] {
    "ohv".compactMap { letter in
      guard let status = MemberStatus(mode: letter),
        contains(status) != wanted.contains(status)
      else { return nil }
      return ModeChange(isAdding: wanted.contains(status), letter, nickname)
    }
  }
}
