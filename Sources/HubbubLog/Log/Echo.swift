/// Whether the author of an entry reads it itself.
public enum Echo: UInt8, Sendable {
  /// Only where it asked for that: what it said itself.
  case onRequest

  /// Always: what came of its command.
  case always

  /// Never.
  case never
}
