/// What a server refused.
public struct RefusalFigures: Sendable, Codable, Equatable {
  public var count: Int
  public var words: String
}
