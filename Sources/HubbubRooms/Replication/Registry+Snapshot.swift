import HubbubBytes
import HubbubLog
import IRCWire

extension Registry {
  /// Everything that actions decide by, and that they number, as bytes: what a node needs that was
  /// not here before. Names that were given up (WHOWAS) are not among it.
  ///
  /// While nobody applies an action. Any thread, under no lock; takes a step for everybody and
  /// everything.
  public func snapshot() -> [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    writer.write(optional: ledger?.snapshot()) { $0.write($1) }
    return writer.bytes
  }

  /// The same without what rooms know nothing of.
  func write(to writer: inout ByteWriter) {
    state.withLock { state in
      writer.write(byte: Self.snapshotVersion)
      writer.write(announced.load(ordering: .relaxed))
      writer.write(state.roomsMade)
      writer.write(state.formerMessages)
      let rooms = state.rooms.values.sorted { $0.number < $1.number }
      writer.write(list: rooms) { $1.write(to: &$0) }
      writer.write(list: state.people.values.sorted { $0.id < $1.id }) { $1.write(to: &$0) }
      for room in rooms { room.writePeople(to: &writer) }
      let accounts = state.byAccount.sorted { $0.key.text < $1.key.text }
      writer.write(list: accounts) { writer, entry in
        writer.write(entry.key.text)
        writer.write(entry.value.id)
      }
      state.books.write(to: &writer)
      writeTalks(state, to: &writer)
    }
  }

  private static let snapshotVersion: UInt8 = 2

  /// Takes over a state that `snapshot` has written, of a registry with the same limits and
  /// beginning. All who are in it are connected to other nodes.
  ///
  /// Before anything was done here. One thread, under no lock.
  ///
  /// - Parameters:
  ///   - charters: of the rooms that the settings make last.
  ///   - outbox: what all connections elsewhere have.
  public func restore(
    _ snapshot: [UInt8], _ charters: [RoomCharter], reading outbox: Outbox
  ) throws(ByteReader.Malformed) {
    var reader = ByteReader(snapshot[...])
    guard try reader.byte() == Self.snapshotVersion else {
      throw ByteReader.Malformed("the state was written by another version")
    }
    announced.store(try reader.number(), ordering: .relaxed)
    let (roomsMade, formerMessages) = (try reader.int(), try reader.number())
    let rooms = try reader.list { (reader) throws(ByteReader.Malformed) in
      try Room.restored(from: &reader, in: self, charters)
    }
    let byNumber = Dictionary(rooms.map { ($0.number, $0) }) { first, _ in first }
    let people = try reader.list { (reader) throws(ByteReader.Malformed) in
      try Member.restored(from: &reader, byNumber, reading: outbox)
    }
    let byID = Dictionary(people.map { ($0.id, $0) }) { first, _ in first }
    for room in rooms { try room.restorePeople(from: &reader, byID) }
    let accounts = try reader.list { (reader) throws(ByteReader.Malformed) in
      (try reader.text(), try reader.number())
    }
    let books = try Books(from: &reader)
    try restoreTalks(from: &reader)
    let entries = try reader.optional { (reader) throws(ByteReader.Malformed) in
      try reader.data()
    }
    guard (entries == nil) == (ledger == nil) else {
      throw ByteReader.Malformed("the network keeps accounts, or this node alone does")
    }
    if let entries { try ledger?.restore(entries) }
    guard reader.isAtEnd else { throw ByteReader.Malformed("something follows the state") }
    state.withLock { state in
      (state.roomsMade, state.formerMessages) = (roomsMade, formerMessages)
      state.books = books
      // One that the settings made last, and do so no more, is over.
      for room in rooms where !room.isClosed { state.rooms[FoldedName(room.name)] = room }
      for room in rooms where room.isClosed {
        if let place = room.placeToKeep {
          state.formerRooms.note(FoldedName(room.name).text, place)
        }
        room.endKeeping()
      }
      for member in people {
        state.people[FoldedName(member.profile.nickname)] = member
        count(nil, member.profile.userModes)
      }
      for (account, id) in accounts { state.byAccount[FoldedName(account)] = byID[id] }
    }
  }
}
