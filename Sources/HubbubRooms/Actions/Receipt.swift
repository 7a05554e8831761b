import HubbubLog

/// An author's own copy of an event, with the place in what it reads that was held for it.
///
/// The place must be filled (`Outbox.fill`), or the author hears nothing any more.
public struct Receipt: Sendable {
  public let reservation: Outbox.Reservation

  /// The event as the author reads it; empty where it sees nothing of it.
  public let bytes: [UInt8]
}
