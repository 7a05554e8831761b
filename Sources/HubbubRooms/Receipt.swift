import IRCWire

/// An author's own copy of an event, with the place in what it reads that was held for it.
///
/// The place must be filled (`Outbox.fill`), or the author hears nothing any more.
public struct Receipt: Sendable {
  public let reservation: Outbox.Reservation
  let event: Event
  let time: Timestamp
  let id: [UInt8]

  /// The event as `rendition` sees it.
  public func bytes(as rendition: Rendition) -> [UInt8] {
    event.encoded(as: rendition, time: time, id: id)
  }
}
