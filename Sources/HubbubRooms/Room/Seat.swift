import HubbubLog
import IRCWire

/// A member's place in a room's roster. A value, guarded by the room's lock; a copy is a snapshot.
public struct Seat: Sendable {
  public let member: Member

  /// Its nickname as of the room's order: it changes where the NICK stands in the log.
  public private(set) var nickname: String

  /// `nickname!user@host`, as of the room's order.
  public private(set) var source: String

  public internal(set) var status: MemberStatus

  /// Whether a ban silences it, as of a version of the room's bans; nil where that was not looked
  /// at.
  var silence: (version: Int, isSilenced: Bool)?

  /// The form in which it reads the room.
  var rendition: Rendition

  /// Where it reads.
  var cursor: Cursor

  init(
    member: Member, _ profile: Profile, status: MemberStatus, rendition: Rendition, cursor: Cursor
  ) {
    self.member = member
    nickname = profile.nickname
    source = profile.source
    self.status = status
    self.rendition = rendition
    self.cursor = cursor
  }

  /// Whether it reads as what was negotiated.
  func isFor(_ capabilities: Capability) -> Bool {
    rendition == Rendition(of: capabilities)
      && cursor.wantsEcho == capabilities.contains(.echoMessage)
  }

  /// Takes over what is known of the member from here on in the room's order.
  mutating func take(_ profile: Profile) {
    nickname = profile.nickname
    source = profile.source
    silence = nil
  }
}
