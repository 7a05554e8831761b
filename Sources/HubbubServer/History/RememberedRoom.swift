import HubbubLog
import HubbubRooms
import HubbubStore
import HubbubThreads
import IRCWire
import Synchronization

/// One life of a room that is remembered.
// @unchecked: `tail` is set before anybody publishes, and then the history thread's, as is
// `hasSpeech`; the rest is guarded or atomic.
final class RememberedRoom: RoomKeeper, @unchecked Sendable {
  let stream: StreamID

  /// What the nodes of a network know it by; nil where there are none.
  let origin: String?
  let placeName: String

  /// What its ids begin with, from `first` on.
  let epoch: String
  let first: UInt64

  /// The server's, which lasts longer than any room.
  private unowned let history: RoomHistory

  /// Whether the history knows that there is news. Exchanged by whoever publishes, after the entry
  /// is published, and by the history thread before it reads: whichever comes later sees the other.
  private let isDirty = Atomic<Bool>(false)

  /// The number of the last entry of all; `UInt64.max` while the room lives. Stored with release
  /// before the room is noted for the last time, loaded with acquire.
  private let last = Atomic<UInt64>(.max)

  /// The number of the last entry that was read and handed to the store. Relaxed: whoever asks has
  /// waited for the history thread, whose lock carries it.
  private let handedOver: Atomic<UInt64>

  /// Guards from which number on the room is restricted. A leaf.
  private let levels: Monitor<[StoredRoom.Level]>

  /// Whether nothing of it is to be stored. Relaxed: a moment later does as well.
  private let isOff = Atomic<Bool>(false)

  private var tail: LogTail?

  /// Whether anything was said in this life, or in one before.
  private(set) var hasSpeech: Bool

  /// Whether it is what two accounts say to each other, which no end of a life forgets.
  let isTalk: Bool

  /// Whether it ended because the server did: then it goes on with the next one. Set before the
  /// room is noted for the last time.
  private(set) var endsWithServer = false

  init(
    _ place: RememberedRooms.Place, epoch: String, isTalk: Bool = false, in history: RoomHistory
  ) {
    self.isTalk = isTalk
    stream = place.stream
    (origin, placeName) = (place.origin, place.name)
    first = place.next
    self.epoch = epoch
    self.history = history
    handedOver = Atomic(place.next - 1)
    levels = Monitor(place.levels)
    hasSpeech = place.next > 1
  }

  /// Whether nothing that is said is stored, because its founder wants that.
  var keepsNothing: Bool {
    get { isOff.load(ordering: .relaxed) }
    set { isOff.store(newValue, ordering: .relaxed) }
  }

  // MARK: RoomKeeper

  func follow(_ tail: LogTail) { self.tail = tail }

  func noteRestriction(_ isRestricted: Bool, from sequence: UInt64) {
    // What comes again as a node of a network catches up is known.
    guard sequence >= first else { return }
    let (isNew, gone) = levels.withLock { levels -> (Bool, [StoredRoom.Level]) in
      guard (levels.last?.isRestricted ?? false) != isRestricted else { return (false, []) }
      // Twice in one place: the later one holds.
      if levels.last?.first == sequence { levels.removeLast() }
      levels.append(.init(first: sequence, isRestricted: isRestricted))
      return (true, Self.takeExcess(of: &levels))
    }
    guard isNew else { return }
    history.store.writer.setLevel(of: stream, from: sequence, isRestricted: isRestricted)
    for level in gone { history.store.writer.removeLevel(of: stream, from: level.first) }
  }

  /// A room in which it changes again and again keeps this many changes. The oldest time at which
  /// anybody could come in, between two at which nobody could, counts as one of those then: nobody
  /// reads more for it.
  private static let maxLevels = 256

  private static func takeExcess(of levels: inout [StoredRoom.Level]) -> [StoredRoom.Level] {
    guard levels.count > maxLevels,
      let restricted = levels.firstIndex(where: \.isRestricted), restricted + 2 < levels.count
    else { return [] }
    let range = restricted + 1...restricted + 2
    defer { levels.removeSubrange(range) }
    return Array(levels[range])
  }

