import IRCWire

extension Room {
  /// Publishes what somebody says.
  ///
  /// Its place in the log is its place for everyone. Deliver afterwards. It is written before the room is
  /// locked, so that nobody waits for that; where the room then has, or knows the author by, another name than is
  /// written there, it is refused (`.wasRenamed`, `.isKnownAs`), to be written again.
  /// - Parameters:
  ///   - target: the room's name in the event; nil where that does not matter.
  ///   - isRequest: whether it asks the members' programs for something (CTCP).
  /// - Returns: the author's own copy, where it is not in the log that the author reads.
  public func speak(
    _ event: Event, to target: String? = nil, by author: Author, isRequest: Bool = false,
    now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      if let target, target != name { throw .wasRenamed }
      try checkSpeech(by: author, isRequest: isRequest, &state)
      let receipt = publish(event, by: author, now: now, &state)
      noteSpeech(by: author, &state)
      return receipt
    }
  }

  /// Publishes what somebody says to those alone who have at least a certain standing (STATUSMSG).
  ///
  /// The entry in the log is seen by nobody; it gives the message its number, and those it is for get it in
  /// private places right behind it: in one order with everything else.
  /// - Parameter target: the room's name in the event.
  /// - Returns: those to deliver to, and the author's own copy if it wants one.
  public func speak(
    _ event: Event, to target: String, by author: Author, toStanding needed: Standing,
    isRequest: Bool = false, now: Timestamp
  ) throws(Refusal) -> (members: [Member], receipt: Receipt?) {
    try state.withLock { (state) throws(Refusal) in
      if target != name { throw .wasRenamed }
      try checkSpeech(by: author, isRequest: isRequest, &state)
      let blank = Event(author: author.member.id, echo: .never, line: [])
      append(blank, now: now, &state)
      let (time, id) = (state.lastTime, messageID(published.value))
      var copies: [Rendition: Block] = [:]
      var members: [Member] = []
      for seat in state.roster.seats
      where seat.member !== author.member && seat.standing.reaches(needed) {
        let rendition = seat.cursor.rendition
        let copy = copies[rendition] ?? Block(event.encoded(as: rendition, time: time, id: id))
        copies[rendition] = copy
        seat.member.outbox.place(copy)
        members.append(seat.member)
      }
      guard author.wantsEcho else { return (members, nil) }
      let placed = Event.Placed(event: event, time: time, id: id)
      return (members, Receipt(reservation: author.member.outbox.reserve(), placed: placed))
    }
  }

  /// Takes back a message: one's own, or anybody's where one operates the room. Deliver afterwards.
  ///
  /// - Parameter id: the message's.
  public func redact(
    id: String, reason: String?, by author: Author, now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      guard let seat = state.roster[author.member.id] else { throw .notMember }
      guard let sequence = sequence(ofMessageID: id),
        let writer = state.recent.author(of: sequence)
      else { throw .unknownMessage }
      guard writer == author.member.id || seat.standing.contains(.operating) else {
        throw .operatorNeeded
      }
      state.recent.remove(sequence)
      let event = Event(redacting: id, in: name, reason, by: author.known(as: seat.source))
      return publish(event, by: author, now: now, &state)
    }
  }

  private func checkSpeech(
    by author: Author, isRequest: Bool, _ state: inout State
  ) throws(Refusal) {
    // A room that is over may still be known to somebody; its name may belong to another by now.
    if state.isOver { throw .isOver }
    let seat = state.roster[author.member.id]
    let source = seat?.source ?? author.member.profile.source
    if source != author.source { throw .isKnownAs(source) }
    if state.modes.isClosedToOutside, seat == nil { throw .cannotSpeak("n") }
    if state.modes.refusesRequests, isRequest { throw .cannotSpeak("C") }
    if let seat, !seat.standing.isEmpty { return }
    if state.modes.isModerated { throw .cannotSpeak("m") }
    if isSilenced(author, &state) { throw .cannotSpeak("b") }
  }

  /// Whether a ban or a muting silences somebody without a voice. The verdict is kept until the bans change.
  private func isSilenced(_ author: Author, _ state: inout State) -> Bool {
    guard !state.lists.bans.isEmpty else { return false }
    let version = state.lists.banVersion
    if let known = state.roster[author.member.id]?.silence, known.version == version {
      return known.isSilenced
    }
    let isSilenced = state.lists.isSilenced(author.member.profile.maskSubject)
    state.roster.update(author.member.id) { $0.silence = (version, isSilenced) }
    return isSilenced
  }

  private func noteSpeech(by author: Author, _ state: inout State) {
    guard state.logs.contains(where: { $0.log.rendition.showsRedactions }) else { return }
    state.recent.note(published.value, by: author.member.id)
  }
}
