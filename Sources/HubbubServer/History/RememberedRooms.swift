import HubbubStore
import IRCWire

/// Which stream a room's name leads to, and where it goes on. A value, guarded by the history's
/// lock.
struct RememberedRooms {
  /// Where a room goes on.
  struct Place {
    let stream: StreamID

    /// The first number to give.
    var next: UInt64

    /// Numbers that a crash may have taken; nil: none.
    var lost: ClosedRange<UInt64>?

    /// In milliseconds since 1970: no message may be older.
    var time: Int64
    var levels: [StoredRoom.Level]

    /// How many lives it has that are not read to their end.
    var lives = 0
  }

  private var streams: [FoldedName: StreamID] = [:]
  private var places: [StreamID: (place: Place, name: String)] = [:]
  private var nextStream: Int64

  /// With whom each account has talked, where something of it is stored.
  private var talks: [Int64: Set<Int64>] = [:]
  private var talkCount = 0

  /// Rooms of which nothing is stored any more, and that are to be forgotten.
  private(set) var empty: [StreamID] = []

  init(_ stored: (rooms: [StoredRoom], nextStream: Int64)) {
    nextStream = stored.nextStream
    for room in stored.rooms {
      guard let time = room.time else {
        empty.append(room.stream)
        continue
      }
      streams[FoldedName(room.name)] = room.stream
      let place = Place(
        stream: room.stream, next: room.next, lost: room.lost, time: time, levels: room.levels)
      places[room.stream] = (place, room.name)
      noteTalk(room.name, isThere: true)
    }
  }

  private mutating func noteTalk(_ name: String, isThere: Bool) {
    guard let talk = TalkName(name) else { return }
    talkCount += isThere ? 1 : -1
    for (one, other) in [(talk.low, talk.high), (talk.high, talk.low)] {
      if isThere { talks[one, default: []].insert(other) } else { talks[one]?.remove(other) }
      if talks[one]?.isEmpty == true { talks[one] = nil }
    }
  }

  /// With whom an account has talked.
  func talks(of account: Int64) -> [Int64] { (talks[account] ?? []).sorted() }

  /// Where a name leads to; nil where nothing is remembered under it.
  func place(named name: String) -> Place? {
    streams[FoldedName(name)].flatMap { places[$0]?.place }
  }

  var count: Int { places.count }

  /// Where a room goes on that is made now.
  ///
  /// - Returns: nil where there are too many.
  mutating func open(_ name: String, limit: Int) -> (place: Place, isNew: Bool)? {
    let folded = FoldedName(name)
    if let stream = streams[folded], let known = places[stream] {
      places[stream]!.place.lives += 1
      places[stream]!.place.lost = nil
      return (known.place, false)
    }
    // Nobody's private talks leave no room for rooms.
    let isTalk = TalkName(name) != nil
    let count = isTalk ? talkCount : places.count - talkCount
    guard count < limit, nextStream <= StreamID.max else { return nil }
    let stream = StreamID(rawValue: nextStream)
    nextStream += 1
    let place = Place(stream: stream, next: 1, lost: nil, time: 0, levels: [], lives: 1)
    streams[folded] = stream
    places[stream] = (place, name)
    noteTalk(name, isThere: true)
    return (place, true)
  }

  /// Whether a name leads to something that is remembered.
  func remembers(_ name: String) -> Bool { streams[FoldedName(name)] != nil }

  /// Under the new name nothing must be remembered.
  ///
  /// - Returns: whether it was renamed: not where there is no such stream.
  mutating func rename(_ stream: StreamID, to name: String) -> Bool {
    guard let known = places[stream] else { return false }
    streams[FoldedName(known.name)] = nil
    streams[FoldedName(name)] = stream
    places[stream]!.name = name
    return true
  }

  mutating func close(
    _ stream: StreamID, next: UInt64, time: Int64, _ levels: [StoredRoom.Level]
  ) {
    guard var place = places[stream]?.place else { return }
    (place.next, place.time, place.levels) = (next, max(place.time, time), levels)
    places[stream]!.place = place
  }

  /// No name leads to a stream any more.
  mutating func unlink(_ stream: StreamID) {
    guard let name = places[stream]?.name, streams[FoldedName(name)] == stream else { return }
    streams[FoldedName(name)] = nil
  }

  /// A life was read to its end.
  ///
  /// - Parameter forgets: whether nothing of the room is to be kept.
  /// - Returns: whether it was forgotten; not where it lives again.
  mutating func end(_ stream: StreamID, forgets: Bool) -> Bool {
    guard let known = places[stream] else { return false }
    places[stream]!.place.lives -= 1
    guard forgets, known.place.lives == 1 else { return false }
    unlink(stream)
    places[stream] = nil
    noteTalk(known.name, isThere: false)
    return true
  }

  /// All of them by name.
  var all: [(name: String, place: Place)] { places.values.map { ($0.name, $0.place) } }
}
