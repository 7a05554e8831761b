/// One sentence of the verdict: a measure, its value, its gate, and what it means.
public struct Verdict: Sendable, Codable, Equatable {
  public enum Standing: String, Sendable, Codable {
    case passed
    case failed

    /// Without a gate: for information.
    case noted

    /// Passed by a server that could not be judged soundly, or could not be measured at all.
    case doubtful
  }

  /// `M1` … `M9`, or `swarm` for what concerns the instrument itself.
  public var measure: String
  public var name: String
  public var value: String
  public var gate: String
  public var standing: Standing

  /// In words that a newcomer understands.
  public var meaning: String
}
