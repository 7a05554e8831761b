import HubbubThreads
import Synchronization

/// Everything that leaves one connection, in one order: its rooms' logs and its private queue.
///
/// Any thread may queue and deliver; nobody ever waits for the connection. Who delivers is settled
/// by the baton. A thread that does not get it goes on at once: whoever has it sees `isDirty` after
/// giving it back, and goes round again, so nothing is left behind:
///
///     publisher                      holder of the baton
///                                    isDirty = false, sends what it sees
///     publishes an entry
///     isDirty = true
///     tryTake() → false, goes on
///                                    release()
///                                    sees isDirty, takes the baton again
// @unchecked: what `merger` points to and `isShutDown` belong to whoever holds the baton.
public final class Outbox: Undelivered, @unchecked Sendable {
  private let clock: LogicalClock
  private let outlet: any Outlet
  private let lagLimitBytes: Int

  /// How what is queued for this reader alone is written for its connection; nil: as it is.
  private let framing: Framing?
  private let baton = Baton()

  /// The baton's holder's. In a place of its own: the baton makes an access exclusive, as in
  /// `Monitor`.
  private let merger: UnsafeMutablePointer<DeliveryMerger>
  private var isShutDown = false

  /// Guards the private queue, the list of cursors and the reason of the end. Level 3.
  private let queue = Monitor(level: .member, PrivateQueue())

  /// Whether there may be something to send. Sequentially consistent, with `isBlocked`, `urgency`
  /// and the baton: the look after the release is what makes delivery lossless.
  private let isDirty = Atomic<Bool>(false)

  /// Whether the outlet is full. Set by the baton's holder, cleared by `spaceIsFree()`.
  private let isBlocked = Atomic<Bool>(false)

  /// Whether the connection is to be ended (`Urgency`). Set by `end`, obeyed by the baton's holder.
  private let urgency = Atomic<Int>(Urgency.none)

  private enum Urgency {
    static let none = 0
    /// Once all was sent.
    static let whenSent = 1
    static let now = 2
  }

  /// Bytes in the private queue and not yet in a batch. Relaxed: for the lag only.
  private let privateBytes = Atomic<Int>(0)

  /// Bytes in the batch and not yet written. Relaxed: for the lag only.
  private let batchBytes = Atomic<Int>(0)

  /// What the connection has taken since it began. Written by the baton's holder alone, who adds to
  /// what is there without a locked instruction. Relaxed: for those who look on.
  private let sentBytes = Atomic<UInt64>(0)
  private let sentEntries = Atomic<UInt64>(0)

  /// A helper that has sent this many batches for one busy reader leaves the rest to
  /// `deliverLater`, or a stream of publishers could keep it from reading its own client.
  private static let maximumRounds = 4

  /// - Parameters:
  ///   - reader: the member's id, by which its own events are known.
  ///   - lagLimitBytes: how many bytes may wait for the connection; beyond, it is ended.
  ///   - framing: how lines that are queued are written for the outlet; nil: as they are. What
  ///     stands in the logs must be written like that already.
  ///   - few: in up to this number of rooms, it looks at each of them.
  public init(
    reader: ReaderID, clock: LogicalClock, outlet: any Outlet, lagLimitBytes: Int,
    framing: Framing? = nil, few: Int = 24
  ) {
    self.clock = clock
    self.outlet = outlet
    self.framing = framing
    self.lagLimitBytes = lagLimitBytes
    merger = .allocate(capacity: 1)
    merger.initialize(to: DeliveryMerger(reader: reader, few: few))
  }

  deinit {
    merger.deinitialize(count: 1)
    merger.deallocate()
  }

  // MARK: Queueing

  /// Writes whole lines for the connection, once and only once: logs, and blocks that are shared,
  /// hold what is written already.
  public typealias Framing = @Sendable (_ lines: [UInt8]) -> [UInt8]

  private func framed(_ lines: [UInt8]) -> [UInt8] {
    guard let framing, !lines.isEmpty else { return lines }
    return framing(lines)
  }

  /// Queues lines for this member alone, behind all that was published in its rooms before. Deliver
  /// afterwards. Any thread.
  public func enqueue(_ lines: [UInt8]) {
    // What is ended now sends nothing any more, and must not collect anything either.
    guard !lines.isEmpty, !isEnding else { return }
    let block = Block(framed(lines))
    queue.withLock { _ = $0.append(block, at: clock.now) }
    privateBytes.add(block.cost, ordering: .relaxed)
    endIfLagging()
  }