  func rename(to name: String) { history.rename(self, to: name) }

  func close(last: UInt64, at time: Timestamp) {
    endsWithServer = history.close(self, last: last, at: time)
    self.last.store(last, ordering: .releasing)
    // Also where it is known to have news: they may have been read meanwhile.
    isDirty.store(true, ordering: .sequentiallyConsistent)
    history.note(self)
  }

  func hasNews() {
    if !isDirty.exchange(true, ordering: .sequentiallyConsistent) { history.note(self) }
  }

  // MARK: Whoever asks

  /// What somebody may read.
  ///
  /// - Parameter presence: the numbers of what was said since it is here, up to the question.
  func view(of presence: ClosedRange<UInt64>, kinds: Set<StoredEntry.Kind>) -> HistoryView {
    HistoryView(stream, Self.readable(currentLevels, to: presence), events: kinds)
  }

  /// Whether an entry has had this number, in this life or before.
  func hasGiven(_ sequence: UInt64) -> Bool { sequence <= handedOver.load(ordering: .relaxed) }

  var currentLevels: [StoredRoom.Level] { levels.withLock { $0 } }

  /// The numbers that somebody may read who is here: everything that was said while anybody could
  /// come in, and of the rest what was said since it came.
  static func readable(
    _ levels: [StoredRoom.Level], to presence: ClosedRange<UInt64>
  ) -> [ClosedRange<UInt64>] {
    var ranges: [ClosedRange<UInt64>] = []
    var current = StoredRoom.Level(first: 0, isRestricted: false)
    func add(upTo end: UInt64) {
      let isRestricted = current.isRestricted
      let start = isRestricted ? max(current.first, presence.lowerBound) : current.first
      let end = min(end, presence.upperBound)
      if start <= end { ranges.append(start...end) }
    }
    for level in levels {
      if level.first > current.first { add(upTo: level.first - 1) }
      current = level
    }
    add(upTo: presence.upperBound)
    return ranges
  }

  // MARK: The history thread

  /// What is new in a room.
  struct News {
    var entries: [StoredEntry] = []

    /// Messages that were taken back, and those of them of which only their ids are known.
    var redacted: [MessageKey] = []
    var withdrawn: [MessageID] = []

    /// Whether there will be nothing more. Said once.
    var isEnd = false
  }

  /// Reads what is new.
  func read() -> News {
    _ = isDirty.exchange(false, ordering: .sequentiallyConsistent)
    var news = News()
    guard let tail else { return news }
    let last = last.load(ordering: .acquiring)
    let keepsNothing = keepsNothing
    tail.read(upTo: last) { sequence, bytes in
      let key = MessageKey(stream, sequence)
      // What a node hears again as it catches up is stored once; what a crash has taken, now.
      guard !keepsNothing, let heard = HeardEntry(bytes, at: key, history.accountID) else { return }
      news.entries.append(heard.entry)
      if heard.entry.kind.isSpeech { hasSpeech = true }
      guard let id = heard.redactedID else { return }
      if let key = self.key(ofID: id) {
        news.redacted.append(key)
      } else if let id = MessageID(id) {
        news.withdrawn.append(id)
      }
    }
    handedOver.store(tail.next - 1, ordering: .relaxed)
    if tail.next > last {
      news.isEnd = true
      self.tail = nil
    }
    return news
  }

  /// The store has begun a new file: what is said from here on is in it.
  func sayAgain() {
    guard let tail else { return }
    history.store.writer.beginEpoch(stream, first: tail.next, name: epoch)
    for level in currentLevels {
      history.store.writer.setLevel(
        of: stream, from: level.first, isRestricted: level.isRestricted)
    }
  }

  /// What an id of this life stands for.
  private func key(ofID id: String) -> MessageKey? {
    guard let parts = MessageID(id), parts.epoch == epoch, parts.sequence >= first else {
      return nil
    }
    return MessageKey(stream, parts.sequence)
  }
}
