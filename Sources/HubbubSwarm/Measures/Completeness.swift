/// What one recipient should have heard, and what it heard (M1).
public struct Completeness: Sendable, Equatable, Codable {
  /// Messages that were sent to it.
  public var expected = 0

  /// Of these, how many arrived.
  public var distinct = 0

  /// Arrivals of a message that had arrived before.
  public var duplicates = 0

  /// Arrivals that nobody sent to it: another room's messages, or numbers that were never sent.
  public var strays = 0

  public init() {}

  public var lost: Int { expected - distinct }

  /// The share that never came.
  public var loss: Double { expected > 0 ? Double(lost) / Double(expected) : 0 }

  /// The gate of M1.
  public var isComplete: Bool { lost == 0 && duplicates == 0 && strays == 0 }

  static func + (left: Completeness, right: Completeness) -> Completeness {
    var sum = left
    sum.expected += right.expected
    sum.distinct += right.distinct
    sum.duplicates += right.duplicates
    sum.strays += right.strays
    return sum
  }
}
