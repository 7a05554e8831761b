import HubbubLog
import IRCWire

extension Room {
  /// A change that somebody asks for, with those who are named in it.
  enum Change {
    case room(ModeChange)
    case forward(Room)
    case list(ModeChange, RoomMask)
    case status(isAdding: Bool, MemberStatus, mode: Character, Member)
  }

  /// What came of a MODE.
  struct ModeOutcome {
    /// What was changed.
    var changes: [ModeChange] = []

    /// Why some could not be changed, each reason once.
    var refusals: [Refusal] = []

    /// The author's own copy, where it is not in the log.
    var receipt: Receipt?
  }

  /// Changes modes: all that can be changed, as one entry. Deliver afterwards.
  ///
  /// - Parameters:
  ///   - masksPerList: how many masks each list takes.
  ///   - asServer: whether the server changes them, for one of its operators: whatever the author
  ///     may do here.
  /// - Throws: where the author may change nothing here.
  func changeModes(
    _ requests: [Change], by author: Author, asServer: Bool = false, masksPerList: Int,
    now: Timestamp
  ) throws(Refusal) -> ModeOutcome {
    try state.withLock { (state) throws(Refusal) in
      if asServer, state.isClosed { throw .isClosed }
      let own = asServer ? nil : try require(.assisting, of: author.member, state)
      let source = own?.source ?? serverName
      var outcome = ModeOutcome()
      for request in requests {
        do throws(Refusal) {
          try Self.check(request, by: author, own?.status ?? .operating)
          if let change = try apply(request, by: source, masksPerList, now: now, &state) {
            outcome.changes.append(change)
          }
        } catch {
          if !outcome.refusals.contains(error) { outcome.refusals.append(error) }
        }
      }
      outcome.receipt = publish(
        outcome.changes, by: author, known: source, asServer: asServer, now: now, &state)
      noteRestriction(state)
      return outcome
    }
  }

  /// The room's name, the masks of the list that a letter stands for, and the place of the answer.
  ///
  /// - Parameter seesSecrets: whether the one who looks may know of any room.
  /// - Throws: where it may not know of this one.
  public func masks(
    of letter: Character, by session: MemberSession, seesSecrets: Bool = false
  ) throws(Refusal) -> (room: String, entries: [MaskList.Entry], reservation: Outbox.Reservation) {
    try state.withLock { (state) throws(Refusal) in
      let isHidden = state.modes.isSecret && state.roster[session.member.id] == nil
      if isHidden, !seesSecrets { throw .notMember }
      let list = MaskLists.path(of: letter).map { state.lists[keyPath: $0] }
      return (name, list?.entries ?? [], session.outbox.reserve())
    }
  }

  /// An assistant keeps the peace: lists, voices, moderation, the door. All else is an operator's.
  private static func check(
    _ request: Change, by author: Author, _ own: MemberStatus
  ) throws(Refusal) {
    if own.contains(.operating) { return }
    switch request {
    case .list: return
    case .room(let change) where "MRUimt".contains(change.mode): return
    case .status(_, .voiced, _, _): return
    // Everybody may lay down what it holds.
    case .status(isAdding: false, _, _, let target) where target === author.member: return
    default: throw .fullOperatorNeeded
    }
  }

  /// - Returns: the change as it took effect; nil where it changed nothing.
  private func apply(
    _ request: Change, by source: String, _ masksPerList: Int, now: Timestamp,
    _ state: inout State
  ) throws(Refusal) -> ModeChange? {
    switch request {
    case .room(let change):
      return state.modes.apply(change)
    case .forward(let room):
      return state.modes.lead(to: room)
    case .list(let change, let mask):
      let time = max(state.lastTime, now)
      let outcome = state.lists.apply(
        change, mask, by: source, at: time, limit: masksPerList)
      switch outcome {
      case .unchanged: return nil
      case .full: throw .listFull(change.mode, mask.description)
      case .changed(let listed):
        return ModeChange(isAdding: change.isAdding, change.mode, listed.description)
      }
    case .status(let isAdding, let status, let mode, let target):
      guard let seat = state.roster[target.id] else {
        throw .targetNotMember(target.profile.nickname)
      }
      guard seat.status.contains(status) != isAdding else { return nil }
      state.roster.update(target.id) { seat in
        if isAdding { seat.status.insert(status) } else { seat.status.remove(status) }
      }
      return ModeChange(isAdding: isAdding, mode, seat.nickname)
    }
  }

  /// Publishes what was changed, in as many lines as it needs.
  private func publish(
    _ changes: [ModeChange], by author: Author, known source: String, asServer: Bool,
    now: Timestamp,
    _ state: inout State
  ) -> Receipt? {
    guard !changes.isEmpty else { return nil }
    var lines: [[UInt8]] = []
    // A line has room for 510 bytes and its ending.
    let room = 510 - source.utf8.count - name.utf8.count - ":  MODE ".utf8.count
    for part in ModeChange.fitting(changes, bytes: room) {
      var line = LineBuffer()
      line.append(source: source, "MODE", [name] + ModeChange.encoded(part))
      lines.append(line.bytes)
    }
    let variant = Event.Variant(
      line: lines[0], more: Array(lines.dropFirst()))
    guard asServer else {
      let event = Event(by: author, echo: .always, variants: [variant])
      return publish(event, by: author, now: now, &state)
    }
    // What the server says does not name whoever asked for it, who may not be here to read it.
    let event = Event(author: author.session.id, echo: .always, variants: [variant])
    return publish(event, by: author, readsLog: true, now: now, &state)
  }
}
