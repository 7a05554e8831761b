import HubbubStore

// What whoever asks for a page looks up. All of it waits for the disk, under no lock.

extension RoomHistory {
  /// Where a question points to.
  ///
  /// - Returns: nil where it names a message that is not known in this room.
  func selector(
    _ question: HistoryQuestion.Page, in room: any Recallable
  ) throws(StoreError) -> HistorySelector? {
    switch question.kind {
    case .latest(nil): return .latest()
    case .latest(let reference?):
      return try place(reference, room).map { HistorySelector.latest(after: $0) }
    case .before(let reference):
      return try place(reference, room).map(HistorySelector.before)
    case .after(let reference): return try place(reference, room).map(HistorySelector.after)
    case .around(let reference): return try place(reference, room).map(HistorySelector.around)
    case .between(let one, let other):
      guard let first = try place(one, room), let last = try place(other, room) else { return nil }
      return .between(first, last)
    }
  }

  /// The names of the ids of what is on a page.
  func epochs(
    of entries: [StoredEntry], in stream: StreamID
  ) throws(StoreError) -> [HistoryEpoch] {
    guard let first = entries.first?.key.sequence, let last = entries.last?.key.sequence else {
      return []
    }
    return try store.epochs(of: stream, first...last)
  }

  /// The number of a message in this room; nil where its id is none of the room's.
  func sequence(ofID id: String, in room: any Recallable) throws(StoreError) -> UInt64? {
    guard let parts = MessageID(id), room.hasGiven(parts.sequence) else { return nil }
    return try store.sequence(parts.sequence, ofEpoch: parts.epoch, in: room.stream)
  }

  /// A message that is stored, and that somebody may read.
  func message(ofID id: String, in room: ReadableRoom) throws(StoreError) -> StoredEntry? {
    guard let kept = room.kept, let sequence = try sequence(ofID: id, in: kept) else { return nil }
    let key = MessageKey(kept.stream, sequence)
    guard kept.view(of: room.presence, kinds: []).contains(key), let entry = try store.entry(key),
      entry.kind.isSpeech
    else { return nil }
    return entry
  }

  private func place(
    _ reference: HistoryQuestion.Reference, _ room: any Recallable
  ) throws(StoreError) -> HistorySelector.Reference? {
    switch reference {
    case .time(let time): return .time(time)
    case .id(let id):
      return try sequence(ofID: id, in: room).map(HistorySelector.Reference.sequence)
    }
  }
}
