import IRCWire

extension Room {
  /// Sets the topic; an empty text takes it away. Deliver afterwards.
  ///
  /// - Parameter source: `nickname!user@host` of the actor.
  public func setTopic(
    _ text: String, by actor: Member, source: String, now: Timestamp
  ) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      guard let seat = state.roster[actor.id] else { throw .notMember }
      if state.modes.isTopicProtected, !seat.standing.contains(.operating) {
        throw .operatorNeeded
      }
      let time = max(state.lastTime, now)
      state.topic = text.isEmpty ? nil : Topic(text: text, setBy: seat.nickname, setAt: time)
      var line = LineBuffer()
      line.append(source: source, "TOPIC", [name], trailing: text)
      append(Event(author: actor.id, echo: .always, line: line.bytes), now: now, &state)
    }
  }

  /// A change that an operator asks for.
  public enum ModeRequest: Sendable {
    /// Of the room itself.
    case room(ModeChange)

    /// Of somebody's standing.
    case standing(isAdding: Bool, mode: Character, Member)
  }

  /// Changes modes: all that can be changed, as one entry. Deliver afterwards.
  ///
  /// - Returns: why some could not be changed.
  /// - Throws: where the actor may change nothing here.
  public func changeModes(
    _ requests: [ModeRequest], by actor: Member, source: String, now: Timestamp
  ) throws(Refusal) -> [Refusal] {
    try state.withLock { (state) throws(Refusal) in
      try requireOperator(actor, state)
      var refusals: [Refusal] = []
      var effective: [ModeChange] = []
      for request in requests {
        switch request {
        case .room(let change):
          if let change = state.modes.apply(change) { effective.append(change) }
        case .standing(let isAdding, let mode, let target):
          guard let seat = state.roster[target.id] else {
            refusals.append(.targetNotMember(target.profile.nickname))
            continue
          }
          let change = ModeChange(isAdding: isAdding, mode, seat.nickname)
          if apply(change, to: seat, &state) { effective.append(change) }
        }
      }
      if !effective.isEmpty { append(effective, by: actor, source: source, now: now, &state) }
      return refusals
    }
  }

  /// Lets somebody in who would be kept out by `+i`. Nobody else is told here.
  public func invite(_ target: Member, by actor: Member) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      guard let seat = state.roster[actor.id] else { throw .notMember }
      if state.modes.isInviteOnly, !seat.standing.contains(.operating) { throw .operatorNeeded }
      guard state.roster[target.id] == nil else {
        throw .targetAlreadyMember(target.profile.nickname)
      }
      state.invited.insert(target.id)
    }
  }

  private func apply(_ change: ModeChange, to seat: Seat, _ state: inout State) -> Bool {
    guard let standing = Standing(mode: change.mode) else { return false }
    guard seat.standing.contains(standing) != change.isAdding else { return false }
    state.roster.update(seat.member.id) { seat in
      if change.isAdding { seat.standing.insert(standing) } else { seat.standing.remove(standing) }
    }
    return true
  }

  private func append(
    _ changes: [ModeChange], by actor: Member, source: String, now: Timestamp, _ state: inout State
  ) {
    var line = LineBuffer()
    line.append(source: source, "MODE", [name] + ModeChange.encoded(changes))
    append(Event(author: actor.id, echo: .always, line: line.bytes), now: now, &state)
  }
}
