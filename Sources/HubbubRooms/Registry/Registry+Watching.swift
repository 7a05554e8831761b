import HubbubLog
import IRCWire

extension Registry {
  /// Who is here of those that somebody watches, at one moment in the order of coming and going.
  public struct Presence: Sendable {
    /// `nickname!user@host` of those who are.
    public var online: [String] = []

    /// The nicknames of the others.
    public var offline: [String] = []

    /// Those that were not added because the list is full.
    public var refused: [String] = []

    /// Where the answer stands; the caller must `fill` it.
    public let reservation: Outbox.Reservation
  }

  /// Adds to what somebody watches, and says who of them is here.
  public func watch(
    _ nicknames: [String], by session: MemberSession, limit: Int
  ) -> Presence {
    return state.withLock { state in
      var accepted: [String] = []
      var refused: [String] = []
      for nickname in nicknames {
        if state.watchlist.insert(nickname, by: session, limit: limit) {
          accepted.append(nickname)
        } else {
          refused.append(nickname)
        }
      }
      return presence(of: accepted, refused: refused, for: session, state)
    }
  }

  public func unwatch(_ nicknames: [String], by watcher: MemberSession) {
    state.withLock { state in
      for nickname in nicknames { state.watchlist.remove(nickname, by: watcher) }
    }
  }

  public func unwatchAll(by watcher: MemberSession) {
    state.withLock { $0.watchlist.removeAll(by: watcher) }
  }

  /// What somebody watches, in alphabetical order.
  public func watched(by watcher: MemberSession) -> [String] {
    state.withLock { $0.watchlist.targets(of: watcher) }
  }

  /// Says who of those that somebody watches is here.
  public func presence(for session: MemberSession) -> Presence {
    state.withLock { state in
      presence(of: state.watchlist.targets(of: session), for: session, state)
    }
  }

  /// A registration is complete: the name that was wished for is the member's from now on, and
  /// those who watch it are told. Deliver to them afterwards.
  ///
  /// Of several who wish for a name, the first to be here has it: none is kept for somebody who may
  /// never come. A connection of somebody who is here already becomes that person's instead.
  /// - Throws: `.nicknameInUse`; then it has none, and may wish for another; `.tooManySessions`.
  func completeRegistration(
    of session: MemberSession, isApart: Bool = false, now: Timestamp
  ) throws(Refusal) -> Outcome {
    try state.withLock { (state) throws(Refusal) in
      let member = session.member
      let account = isApart ? nil : member.profile.account
      if let joined = try join(session, toPersonOf: account, now: now, &state) {
        return joined
      }
      let name = FoldedName(member.profile.nickname)
      guard state.people[name] == nil else {
        member.updateProfile { $0.nickname = Profile.noNickname }
        throw .nicknameInUse
      }
      state.people[name] = member
      member.updateProfile { $0.isRegistered = true }
      count(nil, member.profile.userModes)
      remember(member, as: member.profile.account, &state)
      let watchers = watchers(of: member.profile.nickname, state)
      var outcome = Outcome()
      outcome.people = tell(watchers, isHere: true, as: member.profile.source, at: clock.tick())
      return outcome
    }
  }

  private func presence(
    of nicknames: [String], refused: [String] = [], for session: MemberSession, _ state: State
  ) -> Presence {
    var presence = Presence(refused: refused, reservation: session.outbox.reserve())
    for nickname in nicknames {
      if let profile = state.people[FoldedName(nickname)]?.profile, profile.isRegistered {
        presence.online.append(profile.source)
      } else {
        presence.offline.append(nickname)
      }
    }
    return presence
  }

  /// Those who watch a nickname, each with a place for what it is told next.
  struct Watchers {
    fileprivate let sessions: [MemberSession]
    fileprivate let copies: Copies
  }

  /// Before the stamp of somebody's coming or going is drawn; `tell` must follow. Under the
  /// registry's lock.
  func watchers(of nickname: String, _ state: State) -> Watchers {
    let sessions = state.watchlist.watchers(of: nickname)
    return Watchers(sessions: sessions, copies: Copies(for: sessions))
  }

  /// Tells them of it at its place. Under the registry's lock. Returns those to deliver to.
  func tell(
    _ watchers: Watchers, isHere: Bool, as shown: String, at stamp: UInt64
  ) -> [Member] {
    let numeric: Numeric = isHere ? .monitorOnline : .monitorOffline
    watchers.copies.put(at: stamp) { session in
      var line = LineBuffer()
      line.append(
        source: serverName, numeric.code, [session.member.profile.nickname], trailing: shown)
      return line.bytes
    }
    return watchers.sessions.map(\.member)
  }

  /// The sessions of those who watch a member that are told of more than its coming and going
  /// (`extended-monitor`), and share no room with it, from which they would hear as well. Under the
  /// registry's lock.
  func watchersWithoutSharedRoom(of member: Member, _ state: State) -> [MemberSession] {
    let watchers = state.watchlist.watchers(of: member.profile.nickname)
    guard !watchers.isEmpty else { return [] }
    let sessions = watchers.filter { $0.member !== member }.filter {
      $0.capabilities.contains(.extendedMonitor)
    }
    guard !sessions.isEmpty else { return [] }
    // Nobody enters or leaves a room meanwhile.
    let rooms = member.roomIdentities
    return sessions.filter { !$0.member.isIn(oneOf: rooms) }
  }
}
