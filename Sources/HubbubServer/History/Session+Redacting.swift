import HubbubRooms
import HubbubStore

extension Session {
  /// Takes back a message of which only the history knows, as one from before the last restart.
  /// Waits for the disk.
  ///
  /// - Returns: whether there was one.
  func redactStored(
    _ id: String, in name: String, _ reason: String?
  ) throws(Refusal) -> Bool {
    guard let history = hub.history, let room = readableRoom(name), let kept = room.kept else {
      return false
    }
    release()
    history.catchUp([kept])
    // What is wrong with the store is told to whoever reads the log; here the message is unknown.
    guard let key = try? history.message(ofID: id, in: room) else { return false }
    try perform(.redact(id: id, reason: reason, in: name, storedIn: Array(kept.epoch.utf8)))
    history.store.writer.redact(key)
    return true
  }
}
