/// M11: whose name messages bore, where and when they arrived, and under which ids.
public struct IdentityFigures: Sendable, Equatable, Codable {
  /// One kind of fault, at one recipient or of one sender.
  public struct Fault: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Codable {
      case otherName
      case otherRoom
      case afterPart
      case afterKick
      case beforeJoin
      case repeatedID
    }

    public var kind: Kind

    /// Whose messages, or who heard them; and who or what else has to do with it.
    public var nickname: String
    public var other: String
    public var count: Int

    /// In words for people.
    var words: String {
      let messages = count == 1 ? "a message" : "\(count) messages"
      return switch kind {
      case .otherName: "\(messages) of \(nickname) arrived as \(other)'s"
      case .otherRoom: "\(nickname) heard \(messages) of the room in \(other)"
      case .afterPart: "\(nickname) heard \(messages) of a room that it had left"
      case .afterKick: "\(nickname) heard \(messages) of a room that it was kicked out of"
      case .beforeJoin: "\(nickname) heard \(messages) of a room before it was in"
      case .repeatedID:
        "\(messages) of \(nickname) \(count == 1 ? "bears" : "bear") the id of another message"
      }
    }
  }

  /// The worst first.
  public var faults: [Fault] = []

  /// How often somebody left the room or was kicked, so that it could be seen who still heard it.
  public var kicks: [String] = []

  /// The faults of all kinds.
  public var count: Int { faults.reduce(0) { $0 + $1.count } }
}
