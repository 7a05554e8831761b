import IRCWire

extension AccountStore {
  /// Registers a room under the number it has.
  ///
  /// - Parameters:
  ///   - first: the first number from which on `visibility` holds.
  ///   - state: topic, modes and lists, in the caller's form.
  public func registerRoom(
    _ name: String, _ stream: StreamID, founder: Int64, state: String,
    visibility: RoomVisibility.Level, from first: UInt64, actor: String
  ) throws(AccountError) -> RegisteredRoom {
    let limit = limits.rooms
    return try change { draft throws(AccountError) in
      _ = try draft.account(founder)
      guard draft.book.room(named: name) == nil, draft.book.room(stream) == nil
      else { throw .exists }
      guard draft.book.rooms(foundedBy: founder).count < limit else { throw .limit(limit) }
      let room = RegisteredRoom(
        stream: stream, name: name, founder: founder, now: draft.now, state: state)
      draft.put(room)
      draft.put(RoomAccess(key: .init(stream, founder), standing: .founder))
      draft.put(RoomVisibility(key: .init(room: stream, first: first), level: visibility))
      draft.audit(actor, "room-register", name)
      return room
    }
  }

  /// The room is nobody's any more, and its number is used up.
  public func dropRoom(_ stream: StreamID, actor: String) throws(AccountError) {
    try change { draft throws(AccountError) in
      let room = try draft.room(stream)
      let book = draft.book
      draft.remove(RegisteredRoom.self, stream)
      for account in book.accessList(of: stream).keys {
        draft.remove(RoomAccess.self, .init(stream, account))
      }
      for first in (book.visibilityByRoom[stream] ?? [:]).keys {
        draft.remove(RoomVisibility.self, .init(room: stream, first: first))
      }
      for row in book.visits.values where row.key.room == stream {
        draft.remove(RoomVisit.self, row.key)
      }
      let subject = MetadataEntry.Key.subject(ofRoom: stream.rawValue)
      for key in book.metadata(of: subject).keys {
        draft.remove(MetadataEntry.self, .init(subject, key))
      }
      draft.audit(actor, "room-drop", room.name)
    }
  }

