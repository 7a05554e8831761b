import DequeModule
import HubbubBytes
import IRCWire

/// Where rooms or private talks ended that are over and still remembered: whoever begins one again
/// goes on there, on every node of a network alike. A value, guarded by the registry's lock.
struct FormerRooms {
  private var ends: [String: (end: RoomPlace, turn: UInt64)] = [:]

  /// The names in the order in which they ended, with those that have ended again since.
  private var order: Deque<(name: String, turn: UInt64)> = []
  private var turn: UInt64 = 0

  /// This many are kept: of more, the oldest go, and begin anew where they come again.
  var limit: Int { didSet { dropOldest() } }

  init(keeping limit: Int) { self.limit = limit }

  func contains(_ name: String) -> Bool { ends[name] != nil }

  mutating func note(_ name: String, _ end: RoomPlace) {
    guard limit > 0 else { return }
    turn += 1
    ends[name] = (end, turn)
    order.append((name, turn))
    dropOldest()
  }

  /// Where it goes on; it is there again.
  mutating func take(_ name: String) -> RoomPlace? {
    defer { dropOldest() }
    return ends.removeValue(forKey: name)?.end
  }

  private mutating func dropOldest() {
    // Of those that come and go, no more than one each.
    if order.count > 2 * ends.count + 16 { order.removeAll { ends[$0.name]?.turn != $0.turn } }
    while let first = order.first {
      let isInForce = ends[first.name]?.turn == first.turn
      if isInForce, ends.count <= limit { return }
      if isInForce { ends[first.name] = nil }
      order.removeFirst()
    }
  }

  // MARK: Snapshots

  func write(to writer: inout ByteWriter) {
    var inForce: [(name: String, place: RoomPlace)] = []
    for (name, turn) in order {
      if let end = ends[name], end.turn == turn { inForce.append((name, end.end)) }
    }
    writer.write(list: inForce) { writer, entry in
      writer.write(entry.name)
      writer.write(entry.place.origin)
      writer.write(entry.place.last)
    }
  }

  init(keeping limit: Int, from reader: inout ByteReader) throws(ByteReader.Malformed) {
    self.init(keeping: limit)
    let all = try reader.list { (reader) throws(ByteReader.Malformed) in
      (try reader.text(), RoomPlace(origin: try reader.text(), last: try reader.number()))
    }
    for (name, end) in all { note(name, end) }
  }
}
