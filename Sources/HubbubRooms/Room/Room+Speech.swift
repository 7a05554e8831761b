import HubbubLog
import IRCWire

extension Room {
  /// Publishes what somebody says.
  ///
  /// Its place in the log is its place for everyone. Deliver afterwards. It is written before the
  /// room is locked, so that nobody waits for that; where the room then has, or knows the author
  /// by, another name than is written there, it is refused (`.wasRenamed`, `.isKnownAs`), to be
  /// written again.
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
      let audience = try audience(of: author, isRequest: isRequest, &state)
      let receipt =
        audience == .everybody
        ? publish(event, by: author, now: now, &state)
        : tell(event, to: .assisting, by: author, now: now, &state).receipt
      recordSpeech(by: author, &state)
      return receipt
    }
  }

  /// Publishes what somebody says to those alone who have at least a certain status (STATUSMSG).
  ///
  /// - Parameter target: the room's name in the event.
  /// - Returns: those to deliver to, and the author's own copy if it wants one.
  public func speak(
    _ event: Event, to target: String, by author: Author, toStatus needed: MemberStatus,
    isRequest: Bool = false, now: Timestamp
  ) throws(Refusal) -> (members: [Member], receipt: Receipt?) {
    try state.withLock { (state) throws(Refusal) in
      if target != name { throw .wasRenamed }
      let audience = try audience(of: author, isRequest: isRequest, &state)
      let isForAll = audience == .everybody || needed.isAtLeast(.assisting)
      return tell(event, to: isForAll ? needed : .assisting, by: author, now: now, &state)
    }
  }

  /// Publishes what a bridge says for somebody who is elsewhere (IRCv3 draft/relaymsg). Deliver
  /// afterwards.
  ///
  /// - Parameters:
  ///   - author: the bridge.
  ///   - isTrusted: whether it need not operate the room, because it operates the server.
  public func relay(
    _ event: Event, to target: String, by author: Author, isTrusted: Bool, isRequest: Bool,
    now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      if target != name { throw .wasRenamed }
      guard let seat = state.roster[author.member.id] else { throw .notMember }
      guard isTrusted || seat.status.contains(.operating) else { throw .operatorNeeded }
      if state.modes.refusesRequests, isRequest { throw .cannotSpeak("C") }
      let receipt = publish(event, by: author, now: now, &state)
      recordSpeech(by: author, &state)
      return receipt
    }
  }

  /// Puts an event before those alone who have at least a certain status, and its author where it
  /// wants an echo.
  ///
  /// The entry in the log is seen by nobody; it gives the message its number, and those it is for
  /// get it in private places right behind it: in one order with everything else.
  private func tell(
    _ event: Event, to needed: MemberStatus, by author: Author, now: Timestamp, _ state: inout State
  ) -> (members: [Member], receipt: Receipt?) {
    let blank = Event(author: author.member.id, echo: .never, line: [])
    append(blank, now: now, &state)
    let (time, id) = (state.lastTime, messageID(published.value))
    var copies: [Rendition: Block] = [:]
    var members: [Member] = []
    for seat in state.roster.seats
    where seat.member !== author.member && seat.status.isAtLeast(needed) {
      let rendition = seat.rendition
      let copy = copies[rendition] ?? Block(event.encoded(as: rendition, time: time, id: id))
      copies[rendition] = copy
      seat.member.outbox.place(copy)
      members.append(seat.member)
    }
    guard author.wantsEcho else { return (members, nil) }
    let placed = Event.Placed(event: event, time: time, id: id)
    return (members, Receipt(reservation: author.member.outbox.reserve(), placed: placed))
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
      guard writer == author.member.id || seat.status.contains(.operating) else {
        throw .operatorNeeded
      }
      state.recent.remove(sequence)
      // Whoever may not speak here may take back what it said, without a word.
      let words = silence(of: author.member, &state) == nil ? reason : nil
      let event = Event(redacting: id, in: name, words, by: author.known(as: seat.source))
      return publish(event, by: author, now: now, &state)
    }
  }

  /// Who hears what somebody says.
  private enum Audience {
    case everybody, operators
  }

  private func audience(
    of author: Author, isRequest: Bool, _ state: inout State
  ) throws(Refusal) -> Audience {
    // A room that is over may still be known to somebody; its name may belong to another by now.
    if state.isClosed { throw .isClosed }
    let seat = state.roster[author.member.id]
    let source = seat?.source ?? author.member.profile.source
    if source != author.source { throw .isKnownAs(source) }
    // To those outside a secret room is none, and so they can say nothing there.
    let isClosed = state.modes.isClosedToOutside || state.modes.isSecret
    if isClosed, seat == nil { throw .cannotSpeak("n") }
    if state.modes.refusesRequests, isRequest { throw .cannotSpeak("C") }
    guard let mode = silence(of: author.member, &state) else { return .everybody }
    guard state.modes.isHeardByOperators, seat != nil else { throw .cannotSpeak(mode) }
    return .operators
  }

  /// The mode that keeps somebody from speaking to all here; nil where nothing does. The room's
  /// lock is held.
  ///
  /// Whatever text of its own a member's command shows the others is speech, and asks this first.
  func silence(of member: Member, _ state: inout State) -> Character? {
    if let seat = state.roster[member.id], !seat.status.isEmpty { return nil }
    if state.modes.isModerated { return "m" }
    if isSilenced(member, &state) { return "b" }
    return state.modes.isHeardByOperators ? "U" : nil
  }

  /// The same, for the registry, which holds no room's lock.
  func silence(of member: Member) -> Character? { state.withLock { silence(of: member, &$0) } }

  /// Whether a member may not speak to all here. The lock is held (`withLocks`).
  func silences(_ member: Member) -> Bool {
    state.whileLocked { silence(of: member, &$0) != nil }
  }

  /// Whether a ban silences a member. Then it keeps its name for as long as it is here: another
  /// would be the way around the ban, and text besides. Any thread; under no room's lock.
  public func holdsName(of member: Member) -> Bool {
    state.withLock { state in
      state.roster[member.id]?.status.isEmpty == true && isSilenced(member, &state)
    }
  }

  /// Whether a ban or a muting silences somebody without a voice. The verdict on a member is kept
  /// until the bans change.
  func isSilenced(_ member: Member, _ state: inout State) -> Bool {
    guard !state.lists.bans.isEmpty else { return false }
    let version = state.lists.banVersion
    if let known = state.roster[member.id]?.silence, known.version == version {
      return known.isSilenced
    }
    let isSilenced = state.lists.isSilenced(member.profile.maskSubject)
    state.roster.update(member.id) { $0.silence = (version, isSilenced) }
    return isSilenced
  }

  private func recordSpeech(by author: Author, _ state: inout State) {
    guard state.logs.contains(where: { $0.rendition.showsRedactions }) else { return }
    state.recent.note(published.value, by: author.member.id)
  }
}
