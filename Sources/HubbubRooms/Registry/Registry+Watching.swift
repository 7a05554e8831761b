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
    let watcher = session.member
    return state.withLock { state in
      var accepted: [String] = []
      var refused: [String] = []
      for nickname in nicknames {
        if state.watchlist.insert(nickname, by: watcher, limit: limit) {
          accepted.append(nickname)
        } else {
          refused.append(nickname)
        }
      }
      return presence(of: accepted, refused: refused, for: session, state)
    }
  }

  public func unwatch(_ nicknames: [String], by watcher: Member) {
    state.withLock { state in
      for nickname in nicknames { state.watchlist.remove(nickname, by: watcher) }
    }
  }

  public func unwatchAll(by watcher: Member) {
    state.withLock { $0.watchlist.removeAll(by: watcher) }
  }

  /// What somebody watches, in alphabetical order.
  public func watched(by watcher: Member) -> [String] {
    state.withLock { $0.watchlist.targets(of: watcher) }
  }

  /// Says who of those that somebody watches is here.
  public func presence(for session: MemberSession) -> Presence {
    state.withLock { state in
      presence(of: state.watchlist.targets(of: session.member), for: session, state)
    }
  }

  /// A registration is complete: the name that was wished for is the member's from now on, and
  /// those who watch it are told. Deliver to them afterwards.
  ///
  /// Of several who wish for a name, the first to be here has it: none is kept for somebody who may
  /// never come.
  /// - Throws: `.nicknameInUse`; then it has none, and may wish for another.
  func completeRegistration(of member: Member) throws(Refusal) -> [Member] {
    try state.withLock { (state) throws(Refusal) in
      let name = FoldedName(member.profile.nickname)
      guard state.people[name] == nil else {
        member.updateProfile { $0.nickname = Profile.noNickname }
        throw .nicknameInUse
      }
      state.people[name] = member
      member.updateProfile { $0.isRegistered = true }
      return tellWatchers(
        of: member.profile.nickname, isHere: true, as: member.profile.source, state)
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

  /// Under the registry's lock. Returns those to deliver to.
  func tellWatchers(
    of nickname: String, isHere: Bool, as shown: String, _ state: State
  ) -> [Member] {
    let watchers = state.watchlist.watchers(of: nickname)
    for watcher in watchers {
      var line = LineBuffer()
      let numeric: Numeric = isHere ? .monitorOnline : .monitorOffline
      line.append(
        source: serverName, numeric.code, [watcher.profile.nickname], trailing: shown)
      for session in watcher.sessions { session.outbox.place(lines: line.bytes) }
    }
    return watchers
  }

  /// The sessions of those who watch a member that are told of more than its coming and going
  /// (`extended-monitor`), and share no room with it, from which they would hear as well. Under the
  /// registry's lock.
  func watchersWithoutSharedRoom(of member: Member, _ state: State) -> [MemberSession] {
    let watchers = state.watchlist.watchers(of: member.profile.nickname)
    guard !watchers.isEmpty else { return [] }
    // Nobody enters or leaves a room meanwhile.
    let rooms = member.roomIdentities
    return watchers.filter { $0 !== member && !$0.isIn(oneOf: rooms) }.flatMap { watcher in
      watcher.sessions.filter { $0.capabilities.contains(.extendedMonitor) }
    }
  }
}
