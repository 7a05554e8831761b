/// A range of numbers of a stream from which something is missing.
public struct StoredGap: Sendable, Equatable {
  /// Why. The numbers are stored.
  public enum Reason: Int64, Sendable {
    /// The disk did not take it, and memory for it was at its end.
    case disk = 0

    /// The server ended without a goodbye: numbers were passed over that may have been given.
    case crash

    /// The store refused it: our fault.
    case refused

    /// It was said in a network while this node was not there.
    case away
  }

  public var first: MessageKey

  /// The last number that may be missing.
  public var last: MessageKey
  public var reason: Reason
}
