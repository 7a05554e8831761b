import HubbubLog
import IRCWire

extension Room {
  /// Lets a session read from here on, unless it does so elsewhere. Under the room's lock.
  func attach(_ session: MemberSession, _ state: inout State) {
    if session.isElsewhere { return }
    attach(session.id, session.outbox, session, as: session.capabilities, &state)
  }

  /// Lets a further session of somebody who is here read from here on, from its own JOIN. Under the
  /// registry's lock; deliver afterwards.
  ///
  /// - Returns: nil where it reads already, or its person is not here.
  func attachSession(_ session: MemberSession) -> View? {
    state.withLock { state in
      let member = session.member
      guard let seat = state.roster[member.id], state.readers[session.id] == nil else {
        return nil
      }
      let place = session.outbox.reserve()
      attach(session, &state)
      let arrival = Event(
        by: Author(session), echo: .always, variants: arrival(of: seat, member.profile))
      // It happened long ago, and this is no entry of the log: it has neither time nor id.
      let untagged = session.capabilities.subtracting([.messageTags, .serverTime, .accountTag])
      let join = arrival.encoded(
        as: Rendition(of: untagged), EventPlace(state.lastTime, id: [], stamp: 0))
      return view(by: member, reservation: place, join: join, state)
    }
  }

  /// Where a session reads; nil where it does not read the room. Any thread.
  public func cursor(of session: MemberSession) -> Cursor? {
    state.withLock { $0.readers[session.id]?.cursor }
  }

  /// Lets a session read up to here, whose person stays. Under the registry's lock.
  func detachSession(_ session: MemberSession) { state.withLock { detach(session.id, &$0) } }

  /// Lets an observer read from here on: it has no seat, and nobody knows of it. Any thread.
  ///
  /// - Parameters:
  ///   - id: nobody's in this room.
  ///   - capabilities: the form in which it reads.
  public func attachObserver(_ id: MemberID, _ outbox: Outbox, as capabilities: Capability) {
    state.withLock { attach(id, outbox, nil, as: capabilities, &$0) }
  }

  /// Lets an observer read no further. Deliver to it afterwards. Any thread.
  public func detachObserver(_ id: MemberID) { state.withLock { detach(id, &$0) } }

  private func attach(
    _ id: MemberID, _ outbox: Outbox, _ session: MemberSession?, as capabilities: Capability,
    _ state: inout State
  ) {
    let cursor = openCursor(for: capabilities, &state)
    state.readers.insert(
      RoomReader(
        id: id, outbox: outbox, session: session, rendition: Rendition(of: capabilities),
        cursor: cursor))
    if session != nil { sampler.expect(id) }
    outbox.attach(cursor)
  }

  /// Lets a reader read up to here and no further. Under the room's lock.
  func detach(_ id: MemberID, _ state: inout State) {
    guard let reader = state.readers.remove(id) else { return }
    closeCursor(of: reader, &state)
    state.messagesBySession[id] = nil
    sampler.forget(id)
  }

  /// Lets a session read on as what it has negotiated now. The session's thread.
  ///
  /// Its cursor in one log ends here, and one in the other begins: the order stays as it is.
  func changeReading(of session: MemberSession, to capabilities: Capability) {
    state.withLock { state in
      guard let reader = state.readers[session.id], !reader.isFor(capabilities) else { return }
      closeCursor(of: reader, &state)
      let cursor = openCursor(for: capabilities, &state)
      state.readers.update(session.id) { reader in
        reader.rendition = Rendition(of: capabilities)
        reader.cursor = cursor
      }
      session.outbox.attach(cursor)
    }
  }

  private func openCursor(for capabilities: Capability, _ state: inout State) -> Cursor {
    let rendition = Rendition(of: capabilities)
    let known = state.logs.firstIndex { $0.rendition == rendition }
    let index = known ?? state.logs.count
    if known == nil {
      let log = Log(firstSequence: published.value + 1)
      state.logs.append(LogInUse(rendition: rendition, log: log, readers: 0))
    }
    state.logs[index].readers += 1
    return Cursor(
      published: published, log: state.logs[index].log, sampler: sampler,
      wantsEcho: capabilities.contains(.echoMessage))
  }

  /// Ends a cursor after the last entry, and its log with its last reader.
  private func closeCursor(of reader: RoomReader, _ state: inout State) {
    reader.outbox.close(reader.cursor)
    // A room that is over has none any more.
    guard let index = state.logs.firstIndex(where: { $0.rendition == reader.rendition }) else {
      return
    }
    state.logs[index].readers -= 1
    if state.logs[index].readers == 0 { state.logs.remove(at: index) }
  }
}
