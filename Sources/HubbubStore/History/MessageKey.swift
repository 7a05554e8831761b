/// Where a message is: its stream and its number there, in one integer that sorts by both. It is
/// the primary key of what is stored.
public struct MessageKey: Hashable, Comparable, Sendable {
  public let rawValue: Int64

  /// 68 thousand million messages a stream.
  static let sequenceBits: Int64 = 36

  /// The last number that a stream has room for.
  public static let maxSequence: UInt64 = 1 << sequenceBits - 1

  public init(_ stream: StreamID, _ sequence: UInt64) {
    precondition(sequence <= Self.maxSequence, "A room has no numbers left.")
    rawValue = stream.rawValue << Self.sequenceBits | Int64(sequence)
  }

  /// - Parameter rawValue: one that was read from a file. nil for what no key looks like.
  init?(stored rawValue: Int64) {
    guard (1...StreamID.max).contains(rawValue >> Self.sequenceBits) else { return nil }
    self.rawValue = rawValue
  }

  public var stream: StreamID { StreamID(rawValue: rawValue >> Self.sequenceBits) }
  public var sequence: UInt64 { UInt64(rawValue) & Self.maxSequence }

  public static func < (left: MessageKey, right: MessageKey) -> Bool {
    left.rawValue < right.rawValue
  }
}
