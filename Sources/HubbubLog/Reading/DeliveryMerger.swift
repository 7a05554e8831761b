import DequeModule
import HubbubThreads

/// Brings a reader's rooms and its private queue into one order, and that into batches.
///
/// Everything is sent in the order of its stamps, as far as one look shows it. A look reads the
/// clock first (the horizon) and the rooms afterwards, and sends nothing above the horizon:
///
///     publisher of 5, in #a       publisher of 6, in #b       reader of both
///     draws its stamp
///                                 draws its stamp, publishes
///                                                             horizon 6; sees 6, sends it
///     publishes, delivers                                     looks again, sends 5
///
/// 6 cannot be an answer to 5, which nobody had seen. What could be an answer has a stamp above the
/// horizon, and waits for the next look, which its publisher brings about.
///
/// A value of the baton's holder.
struct DeliveryMerger {
  private var reader: Reader
  private(set) var batch = WriteBatch()

  /// The rooms that the last look saw.
  private var rooms = RoomsInView()

  /// Those with something to send.
  private var unread = UnreadRooms()

  /// Those that have passed entries which the connection has not taken yet.
  private var advanced: [Cursor] = []

  /// The last stamp that may be sent before another look.
  private var horizon: UInt64 = 0

  private var items: Deque<PrivateItem> = []

  /// Whether there were so many that the memory for their places is not kept.
  private var hadManyItems = false

  /// Whether the last item of all is in the batch or behind it.
  private var isClosed = false

  /// The cost of private items that went into the batch since `takePrivateBytes()`.
  private var privateBytes = 0

  /// How many entries of its rooms the connection has taken.
  private(set) var takenEntries: UInt64 = 0

  private let few: Int

  /// - Parameter few: up to this number of rooms, looking at each costs less than finding out which
  ///   have news.
  init(reader: ReaderID, few: Int) {
    self.reader = Reader(id: reader)
    self.few = few
  }

  /// Removes the first `count` bytes of the batch: they are written.
  mutating func consume(_ count: Int) {
    batch.consume(count)
    guard batch.isEmpty else { return }
    for cursor in advanced {
      takenEntries += cursor.didWrite(by: reader.id)
      cursor.hasAdvanced = false
    }
    advanced.removeAll(keepingCapacity: advanced.count <= PrivateQueue.keptItems)
  }

  /// Looks what there is to send.
  ///
  /// The clock is read under the lock of the queue, so that a private item which comes later stands
  /// behind all that is sent now; and before the rooms, as the order requires.
  mutating func look(at queue: Monitor<PrivateQueue>, _ clock: LogicalClock) {
    let barrier = queue.withLock { queue in
      horizon = clock.now
      if rooms.changes != queue.cursorChanges { renew(queue) }
      return queue.popReady(into: &items)
    }
    rooms.look(clock, for: &unread)
    // Nothing overtakes an item that is not ready.
    if let barrier { horizon = min(horizon, barrier) }
    hadManyItems = hadManyItems || items.count > PrivateQueue.keptItems
  }

  /// Fills the batch from what was seen.
  ///
  /// - Returns: the cursors that were read to their end and are to be detached.
  mutating func fill() -> Set<ObjectIdentifier> {
    while !isClosed {
      advance(to: items.first?.stamp ?? horizon)
      guard !batch.isFull, let item = items.popFirst(), let block = item.block else { break }
      batch.append(block)
      privateBytes += block.cost
      isClosed = item.isLast
    }
    if hadManyItems, items.isEmpty { (items, hadManyItems) = ([], false) }
    return takeFinished()
  }

  private mutating func takeFinished() -> Set<ObjectIdentifier> {
    let finished = rooms.takeFinished()
    if finished.isEmpty { return [] }
    for cursor in finished { cursor.keepBytesAlive(in: &batch) }
    let gone = Set(finished.map { ObjectIdentifier($0) })
    advanced.removeAll { gone.contains(ObjectIdentifier($0)) }
    return gone
  }

  /// The cost of the private items that went into the batch since the last call.
  mutating func takePrivateBytes() -> Int {
    defer { privateBytes = 0 }
    return privateBytes
  }

  /// Lets go of everything.
  mutating func removeAll() { self = DeliveryMerger(reader: reader.id, few: few) }

  private mutating func renew(_ queue: PrivateQueue) {
    unread.removeAll()
    rooms = RoomsInView(queue.cursors, changes: queue.cursorChanges, few: few)
  }

  /// Puts everything up to a stamp into the batch: always of the room with the lowest stamp, up to
  /// the next room's.
  private mutating func advance(to stamp: UInt64) {
    while !batch.isFull, let (cursor, others) = unread.popFirst(upTo: stamp) {
      cursor.advance(
        to: min(stamp, others), for: &reader, copies: rooms.count > 1, into: &batch)
      note(cursor)
    }
  }

  private mutating func note(_ cursor: Cursor) {
    if !cursor.hasAdvanced {
      cursor.hasAdvanced = true
      advanced.append(cursor)
    }
    if cursor.hasMore { unread.insert(cursor) } else { rooms.didRead(cursor) }
  }
}
