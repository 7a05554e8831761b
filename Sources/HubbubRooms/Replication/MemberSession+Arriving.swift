import HubbubLog

extension MemberSession {
  /// The connection of somebody who comes to another node, and is about to be registered.
  ///
  /// - Parameters:
  ///   - arrival: who that is.
  ///   - outbox: `Outbox(nowhere:)`.
  public convenience init(
    _ id: MemberID, arrivingElsewhere arrival: RecordedAction.Arrival, outbox: Outbox
  ) {
    let member = Member(id: arrival.person, profile: arrival.profile)
    self.init(id: id, of: member, outbox: outbox)
    credential = arrival.credential
    // It may have said so before it was registered (IRCv3 draft/pre-away).
    if let away = arrival.profile.away { member.setAbsence(away, of: self) }
  }
}
