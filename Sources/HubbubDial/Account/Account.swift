/// An account at a server, and what shows that it is ours (SASL).
public struct Account: Sendable, Equatable {
  /// How it is shown.
  public enum Mechanism: String, Sendable, CaseIterable {
    case external = "EXTERNAL"
    case scramSHA256 = "SCRAM-SHA-256"
    case plain = "PLAIN"
  }

  public var name: String

  /// Never written to a log or to the screen.
  public var password: String?

  /// Those that may be tried, the best first.
  public var mechanisms: [Mechanism]

  public init(name: String, password: String?, mechanisms: [Mechanism]) {
    self.name = name
    self.password = password
    self.mechanisms = mechanisms
  }
}
