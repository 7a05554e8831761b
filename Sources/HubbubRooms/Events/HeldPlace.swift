import HubbubLog

/// A place in what a session reads, for its copy of an event whose stamp is drawn next: until it is
/// used, the session is sent nothing behind it.
///
/// One of its methods must be called, exactly once, and the session be delivered to afterwards.
/// Under the lock of the event's room or, where it stands in none, of the registry.
struct HeldPlace {
  let session: MemberSession
  private let hold: Outbox.Hold

  init(of session: MemberSession) {
    self.session = session
    hold = session.outbox.hold()
  }

  /// Puts a block there that others may share, written as the session reads.
  func put(_ block: Block, at stamp: UInt64) {
    session.outbox.place(block, at: stamp, ending: hold)
  }

  /// Puts lines there that are for this session alone.
  func put(lines: [UInt8], at stamp: UInt64) {
    session.outbox.place(lines: lines, at: stamp, ending: hold)
  }

  /// Reserves it for an answer that is still to be written.
  func reserve(at stamp: UInt64) -> Outbox.Reservation {
    session.outbox.reserve(at: stamp, ending: hold)
  }

  /// Reserves it for the session's own copy of an event, and writes that.
  func receipt(of event: some RoomEvent, at place: EventPlace) -> Receipt {
    Receipt(
      reservation: reserve(at: place.stamp), bytes: event.encoded(as: session.rendition, place))
  }
}
