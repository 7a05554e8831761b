/// A room that is there from the start and stays when the last one leaves.
public struct PersistentRoom: Sendable, Equatable {
  public var name: String

  /// The topic while nobody has set another; empty for none.
  public var topic: String

  /// The modes, as MODE takes them: `+ntk key`.
  public var modes: String

  /// Masks of `nickname!user@host` whose owners operate the room as soon as they join.
  public var operators: [String]

  public init(name: String, topic: String = "", modes: String = "+nt", operators: [String] = []) {
    self.name = name
    self.topic = topic
    self.modes = modes
    self.operators = operators
  }
}
