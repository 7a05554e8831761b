/// Somebody who was served differently from the others, and how sure that is.
public struct Suspect: Sendable, Equatable, Codable {
  public var nickname: String

  /// What the gate looks at.
  public var value: Double

  /// Where the value lies with a confidence of 95 percent, by drawing blocks of messages again.
  public var least: Double
  public var greatest: Double

  /// How often chance brings anyone as far, of all who were compared.
  public var chance: Double

  /// From this on chance is no explanation any more.
  static let doubt = 0.01

  var isBeyondChance: Bool { chance <= Self.doubt }
}
