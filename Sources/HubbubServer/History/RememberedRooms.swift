import HubbubRooms
import HubbubStore
import IRCWire

/// Which stream a room's name leads to, and where it goes on. A value, guarded by the history's
/// lock.
struct RememberedRooms {
  /// Where a room goes on.
  struct Place {
    let stream: StreamID

    /// What the nodes of a network know it by.
    var origin: String?

    /// The first number to give.
    var next: UInt64

    /// Numbers that a crash may have taken; nil: none.
    var lost: ClosedRange<UInt64>?

    /// In milliseconds since 1970: no message may be older.
    var time: Int64
    var levels: [StoredRoom.Level]

    /// How many lives it has that are not read to their end.
    var lives = 0

    /// By what devices know how far they have read it: the same at all nodes of a network.
    var name: String { origin ?? "\(stream.rawValue)" }
  }

  /// Whether the nodes of a network have in common where rooms go on.
  private let isShared: Bool

  /// Whether rooms that are empty are forgotten.
  private let forgetsEmptyRooms: Bool

  /// In a network, streams by what the nodes know them by.
  private var byOrigin: [String: StreamID] = [:]

  /// Whether this node reads all that it has not heard: then nothing is missing.
  var missesNothing = false
  private var streams: [FoldedName: StreamID] = [:]
  private var places: [StreamID: (place: Place, name: String)] = [:]
  private var nextStream: Int64

  /// With whom each account has talked, where something of it is stored.
  private var talks: [Int64: Set<Int64>] = [:]
  private var talkCount = 0

  /// Rooms of which nothing is stored any more, and that are to be forgotten.
  private(set) var empty: [StreamID] = []

  /// - Parameters:
  ///   - isShared: whether the server is a node of a network.
  ///   - isMarked: whether what is stored is already a network's.
  init(
    _ stored: (rooms: [StoredRoom], nextStream: Int64), isShared: Bool = false,
    isMarked: Bool = false, forgetsEmptyRooms: Bool = false
  ) {
    nextStream = stored.nextStream
    self.isShared = isShared
    self.forgetsEmptyRooms = forgetsEmptyRooms
    for room in stored.rooms {
      guard let time = room.time else {
        empty.append(room.stream)
        continue
      }
      streams[FoldedName(room.name)] = room.stream
      // In a network a crash takes no numbers: they are in its log.
      let next = isMarked ? room.lost?.lowerBound ?? room.next : room.next
      let place = Place(
        stream: room.stream, origin: room.origin, next: next, lost: isMarked ? nil : room.lost,
        time: time, levels: room.levels)
      byOrigin[place.name] = room.stream
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

  /// What came of a room's coming in a network.
  struct Opening {
    let place: Place
    let isNew: Bool

    /// Whether the file has to know that the name leads there.
    let isNamed: Bool

    /// What was said while this node was not there.
    var missed: ClosedRange<UInt64>?

    /// What the name has led to before, and is no more.
    var forgotten: StreamID?
  }

  /// Where a room of a network goes on that is made now, or is there as this node comes.
  ///
  /// - Returns: nil where there are too many.
  mutating func open(_ name: String, at wanted: RoomPlace, limit: Int) -> Opening? {
    let folded = FoldedName(name)
    // As this node catches up, a room may have its former name again for a while.
    if let stream = byOrigin[wanted.origin], let known = places[stream]?.place {
      let isNamed = streams[folded] != stream
      streams[folded] = stream
      places[stream]!.name = name
      places[stream]!.place.lives += 1
      // What comes again is stored already.
      places[stream]!.place.next = max(known.next, wanted.last + 1)
      let isMissing = !missesNothing && known.next <= wanted.last
      return Opening(
        place: places[stream]!.place, isNew: false, isNamed: isNamed,
        missed: isMissing ? known.next...wanted.last : nil)
    }
    // Another room of this name was there before; or will be, where this node has been before.
    var forgotten: StreamID?
    if let stream = streams[folded], let known = places[stream]?.place {
      streams[folded] = nil
      let isOver = !Self.isLater(known.name, than: wanted.origin) && known.lives == 0
      if isOver, forgetsEmptyRooms, TalkName(name) == nil { forgotten = drop(stream) }
    }
    guard let (place, _) = open(name, limit: limit) else { return nil }
    places[place.stream]!.place.origin = wanted.origin
    places[place.stream]!.place.next = wanted.last + 1
    byOrigin[wanted.origin] = place.stream
    return Opening(
      place: places[place.stream]!.place, isNew: true, isNamed: true, forgotten: forgotten)
  }

  /// Whether one room of a network began after another: epochs end in the number of the room.
  private static func isLater(_ one: String, than other: String) -> Bool {
    func number(_ origin: String) -> Int {
      origin.split(separator: ".").dropFirst().last.flatMap { Int($0, radix: 36) } ?? 0
    }
    return number(one) > number(other)
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
    (place.next, place.time, place.levels) = (max(place.next, next), max(place.time, time), levels)
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
    _ = drop(stream)
    return true
  }

  private mutating func drop(_ stream: StreamID) -> StreamID? {
    guard let known = places.removeValue(forKey: stream) else { return nil }
    byOrigin[known.place.name] = nil
    noteTalk(known.name, isThere: false)
    return stream
  }

  /// All of them by name.
  var all: [(name: String, place: Place)] { places.values.map { ($0.name, $0.place) } }
}
