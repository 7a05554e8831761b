/// A room of which something is stored, and where it goes on.
public struct StoredRoom: Sendable, Equatable {
  public let stream: StreamID
  public let name: String

  /// What the nodes of a network know it by.
  public let origin: String?

  /// The first number to give.
  public let next: UInt64

  /// Numbers that a crash may have taken, which are passed over; nil: none.
  public let lost: ClosedRange<UInt64>?

  /// The time of what is before it, in milliseconds since 1970: no message may be older.
  public let time: Int64?

  /// From which number on what is said is for those alone who are there, or not any more;
  /// ascending.
  public let levels: [Level]

  public struct Level: Sendable, Equatable {
    public let first: UInt64
    public let isRestricted: Bool

    public init(first: UInt64, isRestricted: Bool) {
      (self.first, self.isRestricted) = (first, isRestricted)
    }
  }
}

extension HistoryReader {
  func rooms() throws(StoreError) -> [StoredRoom] {
    var names: [(stream: StreamID, name: String, origin: String?)] = []
    try database.rows("SELECT stream, name, origin FROM room ORDER BY stream") { row in
      if let stream = StreamID(stored: row.integer(0)) {
        names.append((stream, row.text(1), row.optionalText(2)))
      }
      return true
    }
    var levels: [StreamID: [StoredRoom.Level]] = [:]
    try database.rows("SELECT stream, first, isRestricted FROM level ORDER BY stream, first") {
      row in
      if let stream = StreamID(stored: row.integer(0)), row.integer(1) >= 0 {
        let first = UInt64(row.integer(1))
        levels[stream, default: []].append(.init(first: first, isRestricted: row.integer(2) != 0))
      }
      return true
    }
    var rooms: [StoredRoom] = []
    for (stream, name, origin) in names {
      let end = try self.end(of: stream)
      let first = end.last.map { $0 + 1 } ?? 1
      let lost = end.isUnclean ? first...(first + HistoryStore.crashDistance - 1) : nil
      let next = lost.map { $0.upperBound + 1 } ?? first
      // One without numbers begins anew, as another stream.
      guard next < MessageKey.maxSequence else { continue }
      rooms.append(
        StoredRoom(
          stream: stream, name: name, origin: origin, next: next, lost: lost, time: end.time,
          levels: levels[stream] ?? []))
    }
    return rooms
  }

  /// Whose history it is, where it is a network's.
  func network() throws(StoreError) -> StoredNetwork? {
    try database.first("SELECT name, revision FROM network") {
      StoredNetwork(name: $0.text(0), revision: $0.optionalInteger(1))
    }
  }

  func nextStream() throws(StoreError) -> Int64 {
    try database.number("SELECT next FROM numbering") ?? 1
  }
}
