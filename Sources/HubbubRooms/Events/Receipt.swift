import HubbubLog
import IRCWire

/// An author's own copy of an event, with the place in what it reads that was held for it.
///
/// The place must be filled (`Outbox.fill`), or the author hears nothing any more.
public struct Receipt: Sendable {
  public let reservation: Outbox.Reservation
  let placed: Event.Placed

  /// The event as `rendition` sees it.
  public func bytes(as rendition: Rendition) -> [UInt8] {
    placed.event.encoded(as: rendition, time: placed.time, id: placed.id)
  }
}
