import HubbubLog
import IRCWire

extension Room {
  /// How somebody comes in.
  struct Entry {
    let key: String?

    /// Whether it was there when the server stopped: bans alone keep it out.
    let isReturn: Bool

    /// How many may be in any room.
    let limit: Int
  }

  /// What the masks of a room have said about somebody, for as long as neither changes.
  struct Pass {
    fileprivate let room: ObjectIdentifier
    fileprivate let masks: Int
    fileprivate let isInviteOnly: Bool
    fileprivate let profileChanges: Int
  }

  /// Whether somebody may come in as it is now. Any thread; under no lock.
  ///
  /// - Returns: nil where the masks were not asked: somebody is invited, or the room is over.
  func checkAdmission(of member: Member, _ entry: Entry) throws(Refusal) -> Pass? {
    // Before the profile: a change in between makes the pass void.
    let changes = member.profileChanges
    let profile = member.profile
    return try state.withLock { (state) throws(Refusal) in
      if state.isClosed { return nil }
      guard state.roster[member.id] == nil else { throw .alreadyMember }
      try checkAdmission(of: profile, member, nil, entry, state)
      if state.invited.contains(member.id) { return nil }
      return Pass(
        room: ObjectIdentifier(self), masks: state.lists.banVersion,
        isInviteOnly: state.modes.isInviteOnly, profileChanges: changes)
    }
  }

  /// Takes a member in. Under the registry's lock; deliver afterwards.
  ///
  /// The first one to join operates the room, unless its charter says who does.
  ///
  /// - Parameter pass: what `checkAdmission` returned; it is asked again what may have changed.
  func join(
    _ author: Author, _ pass: Pass?, _ entry: Entry, now: Timestamp
  ) throws(Refusal) -> (own: View, others: [Newcomer]) {
    let member = author.member
    return try state.withLock { (state) throws(Refusal) in
      guard state.roster[member.id] == nil else { throw .alreadyMember }
      let profile = member.profile
      try checkAdmission(of: profile, member, pass, entry, state)
      let seat = Seat(
        member, profile, status: status(of: profile, state), since: published.value + 1)
      state.roster.insert(seat)
      forgetInvitation(of: member, &state)
      member.enter(self)
      let answer = HeldPlace(of: author.session)
      let others = author.session.others.map { HeldPlace(of: $0) }
      for session in member.sessions { attach(session, &state) }
      let (place, join) = appendArrival(of: author, seat, profile, now: now, &state)
      let own = view(by: member, reservation: answer.reserve(at: place.stamp), join: join, state)
      let newcomers = others.map { held in
        // Their JOIN is in the log.
        let reservation = held.reserve(at: place.stamp)
        return Newcomer(
          view: view(by: member, reservation: reservation, state), session: held.session,
          lines: [])
      }
      return (own, newcomers)
    }
  }

  private func checkAdmission(
    of profile: Profile, _ member: Member, _ pass: Pass?, _ entry: Entry, _ state: State
  ) throws(Refusal) {
    if state.roster.count >= entry.limit { throw .roomIsFull }
    // An invitation opens every door, once: whoever may invite could as well open it for a moment.
    if state.invited.contains(member.id) { return }
    switch state.registration?.standing(of: profile.account) {
    case .denied: throw .banned
    // Nobody is locked out of the room that is its own.
    case .operating, .founder: return
    default: break
    }
    if entry.isReturn {
      if state.lists.isBanned(profile.maskSubject) { throw .banned }
      return
    }
    if !isValid(pass, for: member, state) { try checkMasks(of: profile, state) }
    if state.modes.admitsAccountsOnly, profile.account == nil { throw .accountNeeded }
    if let expected = state.modes.key, expected != entry.key { throw .wrongKey }
    if let memberLimit = state.modes.memberLimit, state.roster.count >= memberLimit {
      throw .roomIsFull
    }
  }

  private func isValid(_ pass: Pass?, for member: Member, _ state: State) -> Bool {
    guard let pass else { return false }
    return pass.room == ObjectIdentifier(self) && pass.masks == state.lists.banVersion
      && pass.isInviteOnly == state.modes.isInviteOnly
      && pass.profileChanges == member.profileChanges
  }

