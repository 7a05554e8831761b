import HubbubRooms
import HubbubStore
import IRCWire

// Taking back a message of which only the history knows, as one from before the last restart, or
// from another connection: by the account that said it, or in a room by its operators. The history
// deletes it as it reads of it. Waits for the disk.

extension Session {
  /// - Returns: whether there was one.
  func redactStored(
    _ id: String, in name: String, _ reason: String?
  ) throws(Refusal) -> Bool {
    guard let found = stored(id, in: name), let kept = found.room.kept as? RememberedRoom else {
      return false
    }
    try perform(
      .redact(
        id: id, reason: reason, in: name, storedIn: Array(kept.epoch.utf8),
        isOwn: isOwn(found.entry)))
    return true
  }

  /// The same of what the client's account has said to one person.
  func redactStored(_ id: String, to target: String, _ reason: String?) throws(Refusal) -> Bool {
    guard let found = stored(id, in: target), isOwn(found.entry) else { return false }
    try perform(
      .redactPrivately(id: id, reason: reason, to: target, newID: hub.directMessageID()))
    // Also where nothing of the two is kept any more.
    hub.history?.store.writer.redact(found.entry.key)
    return true
  }

  private func stored(_ id: String, in name: String) -> (room: ReadableRoom, entry: StoredEntry)? {
    guard let history = hub.history, let room = readableRoom(name), let kept = room.kept else {
      return nil
    }
    release()
    history.catchUp([kept].live)
    // What is wrong with the store is told to whoever reads the log; here the message is unknown.
    guard let entry = try? history.message(ofID: id, in: room) else { return nil }
    return (room, entry)
  }

  private func isOwn(_ entry: StoredEntry) -> Bool {
    entry.account != nil && entry.account == login?.account
  }
}
