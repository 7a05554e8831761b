import HubbubLog

/// Copies of one event for several sessions, all at its one place in the order. A value, for one
/// event.
///
/// Made before the event's stamp is drawn; `put` must follow, and then all of them be delivered to.
struct Copies {
  private let places: [HeldPlace]

  /// Under the lock of the event's room or, where it stands in none, of the registry.
  init(for sessions: [MemberSession]) {
    places = sessions.lazy.filter { !$0.isElsewhere }.map { HeldPlace(of: $0) }
  }

  /// Puts the event there, each form of it written once.
  func put(_ event: some RoomEvent, at place: EventPlace) {
    var blocks: [Rendition: Block] = [:]
    for held in places {
      let rendition = held.session.rendition
      let block = blocks[rendition] ?? Self.block(of: event, as: rendition, place)
      blocks[rendition] = block
      held.put(block, at: place.stamp)
    }
  }

  /// Puts there lines that are others for each of them.
  func put(at stamp: UInt64, _ lines: (MemberSession) -> [UInt8]) {
    for held in places { held.put(lines: lines(held.session), at: stamp) }
  }

  private static func block(
    of event: some RoomEvent, as rendition: Rendition, _ place: EventPlace
  ) -> Block {
    var bytes: [UInt8] = []
    event.appendFramed(to: &bytes, as: rendition, place)
    return Block(bytes)
  }
}
