import HubbubLog
import IRCWire

// Registered rooms.

extension Registry {
  /// Makes rooms that were kept, with nobody in them. Before anybody comes.
  public func restore(_ rooms: [(room: KeptRoom, registration: RoomRegistration)]) {
    for (kept, registration) in rooms {
      restoreRoom(named: kept.name, createdAt: kept.createdAt) { $0.restore(kept, registration) }
    }
  }

  /// Registers a room whose author operates it, under what is kept of it.
  ///
  /// - Parameter asServer: whether the server does, for one of its operators.
  func register(
    _ registration: RoomRegistration?, _ room: Room, by author: Author, asServer: Bool,
    now: Timestamp
  ) throws(Refusal) -> Outcome {
    if !asServer, registration != nil {
      guard let own = room.view(by: author.member).own else { throw .notMember }
      guard own.status.contains(.operating) else { throw .operatorNeeded }
    }
    // Under the lock of the names: whoever comes meanwhile comes into this room, or into another
    // that begins behind its end.
    try state.withLock { (state) throws(Refusal) in
      try room.setRegistration(registration, by: author, now: now)
      if registration == nil { remove(room, &state) }
    }
    return Outcome(in: room)
  }

  /// Somebody is known to have another account: rooms give it the standing it has there.
  ///
  /// - Returns: the rooms that have changed it.
  func recognize(_ member: Member, now: Timestamp) -> [Room] {
    member.rooms.filter { $0.recognize(member, now: now) }
  }
}
