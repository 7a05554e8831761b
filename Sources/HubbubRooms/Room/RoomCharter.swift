import IRCWire

/// What makes a room last: it is there from the start, and stays when the last one leaves.
public struct RoomCharter: Sendable {
  public var name: String
  public var topic: String
  public var modes: RoomModes

  /// Masks of `nickname!user@host` whose owners operate the room as soon as they join.
  public var operators: [SourceMask]

  /// Names of operators of the server who do so too.
  public var serverOperators: [String]

  public init(
    name: String, topic: String, modes: RoomModes, operators: [SourceMask],
    serverOperators: [String]
  ) {
    self.name = name
    self.topic = topic
    self.modes = modes
    self.operators = operators
    self.serverOperators = serverOperators
  }

  /// The status with which somebody joins.
  func status(of profile: Profile) -> MemberStatus {
    let isNamed = profile.operatorName.map(serverOperators.contains) ?? false
    if isNamed { return .operating }
    guard !operators.isEmpty else { return [] }
    let subject = profile.maskSubject
    return operators.contains { $0.matches(subject) } ? .operating : []
  }
}
