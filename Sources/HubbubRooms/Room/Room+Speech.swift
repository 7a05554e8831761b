import HubbubLog
import IRCWire

extension Room {
  /// Publishes what somebody says, each at its place, which is its place for everyone.
  ///
  /// - Parameters:
  ///   - reference: the room as it was asked for, and looked up.
  ///   - status: says it to those alone whose status is at least this one (STATUSMSG).
  /// - Throws: `.isStale` where the room has another name than the one that was asked for,
  ///   `.isClosed` where nobody is here any more. What is refused of several things stands in the
  ///   outcome.
  func say(
    _ speeches: [Speech], in reference: RoomReference, to status: MemberStatus?, by author: Author,
    now: Timestamp
  ) throws(Refusal) -> Outcome {
    try state.withLock { (state) throws(Refusal) in
      let name = name
      if !reference.isFor(self, naming: state.naming),
        FoldedName(name) != FoldedName(reference.name)
      {
        throw .isStale
      }
      // A room that is closed may still be known to somebody; its name may belong to another by
      // now.
      if state.isClosed { throw .isClosed }
      let speaker = try speaker(author, of: speeches, &state)
      var outcome = Outcome()
      outcome.answer = .spoken(
        RoomReference(reference.name, self, naming: state.naming))
      guard let first = speeches.first else { return outcome }
      let target = status.map { $0.prefixes(all: false) + name } ?? name
      var event = SpokenEvent(first, from: speaker.source, to: target, by: author)
      let audience = speaker.audience(wanted: status)
      let readsLog = state.readers.contains(author.session.id)
      for speech in speeches {
        if state.modes.refusesRequests, speech.isRequest {
          outcome.refusals.append(.cannotSpeak("C"))
          continue
        }
        event.speech = speech
        if let audience {
          tell(event, toAtLeast: audience, by: author, now: now, &outcome, &state)
        } else if let receipt = publish(
          event, by: author, readsLog: readsLog, now: now, &state)
        {
          outcome.receipts.append(receipt)
        }
        if status == nil { recordSpeech(by: author, &state) }
      }
      count(speeches.count - outcome.refusals.count, by: author, &state)
      // Of a message for some, the others have at least its number to read.
      outcome.rooms = [self]
      return outcome
    }
  }

  /// Publishes what a bridge says for somebody who is elsewhere (IRCv3 draft/relaymsg). Deliver
  /// afterwards.
  ///
  /// - Parameters:
  ///   - source: of whoever it is said for.
  ///   - author: the bridge.
  ///   - isTrusted: whether it need not operate the room, because it operates the server.
  func relay(
    _ speech: Speech, from source: String, by author: Author, isTrusted: Bool, now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      guard let seat = state.roster[author.member.id] else { throw .notMember }
      guard isTrusted || seat.status.contains(.operating) else { throw .operatorNeeded }
      if state.modes.refusesRequests, speech.isRequest { throw .cannotSpeak("C") }
      let tags = EventTags(client: speech.tags, relayedBy: seat.nickname)
      let event = SpokenEvent(speech, from: source, to: name, by: author.session.id, tags)
      let receipt = publish(event, by: author, now: now, &state)
      recordSpeech(by: author, &state)
      return receipt
    }
  }

  /// Shows an event to those alone whose status is at least `needed`, and to its author where it
  /// wants an echo.
  ///
  /// The entry in the log is seen by nobody; it gives the message its number, and those it is for
  /// get it in private places right behind it: in one order with everything else.
  private func tell(
    _ event: SpokenEvent, toAtLeast needed: MemberStatus, by author: Author, now: Timestamp,
    _ outcome: inout Outcome, _ state: inout State
  ) {
    let listeners = state.roster.entries.filter { $0.status.isAtLeast(needed) }
    // A connection that is still to come into the room knows nothing of it.
    let listening = listeners.flatMap(\.member.sessions).filter {
      $0 !== author.session && state.readers.contains($0.id)
    }
    let copies = Copies(for: listening)
    let own = author.placeForCopy(of: .onRequest, readsLog: false)
    let blank = Event(author: author.session.id, echo: .never, line: [])
    let place = append(blank, now: now, isWatched: false, &state)
    copies.put(event, at: place)
    outcome.copies += listening.count
    if let own { outcome.receipts.append(own.receipt(of: event, at: place)) }
  }

  /// Takes back a message: one's own, or anybody's where one operates the room. Deliver afterwards.
  ///
  /// - Parameters:
  ///   - id: the message's.
  ///   - storedIn, isOwn, asServer: see `Action.Deed.redact`.
  func redact(
    id: String, reason: String?, by author: Author, storedIn: [UInt8]? = nil,
    isOwn: Bool = false, asServer: Bool = false, now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      let seat = state.roster[author.member.id]
      if seat == nil, !asServer { throw .notMember }
      let known = sequence(ofMessageID: id).flatMap { sequence in
        state.recent.author(of: sequence).map { (sequence: sequence, writer: $0) }
      }
      guard known != nil || storedIn == epoch else { throw .unknownMessage }
      let isOperating = asServer || seat?.status.contains(.operating) == true
      guard known?.writer == author.member.id || isOwn || isOperating else {
        throw .operatorNeeded
      }
      if let known { state.recent.remove(known.sequence) }
      // Whoever may not speak here may take back what it said, without a word.
      let words = asServer || silence(of: author.member, &state) == nil ? reason : nil
      let source = seat?.source ?? serverName
      let event = Event(redacting: id, in: name, words, by: author, known: source)
      return publish(event, by: author, now: now, &state)
    }
  }

  /// Somebody who speaks, as the room knows it.
  private struct Speaker {
    let source: String

    /// Whether operators alone hear it (`+U`).
    let isHeardByOperators: Bool

    /// The status of those who hear what it wants to say to `wanted`; nil for everybody.
    func audience(wanted: MemberStatus?) -> MemberStatus? {
      guard isHeardByOperators else { return wanted }
      return wanted.map { $0.isAtLeast(.assisting) ? $0 : .assisting } ?? .assisting
    }
  }

  private func speaker(
    _ author: Author, of speeches: [Speech], _ state: inout State
  ) throws(Refusal) -> Speaker {
    let seat = state.roster[author.member.id]
    // To those outside a secret room is none, and so they can say nothing there.
    if seat == nil, state.modes.isSecret { throw .noSuchRoom }
    if seat == nil, state.modes.isClosedToOutside { throw .cannotSpeak("n") }
    if state.modes.refusesRequests, speeches.allSatisfy(\.isRequest) { throw .cannotSpeak("C") }
    let source = seat?.source ?? author.member.profile.source
    guard let mode = silence(of: author.member, seat, &state) else {
      return Speaker(source: source, isHeardByOperators: false)
    }
    guard state.modes.isHeardByOperators, seat != nil else { throw .cannotSpeak(mode) }
    return Speaker(source: source, isHeardByOperators: true)
  }

  /// Counts messages for the shares that each has of what is said.
  private func count(_ messages: Int, by author: Author, _ state: inout State) {
    state.messages += UInt64(messages)
    guard state.readers.contains(author.session.id) else { return }
    state.messagesBySession[author.session.id, default: 0] += UInt64(messages)
  }

  private func recordSpeech(by author: Author, _ state: inout State) {
    let isRead = state.logs.contains { $0.rendition.showsRedactions }
    guard isRead || isReplicated else { return }
    state.recent.note(published.value, by: author.member.id)
  }
}
