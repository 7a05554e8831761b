import HubbubRooms

/// Has each action applied where the log of many nodes has it: on every node, at the same place.
///
/// What somebody does whom nobody knows yet concerns nobody else, and is applied here and at once.
public struct ClusterOrdering: Ordering {
  private let local: LocalOrdering
  private let outgoing: Outgoing

  init(_ local: LocalOrdering, _ outgoing: Outgoing) {
    (self.local, self.outgoing) = (local, outgoing)
  }

  public var isDistant: Bool { true }

  public func submit(_ action: Action) throws(Refusal) -> Outcome {
    guard Self.concernsOthers(action) else { return try local.submit(action) }
    return try enqueue(action).wait().get()
  }

  /// Submits it and does not wait.
  func enqueue(_ action: Action) throws(Refusal) -> Ticket {
    let ticket = Ticket()
    let author = action.author
    try outgoing.add(
      Outgoing.Pending(
        bytes: RecordedAction.bytes(of: action),
        submitter: Replica.Submitter(
          session: author.session, isLabelling: author.isLabelling),
        ticket: ticket), isPatient: Self.isPatient(action.deed))
    return ticket
  }

  /// Whoever comes or goes does so once, and has nothing else to do meanwhile.
  private static func isPatient(_ deed: Action.Deed) -> Bool {
    switch deed {
    case .register, .quit: true
    default: false
    }
  }

  private static func concernsOthers(_ action: Action) -> Bool {
    if action.author.member.profile.isRegistered { return true }
    return switch action.deed {
    case .changeNickname, .logIn, .quit, .setAway: false
    default: true
    }
  }
}
