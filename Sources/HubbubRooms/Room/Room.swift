import HubbubLog
import HubbubThreads
import IRCWire
import Synchronization

/// A named room: who is here, and the log they all read. Any thread may call any method.
///
/// Nothing here waits for a connection: an event is appended under the room's lock, and the thread
/// that appended it calls `deliver()` afterwards, when it holds no lock.
public final class Room: Undelivered, Sendable {
  /// Guards the name. A leaf: it is read under the room's lock, and changed under it.
  private let currentName: Monitor<String>

  /// As the first who joined wrote it, or as it was renamed since.
  public var name: String { currentName.withLock { $0 } }
  public let createdAt: Timestamp

  /// Tells it apart from the other rooms of the registry.
  let number: Int

  /// Says which life of the name this is: message ids begin with it and never come again.
  public let epoch: [UInt8]

  /// The server's, which speaks where nobody else does.
  let serverName: String

  /// Stamps what is published.
  let clock: LogicalClock

  let published: PublishedCount

  /// Watches some of the broadcasts.
  let sampler = FanOutSampler()

  /// Guards the roster, the modes, the topic and the tails of the logs. Level 2.
  let state: Monitor<State>

  /// Set under the room's lock when a log began a new chunk, taken by whoever delivers next: the
  /// moment to look for readers that fell behind. Relaxed: a moment later does as well.
  private let wantsLagCheck = Atomic<Bool>(false)

  /// The right to deliver to those who are here.
  private let fanOut = FanOut()

  /// For one write to all of them; nil for one to each.
  private let groups: (any WriteGroups)?

  private let rotatesStart: Bool

  /// Whether other nodes apply the same actions: then nothing that only this one knows, as what its
  /// clients have negotiated, may decide anything.
  var isReplicated: Bool { origin != nil }

  /// The epoch of its first life, in a network; nil elsewhere.
  public let origin: String?

  /// Where it goes on, in a network; nil elsewhere, and where nothing was ever said: who only comes
  /// and goes leaves nothing behind.
  var placeToKeep: RoomPlace? {
    guard let origin, messages > 0 || !origin.utf8.elementsEqual(epoch) else { return nil }
    return RoomPlace(origin: origin, last: published.value)
  }

  /// What remembers it; nil where nothing does.
  public let keeper: (any RoomKeeper)?

  struct State {
    /// Who is here.
    var roster = Roster<Seat>()

    /// Who reads the logs: the sessions of those who are here, and observers.
    var readers = Roster<RoomReader>()
    var logs: [LogInUse] = []

    /// The current event's bytes.
    var forms = EventForms()
    var topic: Topic?
    var modes = RoomModes()
    var lists = MaskLists()
    var invited: Set<MemberID> = []

    /// What makes it last though nobody is in it; nil for a room that is over with its last member.
    var charter: RoomCharter?

    /// What makes it last because it is registered; nil for a room that is not.
    var registration: RoomRegistration?

    /// How many messages were said here in all, and by each session that is here. In a table of
    /// its own: what a fan-out walks is not copied for a count.
    var messages: UInt64 = 0
    var messagesBySession: [MemberID: UInt64] = [:]

    /// Who said what lately.
    var recent = RecentSpeech()

    /// Whether it is closed: nobody is in it, and nothing makes it last.
    var isClosed: Bool { roster.isEmpty && charter == nil && registration == nil }

    /// Counts renames and the close, so that whoever looked the room up earlier notices either.
    var naming = 0

    /// Between these it may have no other name; nil for none.
    var keepsName: Range<Timestamp>?

    /// The time of the last event: the clock may jump back, a room's time does not.
    var lastTime = Timestamp(milliseconds: 0)

    /// Who is delivered to first.
    var order = FanOutOrder(seed: 0)
  }

  /// The log of a rendition, and how many read it.
  struct LogInUse {
    let rendition: Rendition
    let log: Log
    var readers: Int
  }

  /// - Parameters:
  ///   - number: tells it apart from other rooms.
  ///   - groups: for one write to all who are here; nil for one to each.
  ///   - rotatesStart: whether the order in which they are delivered to changes. False only to show
  ///     what that is good for.
  ///   - past: where it goes on; nil where nothing remembers it.
  ///   - place: the same, as a network's nodes have it in common, whatever `past` says; nil where
  ///     there are none.
  init(
    name: String, serverName: String, clock: LogicalClock, number: Int, epoch: [UInt8],
    createdAt: Timestamp, groups: (any WriteGroups)?, rotatesStart: Bool, past: RoomPast? = nil,
    place: RoomPlace? = nil
  ) {
    self.clock = clock
    self.number = number
    published = PublishedCount(
      clock: clock, number: number,
      last: place?.last ?? past.map { $0.firstSequence - 1 } ?? 0)
    keeper = past?.keeper
    currentName = Monitor(level: .leaf, name)
    self.serverName = serverName
    self.epoch = epoch
    self.createdAt = createdAt
    self.groups = groups
    self.rotatesStart = rotatesStart
    origin = place?.origin
    var state = State(order: FanOutOrder(seed: UInt64(number)))
    if let past, place == nil { state.lastTime = past.time }
    self.state = Monitor(level: .room, state)
    follow()
  }

