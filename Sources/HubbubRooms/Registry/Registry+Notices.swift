import HubbubLog

// Notices of a change that only those are told who have asked for it.

extension Registry {
  /// Tells those about a person who share a room with it, or watch it (`extended-monitor`), or are
  /// its own, and have subscribed to a key, at one place in the order. Deliver to them afterwards.
  ///
  /// - Parameter line: what a session reads.
  public func notify(
    ofPerson person: Member, subscribedTo key: String, except author: MemberSession,
    _ line: (MemberSession) -> [UInt8]
  ) -> [Member] {
    state.withLock { state in
      var listeners: [ObjectIdentifier: MemberSession] = [:]
      let watching = watchersWithoutSharedRoom(of: person, state)
      for session in person.sessions + watching + person.rooms.flatMap(\.sessions)
      where session !== author && session.isSubscribed(to: key) {
        listeners[ObjectIdentifier(session)] = session
      }
      return tell(Array(listeners.values), line)
    }
  }

  /// The same about a room, to those who are in it.
  public func notify(
    ofRoom room: Room, subscribedTo key: String, except author: MemberSession,
    _ line: (MemberSession) -> [UInt8]
  ) -> [Member] {
    state.withLock { _ in
      tell(room.sessions.filter { $0 !== author && $0.isSubscribed(to: key) }, line)
    }
  }

  private func tell(
    _ sessions: [MemberSession], _ line: (MemberSession) -> [UInt8]
  ) -> [Member] {
    guard !sessions.isEmpty else { return [] }
    let copies = Copies(for: sessions)
    copies.put(at: clock.tick(), line)
    return sessions.map(\.member)
  }
}

extension Room {
  /// The sessions that read it. Any thread.
  var sessions: [MemberSession] { state.withLock { $0.readers.entries.compactMap(\.session) } }

  /// Those who are here. Any thread.
  public var people: [Member] { state.withLock { $0.roster.entries.map(\.member) } }
}
