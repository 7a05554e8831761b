import HubbubLog
import IRCWire

extension Room {
  /// Sets the topic; an empty text takes it away. Deliver afterwards.
  ///
  /// - Returns: the author's own copy, where it is not in the log.
  func setTopic(
    _ text: String, by author: Author, now: Timestamp
  ) throws(Refusal) -> Receipt? {
    try state.withLock { (state) throws(Refusal) in
      guard let seat = state.roster[author.member.id] else { throw .notMember }
      if state.modes.isTopicProtected, !seat.status.isAtLeast(.assisting) { throw .operatorNeeded }
      if let mode = silence(of: author.member, &state) { throw .cannotSpeak(mode) }
      let time = max(state.lastTime, now)
      state.topic = text.isEmpty ? nil : Topic(text: text, setBy: seat.nickname, setAt: time)
      var line = LineBuffer()
      line.append(source: seat.source, "TOPIC", [name], trailing: text)
      let event = Event(by: author, echo: .always, line: line.bytes)
      return publish(event, by: author, now: now, &state)
    }
  }

  /// An invitation, as of its place in the room's order.
  public struct Invitation: Sendable {
    /// The room's name, and the nickname of who is invited.
    public let room, nickname: String

    let guest: Member

    /// Whoever is invited, as it is known then.
    public let profile: Profile

    /// Where the answer to who invites stands; the caller must `fill` it.
    public let reservation: Outbox.Reservation

    /// The room whose invitation gives way, because there are too many.
    fileprivate let givenUp: Room?
  }

  /// Tells somebody of the room. An operator's invitation, or an assistant's, lets in whom a mode
  /// or a ban would keep out; anybody else's opens no door. Deliver afterwards.
  ///
  /// Those members see it who negotiated `invite-notify`.
  ///
  /// - Parameter id: the message id of the copy for whoever is invited.
  func invite(
    _ target: Member, by author: Author, id: [UInt8], now: Timestamp
  ) throws(Refusal) -> Invitation {
    let invitation = try state.withLock { (state) throws(Refusal) in
      guard let seat = state.roster[author.member.id] else { throw .notMember }
      let opensDoor = seat.status.isAtLeast(.assisting)
      if state.modes.isInviteOnly, !opensDoor { throw .operatorNeeded }
      if seat.status.isEmpty, isSilenced(author.member, &state) { throw .cannotSpeak("b") }
      guard state.roster[target.id] == nil else {
        throw .targetAlreadyMember(target.profile.nickname)
      }
      let givenUp = opensDoor ? try target.addInvitation(to: self) : nil
      if opensDoor { state.invited.insert(target.id) }
      let profile = target.profile
      var line = LineBuffer()
      line.append(source: seat.source, "INVITE", [profile.nickname, name])
      let notice = Event.Variant(needs: .inviteNotify, line: line.bytes)
      let own = HeldPlace(of: author.session)
      let copies = Copies(for: target.sessions)
      let place = append(
        Event(by: author, echo: .never, variants: [notice]), now: now, &state)
      copies.put(
        Event(by: author, echo: .never, line: line.bytes),
        at: EventPlace(place.time, id: id, stamp: place.stamp))
      return Invitation(
        room: name, nickname: profile.nickname, guest: target, profile: profile,
        reservation: own.reserve(at: place.stamp), givenUp: givenUp)
    }
    invitation.givenUp?.withdrawInvitation(of: target)
    return invitation
  }

  /// Takes an invitation back that nobody came of. Under the registry's lock, or none.
  func withdrawInvitation(of member: Member) {
    state.withLock { _ = $0.invited.remove(member.id) }
  }

  /// Under the room's lock.
  func forgetInvitation(of member: Member, _ state: inout State) {
    state.invited.remove(member.id)
    member.forgetInvitation(to: self)
  }

  /// Makes the room last, as `charter` says, or lets it end with its last member (nil).
  ///
  /// Topic and modes are set only while the room is empty: what its people made of it stays.
  func establish(_ charter: RoomCharter?, now: Timestamp) {
    state.withLock { state in
      let isNew = state.charter == nil
      state.charter = charter
      if state.isClosed { state.naming += 1 }
      guard let charter, isNew, state.roster.isEmpty, state.registration == nil else { return }
      state.modes = charter.modes
      noteRestriction(state)
      state.topic =
        charter.topic.isEmpty ? nil : Topic(text: charter.topic, setBy: serverName, setAt: now)
    }
  }
}