  /// A moment in the order of what one member reads: nothing that is stamped after it is sent.
  public struct Hold: Sendable {
    fileprivate let stamp: UInt64
  }

  /// Holds back what is stamped from now on, so that several members can be given something at one
  /// place: none of them reads, and so answers, what comes behind it before all of them have it.
  ///
  ///     applier                                reader of ann's
  ///     holds ann at 6, holds bob at 6
  ///     draws stamp 7
  ///     places it for bob at 7, ends the hold
  ///                                            horizon 9, held at 6: sends nothing above it
  ///     places it for ann at 7, ends the hold
  ///     delivers to both
  ///
  /// `place(_:at:ending:)` or `reserve(at:ending:)` must follow at once, with a stamp that was
  /// drawn meanwhile; then deliver, whatever came of it. Under the lock under which the stamp is
  /// drawn.
  public func hold() -> Hold {
    queue.withLock { queue in
      let hold = Hold(stamp: clock.now)
      queue.hold(at: hold.stamp)
      return hold
    }
  }

  /// Queues lines for this member alone, right behind what has this stamp.
  public func place(lines: [UInt8], at stamp: UInt64, ending hold: Hold) {
    place(Block(framed(lines)), at: stamp, ending: hold)
  }

  /// Queues a block that others may share, written for the connection, right behind what has this
  /// stamp. What this does to the
  /// lag is looked at when it is delivered.
  public func place(_ block: Block, at stamp: UInt64, ending hold: Hold) {
    let isWanted = !block.bytes.isEmpty && !isEnding
    queue.withLock { queue in
      if isWanted { queue.append(block, at: stamp) }
      queue.endHold(at: hold.stamp)
    }
    if isWanted { privateBytes.add(block.cost, ordering: .relaxed) }
  }

  /// Queues something of the connection's own, as it is, in the place of what `number` names, if
  /// that still waits here; nobody needs both. Deliver afterwards. The owner.
  ///
  /// - Returns: what names it.
  public func replace(_ number: UInt64?, with frame: [UInt8]) -> UInt64 {
    let block = Block(frame)
    let (name, former) = queue.withLock { queue in
      if let number, let former = queue.replace(number, with: block) { return (number, former) }
      return (queue.append(block, at: clock.now), 0)
    }
    privateBytes.add(block.cost - former, ordering: .relaxed)
    endIfLagging()
    return name
  }

  /// Queues the last lines of all: whatever is published or queued later is not sent any more.
  /// Deliver afterwards. Any thread.
  ///
  /// - Parameter frame: what ends the connection, as it is, behind them.
  public func enqueueLast(_ lines: [UInt8], closing frame: [UInt8] = []) {
    let block = Block(framed(lines) + frame)
    queue.withLock { _ = $0.append(block, at: clock.now, isLast: true) }
    privateBytes.add(block.cost, ordering: .relaxed)
  }

  /// Puts the lines into the place that was reserved for them; none give the place up. Deliver
  /// afterwards. The thread that reserved it, exactly once.
  public func fill(_ reservation: Reservation, with lines: [UInt8]) {
    let block = Block(isEnding ? [] : framed(lines))
    queue.withLock { $0.fill(reservation.number, with: block) }
    privateBytes.add(block.cost, ordering: .relaxed)
    endIfLagging()
  }

  /// A place in the order of what one member reads, held for an answer that is still being written.
  public struct Reservation: Sendable {
    fileprivate let number: UInt64
  }

  /// Holds the place that is now, so that an answer stands where its question was decided: nothing
  /// that is published later overtakes it. `fill` must follow at once. Under a room's lock, or
  /// none.
  public func reserve() -> Reservation {
    queue.withLock { Reservation(number: $0.append(nil, at: clock.now)) }
  }

  /// The same, right behind what has this stamp.
  public func reserve(at stamp: UInt64, ending hold: Hold) -> Reservation {
    queue.withLock { queue in
      let number = queue.append(nil, at: stamp)
      queue.endHold(at: hold.stamp)
      return Reservation(number: number)
    }
  }

  /// Adds a room to those that are read. Under the room's lock.
  public func attach(_ cursor: Cursor) { queue.withLock { $0.attach(cursor) } }

  /// Ends a cursor after the last entry that was published in its room. Under the room's lock;
  /// deliver afterwards.
  public func close(_ cursor: Cursor) { queue.withLock { $0.close(cursor) } }

  // MARK: Delivering

