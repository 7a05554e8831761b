import IRCWire

/// A person's place in a room. A value, guarded by the room's lock; a copy is a snapshot.
public struct Seat: Rostered, Sendable {
  public let member: Member

  /// Its nickname as of the room's order: it changes where the NICK stands in the log.
  public private(set) var nickname: String

  /// `nickname!user@host`, as of the room's order.
  public private(set) var source: String

  public internal(set) var status: MemberStatus

  /// The number of its JOIN: what it has been here for begins there.
  public let since: UInt64

  /// Whether a ban silences it, as of a version of the room's bans; nil where that was not looked
  /// at.
  var silence: (version: Int, isSilenced: Bool)?

  var rosterID: MemberID { member.id }

  init(_ member: Member, _ profile: Profile, status: MemberStatus, since: UInt64) {
    self.member = member
    self.since = since
    nickname = profile.nickname
    source = profile.source
    self.status = status
  }

  /// Knows the member by another profile from here on in the room's order.
  mutating func adopt(_ profile: Profile) {
    nickname = profile.nickname
    source = profile.source
    silence = nil
  }
}