  /// Keeps topic, modes and lists as they are now, and that the room is used.
  ///
  /// - Parameter name: another name that it has now; nil: the one it had.
  public func setState(
    of room: StreamID, _ state: String, name: String? = nil
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      var room = try draft.room(room)
      room.name = name ?? room.name
      (room.state, room.used) = (state, draft.now)
      draft.put(room)
    }
  }

  /// How long the room is kept what is said in it; nil: as the server says.
  public func setKeep(
    of room: StreamID, _ keep: Duration?, actor: String
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      var room = try draft.room(room)
      room.keep = keep?.milliseconds
      draft.put(room)
      draft.audit(actor, "room-keep", room.name, keep.map { "\($0)" } ?? "default")
    }
  }

  /// From a number on the room shows itself to others than before.
  public func setVisibility(
    of room: StreamID, _ level: RoomVisibility.Level, from first: UInt64, actor: String
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      let known = try draft.room(room)
      draft.put(RoomVisibility(key: .init(room: room, first: first), level: level))
      draft.audit(actor, "room-visibility", known.name, "\(level)")
    }
  }

  /// Sets what an account is in a room; nil: nothing. The founder's is `transfer`'s.
  public func setAccess(
    _ room: StreamID, _ account: Int64, _ standing: RoomAccess.Standing?, actor: String
  ) throws(AccountError) {
    let limit = limits.accessEntries
    try change { draft throws(AccountError) in
      let known = try draft.room(room)
      let list = draft.book.accessList(of: room)
      guard account != known.founder, standing != .founder else { throw .notAllowed }
      guard let standing else {
        guard list[account] != nil else { throw .noSuchEntry }
        draft.remove(RoomAccess.self, .init(room, account))
        return draft.audit(actor, "access-remove", known.name, "\(account)")
      }
      let person = try draft.account(account)
      guard list[account] != nil || list.count < limit else { throw .limit(limit) }
      draft.put(RoomAccess(key: .init(room, account), standing: standing))
      draft.audit(actor, "access-set", known.name, "\(person.name) \(standing)")
    }
  }

  /// Offers a room to an account; nil: to nobody any more.
  public func offer(
    _ room: StreamID, to successor: Int64?, actor: String
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      var room = try draft.room(room)
      if let successor { _ = try draft.account(successor) }
      room.successor = successor
      draft.put(room)
      draft.audit(actor, "room-offer", room.name, successor.map { "\($0)" } ?? "")
    }
  }

  /// The account to whom a room is offered takes it. Who had it stays an operator.
  public func accept(_ room: StreamID, by account: Int64) throws(AccountError) {
    let limit = limits.rooms
    try change { draft throws(AccountError) in
      var room = try draft.room(room)
      guard room.successor == account else { throw .notAllowed }
      guard draft.book.rooms(foundedBy: account).count < limit else { throw .limit(limit) }
      try Self.handOver(&room, to: account, in: &draft)
    }
  }

  /// Hands a room over without anybody's consent: an operator's, or where the founder is gone.
  public func claim(
    _ room: StreamID, for account: Int64, actor: String
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      var room = try draft.room(room)
      try Self.handOver(&room, to: account, in: &draft)
      draft.audit(actor, "room-claim", room.name)
    }
  }

  private static func handOver(
    _ room: inout RegisteredRoom, to account: Int64, in draft: inout AccountDraft
  ) throws(AccountError) {
    let person = try draft.account(account)
    if room.founder != account {
      draft.put(RoomAccess(key: .init(room.stream, room.founder), standing: .op))
    }
    draft.put(RoomAccess(key: .init(room.stream, account), standing: .founder))
    (room.founder, room.successor) = (account, nil)
    draft.put(room)
    draft.audit(person.name, "room-transfer", room.name)
  }

  // MARK: Who was there

  /// A stay begins at a number.
  public func beginVisit(
    of account: Int64, in room: StreamID, at first: UInt64
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      draft.put(RoomVisit(key: .init(account: account, room: room, first: first), last: nil))
    }
  }

  /// The stay that is open ends with a number.
  public func endVisit(
    of account: Int64, in room: StreamID, at last: UInt64
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      for var visit in draft.book.visits(of: account, in: room) where visit.last == nil {
        visit.last = last
        draft.put(visit)
      }
    }
  }

  /// Ends all stays that an unclean end has left open: at the last number that is stored.
  ///
  /// - Parameter last: of a room.
  public func endAllVisits(
    at last: [StreamID: UInt64]
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      for var visit in draft.book.visits.values where visit.last == nil {
        visit.last = last[visit.key.room] ?? visit.key.first
        draft.put(visit)
      }
    }
  }

  // MARK: Conversations, markers, metadata

  /// The number of a conversation, which it may get only now.
  public func conversation(_ pair: Conversation.Pair) throws(AccountError) -> StreamID {
    if let known = read({ $0.conversation(pair) }) { return known }
    return try change { draft throws(AccountError) in
      if let known = draft.book.conversation(pair) { return known }
      let stream = draft.makeStream()
      draft.put(Conversation(stream: stream, pair: pair))
      return stream
    }
  }

  /// Moves markers, forward only. Of an account with too many the oldest give way.
  public func setMarkers(_ markers: [ReadMarker]) throws(AccountError) {
    let limit = limits.markers
    try change { draft throws(AccountError) in
      var isCrowded: Set<Int64> = []
      for marker in markers where draft.book.account(marker.key.account)?.isOpen == true {
        let known = draft.book.marker(marker.key)
        if let known, known >= marker.time { continue }
        draft.put(marker)
        let count = draft.book.markerCounts[marker.key.account] ?? 0
        if known == nil, count >= limit { isCrowded.insert(marker.key.account) }
      }
      for account in isCrowded {
        let all = draft.book.markers.values.filter { $0.key.account == account }
        for old in all.sorted(by: { $0.time < $1.time }).prefix(max(1, all.count / 10)) {
          draft.remove(ReadMarker.self, old.key)
        }
      }
    }
  }

  /// What somebody goes on with who stays; nil for one that stays no longer.
  public func setStaying(_ account: Int64, _ state: String?) throws(AccountError) {
    try change { draft throws(AccountError) in
      guard let state else {
        guard draft.book.staying[account] != nil else { return }
        return draft.remove(StayingPerson.self, account)
      }
      _ = try draft.account(account)
      if draft.book.staying[account]?.state == state { return }
      draft.put(StayingPerson(account: account, state: state))
    }
  }

  /// Sets a key of somebody's; nil: it is gone.
  public func setMetadata(
    of subject: String, _ key: String, _ value: String?
  ) throws(AccountError) {
    let limit = limits.metadataKeys
    try change { draft throws(AccountError) in
      let known = draft.book.metadata(of: subject)
      guard let value else {
        guard known[key] != nil else { throw .noSuchEntry }
        return draft.remove(MetadataEntry.self, .init(subject, key))
      }
      guard known[key] != nil || known.count < limit else { throw .limit(limit) }
      draft.put(MetadataEntry(key: .init(subject, key), value: value))
    }
  }

  /// All keys of somebody's are gone.
  public func clearMetadata(of subject: String) throws(AccountError) {
    try change { draft throws(AccountError) in
      for key in draft.book.metadata(of: subject).keys {
        draft.remove(MetadataEntry.self, .init(subject, key))
      }
    }
  }
}
