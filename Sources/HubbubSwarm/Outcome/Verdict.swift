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

  /// The figure that the gate looks at, and its threshold; nil where there is no single one.
  public var figure: Double?
  public var threshold: Double?

  /// Who was served differently from the others, the worst off first.
  public var who: [String] = []

  /// A measure with a gate.
  ///
  /// - Parameters:
  ///   - isKept: whether the gate holds.
  ///   - good: what that means.
  ///   - bad: what it means where the gate does not hold.
  ///   - otherwise: how it stands then.
  static func gated(
    _ measure: String, _ name: String, _ value: String, gate: String, isKept: Bool, good: String,
    bad: String, otherwise: Standing = .failed
  ) -> Verdict {
    Verdict(
      measure: measure, name: name, value: value, gate: gate,
      standing: isKept ? .passed : otherwise, meaning: isKept ? good : bad)
  }

  /// A measure without a gate.
  static func noted(
    _ measure: String, _ name: String, _ value: String, _ meaning: String,
    standing: Standing = .noted
  ) -> Verdict {
    Verdict(
      measure: measure, name: name, value: value, gate: "–", standing: standing, meaning: meaning)
  }
}
