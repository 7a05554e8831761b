/// The number of a room or of a conversation of two accounts. Never given twice.
public struct StreamID: RawRepresentable, Hashable, Comparable, Sendable {
  public let rawValue: Int64

  /// - Parameter rawValue: from 1 to `max`.
  public init(rawValue: Int64) {
    precondition(
      (1...Self.max).contains(rawValue), "A stream has a number that no key has room for.")
    self.rawValue = rawValue
  }

  /// What is left of a positive `Int64` beside the sequence; one less, so that there is a key
  /// behind the last one.
  public static let max: Int64 = 1 << (63 - MessageKey.sequenceBits) - 2

  public static func < (left: StreamID, right: StreamID) -> Bool {
    left.rawValue < right.rawValue
  }
}
