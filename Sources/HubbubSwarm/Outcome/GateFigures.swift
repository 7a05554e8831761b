/// What one gate looked at, and how it stands.
public struct GateFigures: Sendable, Equatable, Codable {
  /// The threshold.
  public var threshold: Double

  /// The worst of all, who that is, and where its value lies with a confidence of 95 percent.
  public var value: Double
  public var worst: String
  public var least: Double
  public var greatest: Double

  /// Those beyond the threshold, the worst first.
  public var suspects: [Suspect] = []

  /// How many messages and how many people this rests on.
  public var messages: Int
  public var compared: Int

  /// Whether that is enough for a verdict.
  public var isEnough: Bool

  /// Those who are accused: beyond the threshold, and beyond chance.
  public var accused: [Suspect] { isEnough ? suspects.filter(\.isBeyondChance) : [] }

  /// Beyond the threshold and not beyond chance is neither kept nor broken.
  var standing: Verdict.Standing {
    guard isEnough else { return .doubtful }
    if !accused.isEmpty { return .failed }
    return suspects.isEmpty ? .passed : .doubtful
  }
}
