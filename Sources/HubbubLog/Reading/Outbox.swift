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
  let clock: LogicalClock
  let outlet: any Outlet
  let lagLimitBytes: Int

  /// How what is queued for this reader alone is written for its connection; nil: as it is.
  private let framing: Framing?
  let baton = Baton()

  /// The baton's holder's. In a place of its own: the baton makes an access exclusive, as in
  /// `Monitor`.
  let merger: UnsafeMutablePointer<DeliveryMerger>
  var isShutDown = false

  /// Guards the private queue, the list of cursors and the reason of the end. Level 3.
  let queue = Monitor(level: .member, PrivateQueue())

  /// Whether there may be something to send. Sequentially consistent, with `isBlocked`, `urgency`
  /// and the baton: the look after the release is what makes delivery lossless.
  let isDirty = Atomic<Bool>(false)

  /// Whether the outlet is full. Set by the baton's holder, cleared by `spaceIsFree()`.
  let isBlocked = Atomic<Bool>(false)

  /// Whether the connection is to be ended (`Urgency`). Set by `end`, obeyed by the baton's holder.
  let urgency = Atomic<Int>(Urgency.none)

  enum Urgency {
    static let none = 0
    /// Once all was sent.
    static let whenSent = 1
    static let now = 2
  }

  /// Whether it is for people who read elsewhere: what is put there is dropped.
  public let takesNothing: Bool

  /// Bytes in the private queue and not yet in a batch. Relaxed: for the lag only.
  let privateBytes = Atomic<Int>(0)

  /// Bytes in the batch and not yet written. Relaxed: for the lag only.
  let batchBytes = Atomic<Int>(0)

  /// Bytes that are kept for it elsewhere. Relaxed: for whoever frees memory.
  let keptBytes = Atomic<Int>(0)

  /// What the connection has taken since it began. Written by the baton's holder alone, who adds to
  /// what is there without a locked instruction. Relaxed: for those who look on.
  let sentBytes = Atomic<UInt64>(0)
  let sentEntries = Atomic<UInt64>(0)

  /// A helper that has sent this many batches for one busy reader leaves the rest to
  /// `deliverLater`, or a stream of publishers could keep it from reading its own client.
  static let maximumRounds = 4

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
    takesNothing = false
    merger = .allocate(capacity: 1)
    merger.initialize(to: DeliveryMerger(reader: reader, few: few))
  }

  /// An outbox for people who read at other nodes of a network. Any number of them may share it:
  /// whatever is put there is dropped, and places that are held in it need not be filled.
  public init(nowhere clock: LogicalClock) {
    self.clock = clock
    (outlet, framing, lagLimitBytes, takesNothing) = (NowhereOutlet(), nil, .max, true)
    merger = .allocate(capacity: 1)
    merger.initialize(to: DeliveryMerger(reader: 0, few: 1))
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
    guard !lines.isEmpty, !isEnding, !takesNothing else { return }
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
    if takesNothing { return Hold(stamp: 0) }
    return queue.withLock { queue in
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
  /// stamp. What this does to the lag is looked at when its reader is delivered to.
  public func place(_ block: Block, at stamp: UInt64, ending hold: Hold) {
    if takesNothing { return }
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
  /// afterwards. Whoever was given the reservation, exactly once.
  public func fill(_ reservation: Reservation, with lines: [UInt8]) {
    if takesNothing { return }
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
    if takesNothing { return Reservation(number: 0) }
    return queue.withLock { Reservation(number: $0.append(nil, at: clock.now)) }
  }

  /// The same, right behind what has this stamp.
  public func reserve(at stamp: UInt64, ending hold: Hold) -> Reservation {
    if takesNothing { return Reservation(number: 0) }
    return queue.withLock { queue in
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
}