  /// Sends what there is to send, as far as the connection takes it now. Any thread; waits for
  /// nobody.
  public func deliver() {
    markDirty()
    var rounds = 0
    while mayDeliver, baton.tryTake() {
      clearDirty()
      sendBatch()
      baton.release()
      rounds += 1
      if rounds >= Self.maximumRounds, mayDeliver {
        outlet.deliverLater(self)
        return
      }
    }
  }

  /// Whether it can be written to together with others. The same for its whole life.
  var joinsGroups: Bool { outlet.joinsGroups }

  /// What came of `prepare`.
  enum Preparation {
    /// It is in the group, and this thread holds the baton: `settle` must follow.
    case added

    /// There is nothing to do for this thread.
    case nothing

    /// It must be delivered to by itself.
    case alone
  }

  /// Gathers what there is to send and adds it to a group, as a step of delivering to many.
  ///
  /// - Parameter isFirst: whether the group is empty.
  func prepare(in group: any WriteGroup, isFirst: Bool) -> Preparation {
    markDirty()
    guard mayDeliver, baton.tryTake(isNoted: isFirst) else { return .nothing }
    clearDirty()
    let preparation = add(to: group)
    guard preparation != .added else { return .added }
    baton.release(isNoted: isFirst)
    return mayDeliver ? .alone : preparation
  }

  private func add(to group: any WriteGroup) -> Preparation {
    if isShutDown { return .nothing }
    guard !hasToEnd, !isBlocked.load(ordering: .sequentiallyConsistent) else { return .alone }
    guard gather() else { return .nothing }
    return merger.pointee.batch.withUnsent { outlet.add($0, to: group) } ? .added : .alone
  }

  private var hasToEnd: Bool { urgency.load(ordering: .sequentiallyConsistent) != Urgency.none }

  /// The group was written. The thread that got true from `prepare`.
  ///
  /// - Parameters:
  ///   - taken: how many bytes the outlet took.
  ///   - isLast: whether no other of the group is still to be settled.
  func settle(_ taken: Int, isLast: Bool) {
    didWrite(taken, of: merger.pointee.batch.unsentBytes)
    baton.release(isNoted: isLast)
  }

  /// Delivers what came while another thread, or this one, had the baton. Any thread.
  func deliverIfDirty() {
    if mayDeliver { deliver() }
  }

  /// Leaves something to a thread that has the time.
  public func deliverLater(_ news: any Undelivered) { outlet.deliverLater(news) }

  /// The outlet has room again. The thread that the outlet promised it to.
  public func spaceIsFree() {
    isBlocked.store(false, ordering: .sequentiallyConsistent)
    deliver()
  }

  private func markDirty() {
    Simulation.step()
    isDirty.store(true, ordering: .sequentiallyConsistent)
  }

  /// An exchange, so that what was published before the mark was set is seen by the look that
  /// follows.
  private func clearDirty() {
    Simulation.step()
    _ = isDirty.exchange(false, ordering: .sequentiallyConsistent)
  }

  private var mayDeliver: Bool {
    isDirty.load(ordering: .sequentiallyConsistent)
      && (!isBlocked.load(ordering: .sequentiallyConsistent)
        || urgency.load(ordering: .sequentiallyConsistent) == Urgency.now)
  }

  /// Writes one batch. The baton's holder.
  private func sendBatch() {
    guard !isShutDown else { return }
    // Before the write: what was queued before the end was asked for is then in this batch. Whoever
    // asks for it later sets `isDirty` afterwards, and there is another round.
    let urgency = urgency.load(ordering: .sequentiallyConsistent)
    if !isBlocked.load(ordering: .sequentiallyConsistent) { writeBatch() }
    if urgency == Urgency.now
      || urgency == Urgency.whenSent && merger.pointee.batch.isEmpty && !mayDeliver
    {
      isShutDown = true
      outlet.shutDown()
    }
  }

  private func writeBatch() {
    guard gather() else { return }
    let offered = merger.pointee.batch.unsentBytes
    didWrite(merger.pointee.batch.withUnsent(outlet.write), of: offered)
  }

  /// Fills the batch, unless a part of an old one is left. The baton's holder.
  ///
  /// - Returns: whether there is something in it.
  private func gather() -> Bool {
    let isRest = !merger.pointee.batch.isEmpty
    if !isRest { refill() }
    guard !merger.pointee.batch.isEmpty else {
      // Nothing that this reader gets, but it has passed it: let go of the chunks.
      merger.pointee.consume(0)
      return false
    }
    // Behind a rest, or a full batch, there may be more.
    if isRest || merger.pointee.batch.isFull { markDirty() }
    return true
  }

