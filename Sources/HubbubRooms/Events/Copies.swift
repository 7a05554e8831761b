import HubbubLog

/// Copies of one event for several sessions, all at its one place in the order. A value, for one
/// event.
///
/// Made before the event's stamp is drawn; `put` must follow, and then all of them be delivered to.
struct Copies {
  private let places: [HeldPlace]

  /// Under the lock of the event's room or, where it stands in none, of the registry.
  init(for sessions: [MemberSession]) { places = sessions.map { HeldPlace(of: $0) } }

  /// Puts the event there, each form of it written once.
  func put(_ event: some RoomEvent, at place: EventPlace) {
    var blocks: [Rendition: Block] = [:]
    for held in places {
      let rendition = held.session.rendition
      let block = blocks[rendition] ?? Block(event.encoded(as: rendition, place))
      blocks[rendition] = block
      held.put(block, at: place.stamp)
    }
  }

  /// Puts there what is another for each of them.
  func put(at stamp: UInt64, _ bytes: (MemberSession) -> [UInt8]) {
    for held in places { held.put(Block(bytes(held.session)), at: stamp) }
  }
}
