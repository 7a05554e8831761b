import HubbubLog
import HubbubThreads
import IRCWire

/// What people are to others. All lines about it are written under the registry's lock, where
/// nothing of it changes meanwhile.
extension Registry {
  /// Gives a member its name, the first one or another.
  ///
  /// Those who share a room with it see one NICK each, at its place in each room's order. Before it
  /// is registered, the name is only what it wishes for: nobody else is kept from it
  /// (`completeRegistration`).
  func rename(
    _ author: Author, to nickname: String, asWish: Bool = false, now: Timestamp
  ) throws(Refusal) -> Outcome {
    let member = author.member
    let key = FoldedName(nickname)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      let former = member.profile
      if let holder = state.people[key], holder !== member, !asWish || former.isRegistered {
        throw .nicknameInUse
      }
      if FoldedName(former.nickname) != key,
        let room = member.rooms.first(where: { $0.holdsName(of: member) })
      {
        throw .nicknameHeld(room: room.name)
      }
      guard former.isRegistered else {
        member.updateProfile { $0.nickname = nickname }
        return Outcome()
      }
      state.people[FoldedName(former.nickname)] = nil
      state.people[key] = member
      member.updateProfile { $0.nickname = nickname }
      return announceName(of: author, instead: former, now: now, &state)
    }
  }

  /// The NICK of somebody who has another name now, and what those are told who watch either. Under
  /// the registry's lock.
  ///
  /// - Parameter isAsked: whether it is the author that is answered; somebody whom another renames
  ///   reads it like all others.
  func announceName(
    of author: Author, instead former: Profile, isAsked: Bool = true, now: Timestamp,
    _ state: inout State
  ) -> Outcome {
    let member = author.member
    let profile = member.profile
    var line = LineBuffer()
    line.append(source: former.source, "NICK", [profile.nickname])
    let hasRooms = member.roomCount > 0
    var news = Announcement(
      Event(by: author, echo: isAsked || hasRooms ? .always : .never, line: line.bytes))
    // Its other connections, and it itself where others rename it, have no room to read it in.
    let others = author.session.others
    news.listeners =
      hasRooms
      ? others.filter(\.isAttaching) : isAsked ? others : member.sessions
    let isSame = FoldedName(former.nickname) == FoldedName(profile.nickname)
    if isSame { return announce(by: author, now: now) { _ in news }.outcome }
    state.former.note(former)
    let left = watchers(of: former.nickname, state)
    let come = watchers(of: profile.nickname, state)
    var (outcome, stamp) = announce(by: author, now: now) { _ in news }
    outcome.people += tell(left, isHere: false, as: former.nickname, at: stamp)
    outcome.people += tell(come, isHere: true, as: profile.source, at: stamp)
    return outcome
  }

  /// Gives a member another real name (IRCv3 setname).
  ///
  /// - Throws: `.silenced` where that is text in a room in which it may not speak.
  func setRealName(
    _ name: String, of author: Author, now: Timestamp
  ) throws(Refusal) -> Outcome {
    try change(author, echo: .always, now: now) { (source, rooms) throws(Refusal) in
      if let room = rooms.first(where: { $0.silences(author.member) }) {
        throw .silenced(room: room.name)
      }
      var line = LineBuffer()
      line.append(source: source, "SETNAME", trailing: name)
      return Event.Variant(needs: .setName, line: line.bytes)
    } with: {
      $0.realName = name
    }
  }

  /// Gives a person other modes. It operates the server by the connection that has become an
  /// operator's; where it does so no more, by none of them.
  func changeUserModes(
    _ changes: [ModeChange], operatorName: String?, by author: Author
  ) -> Outcome {
    let member = author.member
    return state.withLock { _ in
      var outcome = Outcome()
      let (before, now) = member.updateProfile { profile in
        let before = profile.userModes
        for change in changes { profile.userModes.apply(change) }
        if let operatorName {
          profile.userModes.isOperator = true
          profile.operatorName = operatorName
          author.session.isOperating = true
        }
        if !profile.userModes.isOperator { profile.operatorName = nil }
        return (before, profile.userModes)
      }
      if member.profile.isRegistered, !member.hasQuit { count(before, now) }
      if !now.isOperator { for session in member.sessions { session.isOperating = false } }
      outcome.answer = .userModes(before: before, now: now)
      return outcome
    }
  }

  /// Gives a member another address for others to see (IRCv3 chghost). Any thread.
  ///
  /// To those who know nothing of it, it goes and comes again.
  func setAddress(
    userName: String, host: String, of member: Member, now: Timestamp
  ) -> Outcome {
    state.withLock { state in
      let former = member.profile
      guard let session = member.anySession,
        (former.userName, former.host) != (userName, host)
      else { return Outcome() }
      member.updateProfile { $0.adopt(userName: userName, host: host) }
      let author = Author(session)
      let change = Self.addressChange(from: former, to: member.profile)
      var announcement = Announcement(Event(by: author, echo: .never, variants: change))
      // Not as the log has it: nobody goes and comes in its own eyes.
      announcement.copy = Event(by: author, echo: .never, variants: [change[0]])
      announcement.listeners = member.sessions + watchersWithoutSharedRoom(of: member, state)
      return announce(by: author, now: now) { _ in
        announcement
      } following: { rooms in
        for room in rooms { room.announceReturn(of: author, member.profile, now: now) }
      }.outcome
    }
  }

  /// The CHGHOST, and what those see who know nothing of it. People with a bare terminal need not
  /// know at all.
  private static func addressChange(from former: Profile, to new: Profile) -> [Event.Variant] {
    var line = LineBuffer()
    line.append(source: former.source, "CHGHOST", [new.userName, new.host])
    var farewell = LineBuffer()
    farewell.append(source: former.source, "QUIT", trailing: "Changing host")
    return [
      Event.Variant(needs: .changeHost, line: line.bytes), .hidden(from: .bareTerminal),
      Event.Variant(line: farewell.bytes),
    ]
  }

  /// Changes something about a member that those are told who share a room with it or watch it.
  ///
  /// - Parameters:
  ///   - line: decides, and says what is read about it. Under the locks of the member's rooms.
  ///   - update: makes the change, which is not of the nickname or the address.
  func change<Failure: Error>(
    _ author: Author, echo: Echo, now: Timestamp,
    saying line: (_ source: String, _ rooms: [Room]) throws(Failure) -> Event.Variant,
    with update: (inout Profile) -> Void
  ) throws(Failure) -> Outcome {
    try state.withLock { (state) throws(Failure) in
      try change(author, echo: echo, now: now, state, saying: line, with: update)
    }
  }

  /// The same, under the registry's lock.
  func change<Failure: Error>(
    _ author: Author, echo: Echo, now: Timestamp, _ state: State,
    saying line: (_ source: String, _ rooms: [Room]) throws(Failure) -> Event.Variant,
    with update: (inout Profile) -> Void
  ) throws(Failure) -> Outcome {
    let member = author.member
    if member.hasQuit { return Outcome() }
    return try announce(by: author, now: now) { (rooms) throws(Failure) in
      let variant = try line(member.profile.source, rooms)
      member.updateProfile(update)
      var announcement = Announcement(Event(by: author, echo: echo, variants: [variant]))
      announcement.listeners = watchersWithoutSharedRoom(of: member, state)
      // Where there is no room in which its other connections could read it.
      if echo == .always {
        announcement.listeners += author.session.others.filter { rooms.isEmpty || $0.isAttaching }
      }
      return announcement
    }.outcome
  }

  /// An event of all rooms of a person.
  struct Announcement {
    let event: Event

    /// Those who have a copy of it, in whatever rooms they are, and what that is.
    var listeners: [MemberSession] = []
    var copy: Event

    init(_ event: Event) { (self.event, copy) = (event, event) }
  }

  /// Publishes an event in all rooms of its author, as one. Under the registry's lock.
  ///
  /// - Parameters:
  ///   - decide: makes the event, under the locks of all these rooms.
  ///   - following: what else is to be done right behind it, under the same.
  func announce<Failure: Error>(
    by author: Author, now: Timestamp,
    _ decide: (_ rooms: [Room]) throws(Failure) -> Announcement,
    following: (_ rooms: [Room]) -> Void = { _ in }
  ) throws(Failure) -> (outcome: Outcome, stamp: UInt64) {
    let member = author.member
    let rooms = member.rooms
    return try Monitor.withLocks(rooms.map(\.state)) { () throws(Failure) in
      let announcement = try decide(rooms)
      let event = announcement.event
      // Where there is no room to read it in, the author has its own copy as well.
      let own = author.placeForCopy(of: event.echo, readsLog: !rooms.isEmpty)
      let copies = Copies(for: announcement.listeners)
      let stamp = clock.tick(for: rooms.map(\.published))
      let (shown, profile) = (own == nil ? event : event.silent, member.profile)
      let places = rooms.map { $0.announce(member, shown, profile, stamp: stamp, now: now) }
      following(rooms)
      // Nothing in it tells of rooms that not everybody may know of.
      let nowhere = EventPlace(now, id: nowhereID(), stamp: stamp)
      copies.put(announcement.copy, at: nowhere)
      var outcome = Outcome()
      outcome.rooms = rooms
      outcome.people = announcement.listeners.map(\.member)
      outcome.receipts = own.map { [$0.receipt(of: event, at: places.first ?? nowhere)] } ?? []
      return (outcome, stamp)
    }
  }
}