  /// Delivers to everyone here what they have not read yet; without holding any lock. Call it after
  /// every change; several changes may share one call.
  public func deliver() { deliver(passingOver: { _ in false }) }

  /// The same for several rooms, where a change was made in all of them: each person is delivered
  /// to once, in however many of them it is.
  public static func deliver(to rooms: [Room]) {
    guard rooms.count > 1 else {
      rooms.first?.deliver()
      return
    }
    var served: Set<ObjectIdentifier> = []
    for room in rooms { room.deliver { !served.insert(ObjectIdentifier($0)).inserted } }
  }

  /// - Parameter isServed: whether somebody has been delivered to since the change.
  private func deliver(passingOver isServed: (Outbox) -> Bool) {
    // Before anybody has read it: whoever asks then what was said is told of it.
    keeper?.hasNews()
    let hasMore = fanOut.run { isOwnAlone in
      // What others have published is new to everybody.
      if isOwnAlone { walk(passingOver: isServed) } else { walk { _ in false } }
    }
    if hasMore { state.withLock { $0.readers.entries.first }?.outbox.deliverLater(self) }
  }

  /// Delivers to everyone here, in an order that changes, and ends those who have fallen too far
  /// behind.
  private func walk(passingOver isServed: (Outbox) -> Bool) {
    let (readers, order, singlesFirst) = state.withLock { state in
      let count = state.readers.count
      let still = FanOutOrder.Walk(start: 0, step: 1, count: count)
      let walk = rotatesStart ? state.order.next(count: count) : still
      return (state.readers.entries, walk, rotatesStart && state.order.coin())
    }
    var delivery = RoundDelivery(
      from: groups, upTo: readers.count, singlesFirst: singlesFirst)
    for place in order {
      let outbox = readers[place].outbox
      if !isServed(outbox) { delivery.add(outbox) }
    }
    delivery.finish()
    if wantsLagCheck.exchange(false, ordering: .relaxed) {
      for reader in readers { reader.outbox.endIfLagging() }
    }
  }

  /// Gives it another name. Under the room's lock.
  func setName(_ name: String, _ state: inout State) {
    currentName.withLock { $0 = name }
    state.naming += 1
  }

  /// Appends what somebody does to every log, and holds a place for the author's own copy where
  /// that is not in the log that it reads. Under the room's lock.
  ///
  /// - Parameter readsLog: whether the author is taken to read the log; nil to look.
  func publish(
    _ event: some RoomEvent, by author: Author, readsLog: Bool? = nil, now: Timestamp,
    _ state: inout State
  ) -> Receipt? {
    let readsLog = readsLog ?? state.readers.contains(author.session.id)
    guard let own = author.placeForCopy(of: event.echo, readsLog: readsLog) else {
      append(event, now: now, &state)
      return nil
    }
    return own.receipt(of: event, at: append(event.silent, now: now, &state))
  }

  /// Appends an event to every log. Under the room's lock.
  ///
  /// - Parameters:
  ///   - sharedStamp: of an event of several rooms, drawn for all of them; nil for others.
  ///   - isWatched: whether the time of its delivery may be measured: not of what nobody sees.
  @discardableResult
  func append(
    _ event: some RoomEvent, now: Timestamp, sharedStamp: UInt64? = nil, isWatched: Bool = true,
    _ state: inout State
  ) -> EventPlace {
    let sequence = published.value + 1
    let time = max(state.lastTime, now)
    state.lastTime = time
    let stamp = sharedStamp ?? clock.tick(for: published)
    let place = EventPlace(time, epoch: epoch, sequence, stamp: stamp)
    // However many renditions there are, what they are written to has a bound together.
    let chunkLimit = min(Log.largestChunk, Self.tailBytes / max(1, state.logs.count))
    state.forms.begin()
    for use in state.logs {
      let isNewChunk = state.forms.withBytes(of: event, as: use.rendition, place) {
        use.log.append(
          $0, by: event.author, event.echo, stamp: stamp, isShared: sharedStamp != nil,
          chunkLimit: chunkLimit)
      }
      if isNewChunk { wantsLagCheck.store(true, ordering: .relaxed) }
    }
    if isWatched { sampler.consider(sequence, milliseconds: time.milliseconds) }
    published.advance(to: sequence)
    return place
  }

  /// What the chunks that a room's logs are being written to take together; none is smaller than
  /// 2 KiB.
  private static let tailBytes = 512 * 1024

  /// The sequence number in a message id of this room; nil for other ids.
  func sequence(ofMessageID id: String) -> UInt64? {
    guard let mark = id.utf8.lastIndex(of: UInt8(ascii: "-")),
      id.utf8[..<mark].elementsEqual(epoch)
    else { return nil }
    return UInt64(id[id.utf8.index(after: mark)...])
  }
}
