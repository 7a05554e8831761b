import HubbubLog
import IRCWire

extension MemberSession {
  /// The number by which servers act, and no connection.
  public static let servers: MemberID = 0

  /// By which a server acts where nobody does: it is in no room, and nobody knows of it.
  ///
  /// - Parameter outbox: `Outbox(nowhere:)`.
  public convenience init(ofServers outbox: Outbox) {
    let profile = Profile(host: "", signedOn: Timestamp(milliseconds: 0))
    self.init(
      id: Self.servers, of: Member(id: Self.servers, profile: profile), outbox: outbox)
  }
}