  private func checkMasks(of profile: Profile, _ state: State) throws(Refusal) {
    if state.lists.bans.isEmpty, !state.modes.isInviteOnly { return }
    let subject = profile.maskSubject
    if state.lists.isBanned(subject) { throw .banned }
    if state.modes.isInviteOnly, !state.lists.inviteExceptions.matches(subject) {
      throw .inviteOnly
    }
  }

  private func status(of profile: Profile, _ state: State) -> MemberStatus {
    if state.charter == nil, state.registration == nil {
      return state.roster.isEmpty ? .operating : []
    }
    let standing = state.registration?.standing(of: profile.account)
    return (state.charter?.status(of: profile) ?? []).union(standing?.status ?? [])
  }

  /// The JOIN, and behind it what the others must know of who came.
  ///
  /// - Returns: the place of the JOIN, and the author's own copy where that is a part of the
  ///   answer.
  private func appendArrival(
    of author: Author, _ seat: Seat, _ profile: Profile, now: Timestamp, _ state: inout State
  ) -> (place: EventPlace, own: [UInt8]?) {
    let join = Event(by: author, echo: .always, variants: arrival(of: seat, profile))
    let place = append(author.isLabelling ? join.silent : join, now: now, &state)
    appendAbsence(of: author, seat, profile, now: now, &state)
    // Whoever makes a room finds out from its names; the others of a lasting room must be told.
    if state.roster.count > 1, let line = statusLine(of: seat) {
      append(Event(author: author.session.id, echo: .never, line: line), now: now, &state)
    }
    let own = author.isLabelling ? join.encoded(as: author.session.rendition, place) : nil
    return (place, own)
  }

  /// "when a user joins and has an away message set" (IRCv3 away-notify)
  ///
  /// - Parameter isReturn: whether it comes again with another address, for those who see that as
  ///   coming.
  private func appendAbsence(
    of author: Author, _ seat: Seat, _ profile: Profile, isReturn: Bool = false, now: Timestamp,
    _ state: inout State
  ) {
    guard let away = profile.away else { return }
    let isSilent = silence(of: seat.member, &state) != nil
    var line = LineBuffer()
    line.append(source: seat.source, "AWAY", trailing: isSilent ? Self.silentAbsence : away)
    let hidden = isReturn ? [Event.Variant.hidden(from: .changeHost)] : []
    let variants = hidden + [Event.Variant(needs: .awayNotify, line: line.bytes)]
    append(Event(by: author, echo: .never, variants: variants), now: now, &state)
  }

  /// What is said of the absence of somebody who may not speak.
  static let silentAbsence = "Away"

  /// The MODE by which others know the status of somebody who comes; nil where it has none.
  private func statusLine(of seat: Seat) -> [UInt8]? {
    seat.status.modes(for: seat.nickname).map { modes in
      var line = LineBuffer()
      line.append(source: serverName, "MODE", [name] + modes)
      return line.bytes
    }
  }

  /// A member comes again with another address, for those who have seen it go. The room's lock is
  /// held.
  func announceReturn(of author: Author, _ profile: Profile, now: Timestamp) {
    state.whileLocked { state in
      guard let seat = state.roster[author.member.id] else { return }
      let hidden = [Event.Variant.hidden(from: .changeHost), .hidden(from: .bareTerminal)]
      let join = Event(by: author, echo: .never, variants: hidden + arrival(of: seat, profile))
      append(join, now: now, &state)
      appendAbsence(of: author, seat, profile, isReturn: true, now: now, &state)
      guard let line = statusLine(of: seat) else { return }
      let modes = hidden + [Event.Variant(line: line)]
      append(Event(author: author.session.id, echo: .never, variants: modes), now: now, &state)
    }
  }

  /// The JOIN as those see it who negotiated `extended-join`, and as all others do. Under the
  /// room's lock.
  ///
  /// - Parameter former: a line before it.
  func arrival(
    of seat: Seat, _ profile: Profile, behind former: [UInt8]? = nil
  ) -> [Event.Variant] {
    var extended = LineBuffer()
    extended.append(
      source: seat.source, "JOIN", [name, profile.account ?? "*"], trailing: profile.realName)
    var plain = LineBuffer()
    plain.append(source: seat.source, "JOIN", [name])
    func variant(_ needs: Capability, _ line: LineBuffer) -> Event.Variant {
      let lines = [former, line.bytes].compactMap { $0 }
      return Event.Variant(
        needs: needs, line: lines[0], more: Array(lines.dropFirst()))
    }
    return [variant(.extendedJoin, extended), variant([], plain)]
  }
}
