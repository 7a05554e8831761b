import IRCWire

/// What a room is about, and who said so when.
public struct Topic: Sendable, Equatable {
  public var text: String
  public var setBy: String
  public var setAt: Timestamp

  public init(text: String, setBy: String, setAt: Timestamp) {
    self.text = text
    self.setBy = setBy
    self.setAt = setAt
  }
}
