import HubbubLog

extension MemberSession {
  /// The connection of somebody who comes to another node, and is about to be registered.
  ///
  /// - Parameters:
  ///   - person: its number.
  ///   - outbox: `Outbox(nowhere:)`.
  public convenience init(
    arrivingElsewhere id: MemberID, as person: MemberID, _ profile: Profile, outbox: Outbox
  ) {
    let member = Member(id: person, profile: profile)
    self.init(id: id, of: member, outbox: outbox)
    // It may have said so before it was registered (IRCv3 draft/pre-away).
    if let away = profile.away { member.setAbsence(away, of: self) }
  }
}
