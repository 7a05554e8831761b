import HubbubStore
import IRCWire

extension Session {
  /// `SEARCH <attributes>` (`soju.im/search`)
  func search(_ attributes: String) {
    guard let history = hub.history, capabilities.contains(.search) else {
      return reply(.unknownCommand, ["SEARCH"], trailing: "Unknown command")
    }
    // It is more work than most lines.
    charge(Self.searchThousandths)
    do throws(HistoryFault) {
      let limit = hub.configuration.history.hits
      try search(SearchQuestion(attributes, limit: limit), in: history)
    } catch {
      fail("SEARCH", error)
    }
  }

  private static let searchThousandths = 2000

  private func search(
    _ question: SearchQuestion, in history: RoomHistory
  ) throws(HistoryFault) {
    let rooms = try searchedRooms(question.room).filter { $0.kept != nil }
    let label = passOnLabel()
    release()
    history.catchUp(rooms.compactMap(\.kept).live)
    // What was said a moment ago gets its words now.
    history.store.writer.settle(upTo: .milliseconds(200))
    let views = rooms.map { $0.kept!.view(of: $0.presence, kinds: []) }
    do throws(StoreError) {
      let found = try history.store.search(question.search(in: views))
      let lines = try lines(of: found.entries, in: rooms, history)
      tell(found.entries, lines, isPartial: found.isPartial, label)
    } catch {
      hub.logger.warning("history cannot be searched", metadata: ["reason": "\(error)"])
      if let label { takeOver(label: label) }
      throw HistoryFault("INTERNAL_ERROR", [], "The search could not be run")
    }
  }

  /// Where something was found, and the names of the ids there.
  private typealias SearchedRoom = (room: ReadableRoom, epochs: [HistoryEpoch])

  private func searchedRooms(_ name: String?) throws(HistoryFault) -> [ReadableRoom] {
    guard let name else { return readableRooms }
    guard let room = readableRoom(name) else {
      throw HistoryFault("INVALID_TARGET", [name], "Messages could not be retrieved")
    }
    return [room]
  }

  /// How the messages of each room are written, but for the batch.
  private func lines(
    of entries: [StoredEntry], in rooms: [ReadableRoom], _ history: RoomHistory
  ) throws(StoreError) -> [StreamID: SearchedRoom] {
    var forms: [StreamID: SearchedRoom] = [:]
    for room in rooms {
      guard let stream = room.kept?.stream else { continue }
      let own = entries.filter { $0.key.stream == stream }.sorted { $0.key < $1.key }
      if !own.isEmpty { forms[stream] = (room, try history.epochs(of: own, in: stream)) }
    }
    return forms
  }

  private func tell(
    _ entries: [StoredEntry], _ forms: [StreamID: SearchedRoom],
    isPartial: Bool, _ label: String?
  ) {
    let batch = beginAnswer("soju.im/search", label)
    outbox.keeping(entries.reduce(0) { $0 + $1.memoryBytes }) {
      for entry in entries {
        guard let form = forms[entry.key.stream] else { continue }
        let lines = HistoryLines(
          capabilities, room: form.room.name, form.epochs, batch: batch,
          readBy: form.room.reader)
        tell(lines: lines.lines(of: entry, reference: hub.batchReference))
        pace()
      }
    }
    endAnswer(batch)
    if isPartial {
      reply("WARN", ["SEARCH", "PARTIAL"], trailing: "The search took too long: this is a part")
    }
  }
}