  private func didWrite(_ taken: Int, of offered: Int) {
    merger.pointee.consume(taken)
    sentBytes.store(sentBytes.load(ordering: .relaxed) + UInt64(taken), ordering: .relaxed)
    sentEntries.store(merger.pointee.takenEntries, ordering: .relaxed)
    batchBytes.store(offered - taken, ordering: .relaxed)
    guard taken < offered else { return }
    isBlocked.store(true, ordering: .sequentiallyConsistent)
    outlet.awaitSpace(for: self)
    markDirty()
  }

  private func refill() {
    merger.pointee.look(at: queue, clock)
    let finished = merger.pointee.fill()
    privateBytes.subtract(merger.pointee.takePrivateBytes(), ordering: .relaxed)
    if !finished.isEmpty { queue.withLock { $0.detach(finished) } }
  }

  /// What the connection has taken so far. Any thread; may be a moment old.
  public var traffic: Traffic {
    Traffic(
      bytes: sentBytes.load(ordering: .relaxed), entries: sentEntries.load(ordering: .relaxed))
  }

  // MARK: Lag and end

  /// How many bytes wait for this connection. Any thread; may be a moment old.
  public var lagBytes: Int {
    let (own, shared) = lag
    return own + shared
  }

  /// The same in two parts: what waits for this reader alone, and what lies in the logs of its
  /// rooms. Any thread.
  public var lag: (own: Int, shared: Int) {
    let shared = queue.withLock { $0.cursors.reduce(0) { $0 + $1.lagBytes } }
    let own = privateBytes.load(ordering: .relaxed) + batchBytes.load(ordering: .relaxed)
    return (own, Int(shared))
  }

  /// How many places in rooms it reads from, with those that are closed and not read to their end.
  /// Any thread.
  public var cursorCount: Int { queue.withLock { $0.cursors.count } }

  /// Whether the connection can take nothing at the moment. Any thread.
  public var isFull: Bool { isBlocked.load(ordering: .relaxed) }

  /// Ends the connection if it has fallen too far behind. Any thread; may be called often.
  public func endIfLagging() {
    guard isBlocked.load(ordering: .relaxed), urgency.load(ordering: .relaxed) != Urgency.now else {
      return
    }
    let lag = lagBytes
    if lag > lagLimitBytes {
      end(Ending(reason: "Too slow: \(lag / 1024) KiB behind", lagBytes: lag))
    }
  }

  /// Why a connection was ended from this side.
  public struct Ending: Sendable, Equatable {
    /// For the others, and for the log.
    public var reason: String

    /// How far behind it was, where that is the reason.
    public var lagBytes: Int?

    public init(reason: String, lagBytes: Int? = nil) {
      self.reason = reason
      self.lagBytes = lagBytes
    }
  }

  /// Ends the connection: the owner's read returns. The first reason counts. Any thread.
  ///
  /// - Parameters:
  ///   - farewell: the last lines to be sent, if the connection takes them.
  ///   - frame: what ends the connection, as it is, behind them.
  ///   - whenSent: whether to wait until all was sent; a later call without it ends at once.
  public func end(
    _ ending: Ending, farewell: [UInt8] = [], closing frame: [UInt8] = [], whenSent: Bool = false
  ) {
    let isFirst = queue.withLock { queue in
      guard queue.ending == nil else { return false }
      queue.ending = ending
      return true
    }
    if isFirst { enqueueLast(farewell, closing: frame) }
    if whenSent {
      _ = urgency.compareExchange(
        expected: Urgency.none, desired: Urgency.whenSent, ordering: .sequentiallyConsistent)
    } else {
      urgency.store(Urgency.now, ordering: .sequentiallyConsistent)
    }
    deliver()
  }

  /// Whether it is being ended now, whatever is still queued. Any thread.
  public var isEnding: Bool { urgency.load(ordering: .relaxed) == Urgency.now }

  /// Why it was ended from this side; nil where it was not. Any thread.
  public var ending: Ending? { queue.withLock { $0.ending } }

  /// Takes the baton for good: afterwards nobody writes to the outlet, and it can be closed.
  ///
  /// The owner, once, after the member has left its rooms. Waits only for a write under way.
  public func retire() {
    baton.retire()
    // Last words that were queued while a helper had the baton, that waited for another look, or
    // whose sender has yet to say that there is something: nobody else can look again, so the owner
    // does.
    markDirty()
    for _ in 0..<Self.maximumRounds where mayDeliver {
      clearDirty()
      sendBatch()
    }
    merger.pointee.removeAll()
    queue.withLock { $0.retire() }
  }
}
