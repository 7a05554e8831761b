/// What connections have taken.
public struct Traffic: Sendable, Equatable {
  public var bytes: UInt64 = 0

  /// Entries of rooms' logs: each for each of those who read it.
  public var entries: UInt64 = 0

  public init() {}

  init(bytes: UInt64, entries: UInt64) { (self.bytes, self.entries) = (bytes, entries) }

  public static func += (left: inout Traffic, right: Traffic) {
    left.bytes += right.bytes
    left.entries += right.entries
  }
}
