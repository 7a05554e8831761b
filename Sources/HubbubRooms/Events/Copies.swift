import HubbubLog

/// Copies of one event for several people, each form written once. A value, for one event.
struct Copies<Event: RoomEvent> {
  private let event: Event
  private let place: EventPlace
  private var blocks: [Rendition: Block] = [:]

  init(of event: Event, _ place: EventPlace) {
    self.event = event
    self.place = place
  }

  /// Queues a copy for a session. Under the lock of the event's room, or of the registry.
  mutating func place(for session: MemberSession) {
    let rendition = session.rendition
    let block = blocks[rendition] ?? encoded(as: rendition)
    blocks[rendition] = block
    session.outbox.place(block)
  }

  private func encoded(as rendition: Rendition) -> Block {
    var bytes: [UInt8] = []
    event.appendFramed(to: &bytes, as: rendition, place)
    return Block(bytes)
  }
}
