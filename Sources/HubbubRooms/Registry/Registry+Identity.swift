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
    _ author: Author, to nickname: String, now: Timestamp
  ) throws(Refusal) -> Outcome {
    let member = author.member
    let key = FoldedName(nickname)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      if let holder = state.people[key], holder !== member { throw .nicknameInUse }
      let former = member.profile
      guard former.isRegistered else {
        member.updateProfile { $0.nickname = nickname }
        return Outcome()
      }
      let formerKey = FoldedName(former.nickname)
      state.people[formerKey] = nil
      state.people[key] = member
      member.updateProfile { $0.nickname = nickname }
      var line = LineBuffer()
      line.append(source: former.source, "NICK", [nickname])
      var result = announce(
        Event(by: author, echo: .always, line: line.bytes), by: author, now: now)
      if formerKey != key {
        state.former.note(former)
        result.people += tellWatchers(
          of: former.nickname, isHere: false, as: former.nickname, state)
        result.people += tellWatchers(
          of: nickname, isHere: true, as: member.profile.source, state)
      }
      return result
    }
  }

  /// Says whether a member is away. The member itself is not told, and nobody what they know
  /// already.
  ///
  /// - Parameter message: nil for somebody who is back.
  func setAway(_ message: String?, of author: Author, now: Timestamp) -> Outcome {
    if author.member.profile.away == message { return Outcome() }
    // Rooms in which it may not speak hear that it is away, and not what it says of it. So do the
    // others: they read one AWAY, in whichever room. Whoever asks is told.
    let isSilent = Self.roomSilencing(author.member) != nil
    return change(author, echo: .never, now: now) { profile in
      let words = message.map { isSilent ? Room.silentAbsence : $0 }
      var line = LineBuffer()
      line.append(source: profile.source, "AWAY", trailing: words)
      profile.away = message
      return Event.Variant(needs: .awayNotify, line: line.bytes)
    }
  }

  /// A room in which somebody may not speak; nil where there is none.
  private static func roomSilencing(_ member: Member) -> Room? {
    member.rooms.first { $0.silence(of: member) != nil }
  }

  /// Gives a member another real name (IRCv3 setname).
  ///
  /// - Throws: `.silenced` where that is text in a room in which it may not speak.
  func setRealName(
    _ name: String, of author: Author, now: Timestamp
  ) throws(Refusal) -> Outcome {
    if let room = Self.roomSilencing(author.member) { throw .silenced(room: room.name) }
    return change(author, echo: .always, now: now) { profile in
      var line = LineBuffer()
      line.append(source: profile.source, "SETNAME", trailing: name)
      profile.realName = name
      return Event.Variant(needs: .setName, line: line.bytes)
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
      guard let session = member.sessions.first,
        (former.userName, former.host) != (userName, host)
      else { return Outcome() }
      member.updateProfile { $0.adopt(userName: userName, host: host) }
      let author = Author(session)
      let change = Self.addressChange(from: former, to: member.profile)
      // Not as the log has it: nobody goes and comes in its own eyes.
      let seen = Event(by: author, echo: .never, variants: [change[0]])
      let event = Event(by: author, echo: .never, variants: change)
      var result = publish(event, of: member, now: now) { rooms, place in
        for room in rooms { room.announceReturn(of: author, member.profile, now: now) }
        var copies = Copies(of: seen, place)
        for session in member.sessions { copies.place(for: session) }
        return Outcome()
      }
      result.people = [member] + tellWatchersWithoutSharedRoom(seen, of: member, state, now)
      return result
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
  /// - Parameter change: makes the change, which is not of the nickname or the address, and returns
  ///   the line about it.
  func change(
    _ author: Author, echo: Echo, now: Timestamp,
    _ change: (inout Profile) -> Event.Variant
  ) -> Outcome {
    let member = author.member
    return state.withLock { state in
      if member.hasQuit { return Outcome() }
      let event = Event(by: author, echo: echo, variants: [member.updateProfile(change)])
      var result = announce(event, by: author, now: now)
      result.people += tellWatchersWithoutSharedRoom(event, of: member, state, now)
      return result
    }
  }

  /// Publishes an event in all rooms of its author, as one. Under the registry's lock.
  func announce(_ event: Event, by author: Author, now: Timestamp) -> Outcome {
    // Where there is no room to read it in, the author has its own copy as well.
    let readsLog = author.member.roomCount > 0
    let isHeld = author.holdsCopy(of: event.echo, readsLog: readsLog)
    return publish(isHeld ? event.silent : event, of: author.member, now: now) { _, place in
      var result = Outcome()
      if isHeld { result.receipts = [author.session.receipt(of: event, place)] }
      return result
    }
  }

  /// Publishes an event in all rooms of a member, as one. Under the registry's lock.
  ///
  /// - Parameter following: what else is to be done right behind the event in all these rooms,
  ///   under all their locks.
  /// - Returns: what came of `following`, with the rooms to deliver to.
  func publish(
    _ event: Event, of member: Member, now: Timestamp,
    following: (_ rooms: [Room], _ place: EventPlace) -> Outcome
  ) -> Outcome {
    let profile = member.profile
    let rooms = member.rooms
    return Monitor.withLocks(rooms.map(\.state)) {
      let stamp = clock.tick(for: rooms.map(\.published))
      let places = rooms.map { $0.announce(member, event, profile, stamp: stamp, now: now) }
      var result = following(rooms, places.first ?? EventPlace(now, id: announcementID))
      result.rooms = rooms
      return result
    }
  }

  /// Tells those of an event who watch its author and share no room with it. Under the registry's
  /// lock.
  ///
  /// - Returns: those to deliver to.
  func tellWatchersWithoutSharedRoom(
    _ event: Event, of member: Member, _ state: State, _ now: Timestamp
  ) -> [Member] {
    let watchers = watchersWithoutSharedRoom(of: member, state)
    guard !watchers.isEmpty else { return [] }
    var copies = Copies(of: event, EventPlace(now, id: announcementID))
    for watcher in watchers { copies.place(for: watcher) }
    return watchers.map(\.member)
  }

  /// The id of the last event of several rooms where it stands in none. Under the registry's lock.
  private var announcementID: [UInt8] { Array("\(epoch)-a\(clock.now)".utf8) }
}
