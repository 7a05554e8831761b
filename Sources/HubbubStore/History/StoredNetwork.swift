/// Whose history a file is, where it is a network's.
public struct StoredNetwork: Sendable, Equatable {
  public let name: String

  /// Up to where in the network's log all is stored; nil where nobody knows.
  public let revision: Int64?

  public init(name: String, revision: Int64?) { (self.name, self.revision) = (name, revision) }
}
