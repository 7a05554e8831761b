import HubbubBytes
import HubbubLog
import IRCWire

// All of a room that actions decide by, as nodes tell each other of it.

extension Room {
  /// Under the registry's lock.
  func write(to writer: inout ByteWriter) {
    state.withLock { state in
      writer.write(name)
      writer.write(number)
      writer.write(createdAt)
      writer.write(published.value)
      writer.write(origin ?? "")
      writer.write(state.lastTime)
      writer.write(optional: state.topic) { writer, topic in
        writer.write(topic.text)
        writer.write(topic.setBy)
        writer.write(topic.setAt)
      }
      writer.write(state.charter != nil)
      writer.write(optional: state.registration) { $1.write(to: &$0) }
      Self.write(state.modes, to: &writer)
      for (_, list) in Self.lists { Self.write(state.lists[keyPath: list], to: &writer) }
      writer.write(optional: state.keepsName) { writer, range in
        writer.write(range.lowerBound)
        writer.write(range.upperBound)
      }
      writer.write(state.messages)
      writer.write(list: state.recent.entries) { writer, entry in
        writer.write(entry.sequence)
        writer.write(entry.author)
      }
    }
    // Whoever sits here comes behind the people.
  }

  /// Who is here and who is invited. Under the registry's lock.
  func writePeople(to writer: inout ByteWriter) {
    state.withLock { state in
      writer.write(list: Array(state.roster.entries)) { writer, seat in
        writer.write(seat.member.id)
        writer.write(byte: seat.status.rawValue)
        writer.write(seat.since)
      }
      writer.write(list: state.invited.sorted()) { $0.write($1) }
    }
  }

  private static let lists: [(letter: Character, WritableKeyPath<MaskLists, MaskList> & Sendable)] =
    [("b", \.bans), ("e", \.banExceptions), ("I", \.inviteExceptions)]

  private static func write(_ modes: RoomModes, to writer: inout ByteWriter) {
    writer.write(list: modes.changes(showsKey: true)) { $1.write(to: &$0) }
    writer.write(optional: modes.forwardEpoch) { $0.write($1) }
  }

  private static func write(_ list: MaskList, to writer: inout ByteWriter) {
    writer.write(list: list.entries) { writer, entry in
      writer.write(entry.mask.description)
      writer.write(entry.setBy)
      writer.write(entry.setAt)
    }
  }

  /// Makes a room that `write` has written, with nobody in it.
  ///
  /// - Parameter charters: of the rooms that the settings make last.
  static func restored(
    from reader: inout ByteReader, in registry: Registry, _ charters: [RoomCharter]
  ) throws(ByteReader.Malformed) -> Room {
    let (name, number) = (try reader.text(), try reader.int())
    let createdAt = try reader.time()
    let (last, origin) = (try reader.number(), try reader.text())
    let place = RoomPlace(origin: origin, last: last)
    let room = registry.makeRoom(name, number: number, createdAt, at: place)
    // What is this node's own, as its logs, stays.
    var state = room.state.withLock { $0 }
    state.lastTime = try reader.time()
    state.topic = try reader.optional { (reader) throws(ByteReader.Malformed) in
      Topic(text: try reader.text(), setBy: try reader.text(), setAt: try reader.time())
    }
    if try reader.flag() {
      state.charter = charters.first { FoldedName($0.name) == FoldedName(name) }
    }
    state.registration = try reader.optional { (reader) throws(ByteReader.Malformed) in
      try RoomRegistration(from: &reader)
    }
    state.modes = try modes(from: &reader)
    for (letter, list) in lists { try read(letter, list, into: &state.lists, &reader) }
    state.keepsName = try reader.optional { (reader) throws(ByteReader.Malformed) in
      let (first, end) = (try reader.time(), try reader.time())
      guard first <= end else { throw ByteReader.Malformed("a time ends before it begins") }
      return first..<end
    }
    state.messages = try reader.number()
    let recent = try reader.list { (reader) throws(ByteReader.Malformed) in
      (try reader.number(), try reader.number())
    }
    for (sequence, author) in recent { state.recent.note(sequence, by: author) }
    room.state.withLock {
      $0 = state
      room.noteRestriction(state)
    }
    return room
  }

  /// Seats those who sit here.
  func restorePeople(
    from reader: inout ByteReader, _ people: [MemberID: Member]
  ) throws(ByteReader.Malformed) {
    let seats = try reader.list { (reader) throws(ByteReader.Malformed) in
      let (id, status, since) = (try reader.number(), try reader.status(), try reader.number())
      guard let member = people[id] else { throw ByteReader.Malformed("a seat is nobody's") }
      return Seat(member, member.profile, status: status, since: since)
    }
    let invited = try reader.list { (reader) throws(ByteReader.Malformed) in try reader.number() }
    state.withLock { state in
      for seat in seats { state.roster.insert(seat) }
      state.invited = Set(invited)
    }
  }

  private static func modes(from reader: inout ByteReader) throws(ByteReader.Malformed) -> RoomModes
  {
    var modes = RoomModes()
    (modes.isClosedToOutside, modes.isTopicProtected) = (false, false)
    let changes = try reader.list { (reader) throws(ByteReader.Malformed) in
      try ModeChange(from: &reader)
    }
    for change in changes { modes.set(change) }
    modes.isRegistered = changes.contains { $0.mode == "r" }
    modes.forwardEpoch = try reader.optional { (reader) throws(ByteReader.Malformed) in
      try reader.data()
    }
    return modes
  }

  private static func read(
    _ letter: Character, _ path: WritableKeyPath<MaskLists, MaskList>, into lists: inout MaskLists,
    _ reader: inout ByteReader
  ) throws(ByteReader.Malformed) {
    let entries = try reader.list { (reader) throws(ByteReader.Malformed) in
      let mask = try RoomMask(from: &reader, in: letter)
      return (mask, try reader.text(), try reader.time())
    }
    for (mask, setBy, setAt) in entries {
      let change = ModeChange(isAdding: true, letter)
      _ = lists.apply(change, mask, by: setBy, at: setAt, limit: .max)
    }
  }
}
