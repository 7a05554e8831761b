import IRCWire

/// All of a registered room that outlives its last member, and the server. A value.
public struct KeptRoom: Sendable {
  /// A mask of one of its lists.
  public struct Entry: Sendable, Equatable {
    public let list: Character
    public let mask: String
    public let setBy: String
    public let setAt: Timestamp

    public init(list: Character, mask: String, setBy: String, setAt: Timestamp) {
      (self.list, self.mask, self.setBy, self.setAt) = (list, mask, setBy, setAt)
    }
  }

  public var name: String
  public var createdAt: Timestamp
  public var topic: Topic?

  /// As a MODE line sets them: `+klnt key 10`; without `+r`.
  public var modes: [String]
  public var entries: [Entry]

  public var visibility: RoomRegistration.Visibility?

  public init(
    name: String, createdAt: Timestamp, topic: Topic?, modes: [String], entries: [Entry],
    visibility: RoomRegistration.Visibility? = nil
  ) {
    self.visibility = visibility
    (self.name, self.createdAt, self.topic) = (name, createdAt, topic)
    (self.modes, self.entries) = (modes, entries)
  }
}
