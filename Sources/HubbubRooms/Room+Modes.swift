import IRCWire

extension Room {
  /// A change that somebody asks for.
  public enum ModeRequest: Sendable {
    /// Of the room itself.
    case room(ModeChange)

    /// Of one of its lists: the change's letter, and the mask.
    case list(ModeChange, RoomMask)

    /// Of somebody's standing.
    case standing(isAdding: Bool, Standing, mode: Character, Member)
  }

  /// What came of a MODE.
  public struct ModeOutcome: Sendable {
    /// Why some could not be changed.
    public var refusals: [Refusal] = []

    /// The author's own copy, where it is not in the log.
    public var receipt: Receipt?
  }

  /// Changes modes: all that can be changed, as one entry. Deliver afterwards.
  ///
  /// - Parameter masksPerList: how many masks each list takes.
  /// - Throws: where the author may change nothing here.
  public func changeModes(
    _ requests: [ModeRequest], by author: Author, masksPerList: Int, now: Timestamp
  ) throws(Refusal) -> ModeOutcome {
    try state.withLock { (state) throws(Refusal) in
      let own = try require(.assisting, of: author.member, state)
      let author = author.known(as: own.source)
      var outcome = ModeOutcome()
      var effective: [ModeChange] = []
      for request in requests {
        do throws(Refusal) {
          try Self.check(request, by: author, own.standing)
          if let change = try apply(request, by: author, masksPerList, now: now, &state) {
            effective.append(change)
          }
        } catch {
          outcome.refusals.append(error)
        }
      }
      outcome.receipt = publish(effective, by: author, now: now, &state)
      return outcome
    }
  }

  /// The room's name, the masks of the list that a letter stands for, and the place of the answer.
  ///
  /// - Throws: where the one who looks may not know of the room.
  public func masks(
    of letter: Character, by member: Member
  ) throws(Refusal) -> (room: String, entries: [MaskList.Entry], reservation: Outbox.Reservation) {
    try state.withLock { (state) throws(Refusal) in
      if state.modes.isSecret, state.roster[member.id] == nil { throw .notMember }
      let list = MaskLists.path(of: letter).map { state.lists[keyPath: $0] }
      return (name, list?.entries ?? [], member.outbox.reserve())
    }
  }

  /// An assistant keeps the peace: lists, voices, moderation, the door. All else is an operator's.
  private static func check(
    _ request: ModeRequest, by author: Author, _ own: Standing
  ) throws(Refusal) {
    if own.contains(.operating) { return }
    switch request {
    case .list: return
    case .room(let change) where "imt".contains(change.mode): return
    case .standing(_, .voiced, _, _): return
    // Everybody may lay down what it holds.
    case .standing(isAdding: false, _, _, let target) where target === author.member: return
    default: throw .fullOperatorNeeded
    }
  }

  /// - Returns: the change as it took effect; nil where it changed nothing.
  private func apply(
    _ request: ModeRequest, by author: Author, _ masksPerList: Int, now: Timestamp,
    _ state: inout State
  ) throws(Refusal) -> ModeChange? {
    switch request {
    case .room(let change):
      return state.modes.apply(change)
    case .list(let change, let mask):
      let time = max(state.lastTime, now)
      let outcome = state.lists.apply(
        change, mask, by: author.source, at: time, limit: masksPerList)
      switch outcome {
      case .unchanged: return nil
      case .full: throw .listFull(change.mode, mask.description)
      case .changed(let listed):
        return ModeChange(isAdding: change.isAdding, change.mode, listed.description)
      }
    case .standing(let isAdding, let standing, let mode, let target):
      guard let seat = state.roster[target.id] else {
        throw .targetNotMember(target.profile.nickname)
      }
      guard seat.standing.contains(standing) != isAdding else { return nil }
      state.roster.update(target.id) { seat in
        if isAdding { seat.standing.insert(standing) } else { seat.standing.remove(standing) }
      }
      return ModeChange(isAdding: isAdding, mode, seat.nickname)
    }
  }

  /// Publishes what was changed, in as many lines as it needs.
  private func publish(
    _ changes: [ModeChange], by author: Author, now: Timestamp, _ state: inout State
  ) -> Receipt? {
    guard !changes.isEmpty else { return nil }
    var lines: [[UInt8]] = []
    // A line has room for 510 bytes and its ending.
    let room = 510 - author.source.utf8.count - name.utf8.count - ":  MODE ".utf8.count
    for part in ModeChange.fitting(changes, bytes: room) {
      var line = LineBuffer()
      line.append(source: author.source, "MODE", [name] + ModeChange.encoded(part))
      lines.append(line.bytes)
    }
    let variant = Event.Variant(
      line: lines[0], more: lines.dropFirst().map { .tagged($0) })
    return publish(
      Event(by: author, echo: .always, variants: [variant]), by: author, now: now, &state)
  }
}
