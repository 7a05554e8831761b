import DequeModule

/// Brings a member's rooms and its private queue into one order, and that into bursts.
///
/// A value of the baton's holder. The order:
/// - each room's entries in their order, from the member's own JOIN to its own PART or KICK;
/// - a private item behind all that was published in the member's rooms before it was queued;
/// - an event of several rooms (NICK, QUIT) once, behind all that was published before it in any of them.
struct Assembly {
  private var reader: Reader
  private(set) var burst = Burst()

  /// As of the last look; `cursorChanges` says whether there are others now.
  private var cursors: [Cursor] = []
  private var cursorChanges = 0

  private var items: Deque<PrivateItem> = []

  /// Whether there were so many that their places are not to be kept.
  private var hadManyItems = false

  /// The place of the first private item that is not ready: nothing behind it may be taken.
  private var barrier: PrivateItem.Place?

  /// Whether the last fill stopped before an event that its look did not cover: there is more to send, and another
  /// look comes.
  private(set) var isWaiting = false

  /// Whether the last item of all is in the burst or behind it.
  private var isOver = false

  /// The cost of private items that went into the burst since `takePrivateBytes()`.
  private var privateBytes = 0

  /// The last event of several rooms that is in all of them, as of the last look.
  private var completedEvent: UInt64 = 0

  init(reader: Reader) { self.reader = reader }

  /// Takes the first `count` bytes of the burst as written.
  mutating func consume(_ count: Int) {
    burst.consume(count)
    guard burst.isEmpty else { return }
    for cursor in cursors { cursor.noteTaken(by: reader.id) }
  }

  /// Looks what there is to send. Under the member's queue lock.
  mutating func look(at queue: inout PrivateQueue, _ clock: EventClock) {
    // In this order: the events up to this one then lie within what the cursors see.
    completedEvent = clock.completed
    if cursorChanges != queue.cursorChanges {
      cursors = queue.cursors
      cursorChanges = queue.cursorChanges
    }
    for cursor in cursors { cursor.look() }
    barrier = queue.takeReady(into: &items)
    hadManyItems = hadManyItems || items.count > PrivateQueue.keptItems
  }

  /// Fills the burst from what was seen.
  ///
  /// - Returns: the numbers of the cursors that were read to their end and are to be detached.
  mutating func fill() -> Set<UInt64> {
    isWaiting = false
    while !burst.isFull, !isOver {
      let place = items.first?.place ?? barrier
      var stops = advanceAll(to: place)
      if stops.lowest <= completedEvent, !stops.isFull {
        stops = advanceAll(to: place, upTo: stops.lowest)
      }
      if stops.isFull { break }
      if stops.lowest <= completedEvent {
        pass(stops)
        continue
      }
      // An event that is not yet in all its rooms, or that came after the look: whoever published it, or what stands
      // behind it, delivers to us afterwards.
      isWaiting = stops.lowest != .max
      if isWaiting { break }
      guard let item = items.popFirst(), let block = item.block else { break }
      burst.append(block)
      privateBytes += item.cost
      isOver = item.isLast
    }
    if hadManyItems, items.isEmpty { (items, hadManyItems) = ([], false) }
    return takeFinished()
  }

  /// The cost of the private items that went into the burst since the last call.
  mutating func takePrivateBytes() -> Int {
    defer { privateBytes = 0 }
    return privateBytes
  }

  /// Lets go of everything.
  mutating func removeAll() { self = Assembly(reader: reader) }

  private struct Stops {
    var isFull = false
    var lowestCrossing = UInt64.max
    var lowestEpoch = UInt64.max

    /// The event that is to be passed next: itself, or by what was appended after it.
    var lowest: UInt64 { min(lowestCrossing, lowestEpoch) }

    mutating func note(_ stop: LogPosition.Stop) {
      switch stop {
      case .reached: break
      case .full: isFull = true
      case .crossing(let event): lowestCrossing = min(lowestCrossing, event)
      case .later(let epoch): lowestEpoch = min(lowestEpoch, epoch)
      }
    }
  }

  /// Moves every room up to a place, or as far as it is seen.
  ///
  /// A place is taken room by room, while others publish: in one room it may lie behind an event of several rooms, and
  /// in another before that event, or before what was said there before it.
  ///
  /// - Parameter event: moves them beyond the place to this event, which lies before the place in some room: to
  ///   itself, where it is in the room, and over what was appended before it.
  private mutating func advanceAll(
    to place: PrivateItem.Place?, upTo event: UInt64 = 0
  ) -> Stops {
    var stops = Stops()
    for cursor in cursors where cursor.mayRead && cursor.hasMore {
      let target = place?.target(of: cursor) ?? cursor.visible
      stops.note(cursor.advance(to: target, orTo: event, for: reader, into: &burst))
    }
    return stops
  }

  /// Passes the lowest event at which the rooms have stopped.
  private mutating func pass(_ stops: Stops) {
    if stops.lowestCrossing == stops.lowest {
      cross(stops.lowest)
    } else {
      // No event up to this one is still to be sent: what was appended after it may follow.
      reader.frontier = stops.lowest
    }
  }

  /// Sends the event that at least one cursor stands before, once.
  private mutating func cross(_ event: UInt64) {
    for cursor in cursors where reader.lastCrossing < event && cursor.mayRead {
      let before = cursor.next
      guard cursor.sequence(ofCrossing: event) == before else { continue }
      _ = cursor.advance(to: before, for: reader, admitted: event, into: &burst)
      if cursor.next > before { reader.lastCrossing = event }
    }
    if reader.lastCrossing == event { reader.frontier = max(reader.frontier, event) }
  }

  private mutating func takeFinished() -> Set<UInt64> {
    guard cursors.contains(where: \.isFinished) else { return [] }
    var finished: Set<UInt64> = []
    cursors.removeAll { cursor in
      // Asked once: another thread may close it meanwhile.
      guard cursor.isFinished else { return false }
      cursor.keepBytesAlive(in: &burst)
      finished.insert(cursor.number)
      return true
    }
    return finished
  }
}
