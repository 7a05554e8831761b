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
  public func rename(
    _ author: Author, to nickname: String, now: Timestamp
  ) throws(Refusal) -> Announcement {
    let member = author.member
    let key = FoldedName(nickname)
    return try state.withLock { (state) throws(Refusal) in
      if member.hasQuit { throw .hasQuit }
      if let holder = state.people[key], holder !== member { throw .nicknameInUse }
      let former = member.profile
      guard former.isRegistered else {
        member.updateProfile { $0.nickname = nickname }
        return Announcement()
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
        result.watchers += tellWatchers(
          of: former.nickname, isHere: false, as: former.nickname, state)
        result.watchers += tellWatchers(
          of: nickname, isHere: true, as: member.profile.source, state)
      }
      return result
    }
  }

  /// Says whether a member is away. The member itself is not told, and nobody what they know
  /// already.
  ///
  /// - Parameter message: nil for somebody who is back.
  public func setAway(_ message: String?, of author: Author, now: Timestamp) -> Announcement {
    if author.member.profile.away == message { return Announcement() }
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
  public func setRealName(
    _ name: String, of author: Author, now: Timestamp
  ) throws(Refusal) -> Announcement {
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
  public func setAddress(
    userName: String, host: String, of member: Member, now: Timestamp
  ) -> Announcement {
    state.withLock { state in
      let former = member.profile
      if member.hasQuit || (former.userName, former.host) == (userName, host) {
        return Announcement()
      }
      member.updateProfile { $0.take(userName: userName, host: host) }
      let author = Author(member, source: former.source)
      let change = Self.addressChange(from: former, to: member.profile)
      let rooms = publish(
        Event(by: author, echo: .never, variants: change), by: author, now: now
      ) { rooms, placed in
        for room in rooms { room.announceReturn(of: author, member.profile, now: now) }
        // Not as the log has it: nobody goes and comes in its own eyes.
        let own = Event(by: author, echo: .always, variants: [change[0]])
        let rendition = Rendition(of: former.capabilities)
        member.outbox.place(Block(own.encoded(as: rendition, time: placed.time, id: placed.id)))
        return rooms
      }
      let event = Event(by: author, echo: .never, variants: [change[0]])
      return Announcement(
        rooms: rooms,
        watchers: [member] + tellWatchersWithoutSharedRoom(event, of: member, state, now))
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
  /// - Parameter change: makes the change, which is not of the nickname, the address or the
  ///   capabilities, and returns the line about it.
  private func change(
    _ author: Author, echo: Event.Echo, now: Timestamp,
    _ change: (inout Profile) -> Event.Variant
  ) -> Announcement {
    let member = author.member
    return state.withLock { state in
      if member.hasQuit { return Announcement() }
      let event = Event(by: author, echo: echo, variants: [member.updateProfile(change)])
      var result = announce(event, by: author, now: now)
      result.watchers += tellWatchersWithoutSharedRoom(event, of: member, state, now)
      return result
    }
  }

  /// Publishes an event in all rooms of its author, as one. Under the registry's lock.
  private func announce(_ event: Event, by author: Author, now: Timestamp) -> Announcement {
    // Where there is no room to read it in, the author has its own copy as well.
    let wantsReceipt = event.echo == .always && (author.isLabelling || author.member.rooms.isEmpty)
    var published = event
    if wantsReceipt { published.echo = .never }
    return publish(published, by: author, now: now) { rooms, placed in
      let own = Event.Placed(event: event, time: placed.time, id: placed.id)
      let receipt =
        wantsReceipt
        ? Receipt(reservation: author.member.outbox.reserve(), placed: own) : nil
      return Announcement(rooms: rooms, receipt: receipt)
    }
  }

  /// Publishes an event in all rooms of its author, as one. Under the registry's lock.
  ///
  /// - Parameter following: what else is to be done right behind the event in all these rooms,
  ///   under all their locks.
  private func publish<Result>(
    _ event: Event, by author: Author, now: Timestamp,
    following: (_ rooms: [Room], _ placed: Event.Placed) -> Result
  ) -> Result {
    let member = author.member
    let profile = member.profile
    let rooms = member.rooms
    return Monitor.withLocks(rooms.map(\.state)) {
      let stamp = clock.tick(for: rooms.map(\.published))
      let placed = rooms.map { $0.announce(member, event, profile, stamp: stamp, now: now) }
      return following(
        rooms, placed.first ?? Event.Placed(event: event, time: now, id: announcementID))
    }
  }

  /// Tells those of an event who watch its author and share no room with it. Under the registry's
  /// lock.
  ///
  /// - Returns: those to deliver to.
  private func tellWatchersWithoutSharedRoom(
    _ event: Event, of member: Member, _ state: State, _ now: Timestamp
  ) -> [Member] {
    var copies: [Rendition: Block] = [:]
    let watchers = watchersWithoutSharedRoom(of: member, state)
    for watcher in watchers {
      let rendition = Rendition(of: watcher.profile.capabilities)
      let copy =
        copies[rendition] ?? Block(event.encoded(as: rendition, time: now, id: announcementID))
      copies[rendition] = copy
      watcher.outbox.place(copy)
    }
    return watchers
  }

  /// The id of the last event of several rooms where it stands in none. Under the registry's lock.
  private var announcementID: [UInt8] { Array("\(epoch)-a\(clock.now)".utf8) }
}
