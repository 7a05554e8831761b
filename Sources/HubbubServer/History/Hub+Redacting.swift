import HubbubLog
import HubbubRooms
import HubbubStore
import IRCWire

extension Hub {
  /// Takes back a message of a room, whoever has said it, for somebody who keeps the server: also
  /// one that only the history knows. Under no lock; may wait for the disk, and for other servers.
  ///
  /// - Throws: `.unknownMessage` where there is none; `.noSuchRoom`, `.unavailable`.
  func redact(_ id: String, in room: Room, _ reason: String?) throws(Refusal) {
    do throws(Refusal) {
      try redact(id, in: room, reason, storedIn: nil)
    } catch {
      guard error == .unknownMessage, let history, let kept = room.keeper as? RememberedRoom else {
        throw error
      }
      history.catchUp([kept])
      let everything = ReadableRoom(name: room.name, kept: kept, presence: 1...UInt64.max)
      // What is wrong with the store is told to whoever reads the log.
      let entry = try? history.message(ofID: id, in: everything)
      guard entry != nil else { throw error }
      try redact(id, in: room, reason, storedIn: Array(kept.epoch.utf8))
    }
  }

  private func redact(
    _ id: String, in room: Room, _ reason: String?, storedIn epoch: [UInt8]?
  ) throws(Refusal) {
    let server = Author(MemberSession(ofServers: Outbox(nowhere: registry.clock)))
    let deed = Action.Deed.redact(
      id: id, reason: reason, in: room.name, storedIn: epoch, asServer: true)
    Room.deliver(to: try ordering.submit(Action(by: server, at: .now, deed)).rooms)
  }
}
