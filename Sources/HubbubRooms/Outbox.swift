import HubbubThreads
import Synchronization

/// All that leaves one connection, in one order: its rooms' logs and its private queue.
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
// @unchecked: what `assembly` points to and `isShutDown` belong to whoever holds the baton.
public final class Outbox: @unchecked Sendable {
  private let clock: EventClock
  private let outlet: any Outlet
  private let lagLimitBytes: Int
  private let baton = Baton()

  /// The baton's holder's. In a place of its own: the baton makes an access exclusive, as in `Monitor`.
  private let assembly: UnsafeMutablePointer<Assembly>
  private var isShutDown = false

  /// Guards the private queue, the list of cursors and the reason of the end. Level 3.
  private let queue = Monitor(level: .member, PrivateQueue())

  /// Whether there may be something to send. Sequentially consistent, with `isBlocked`, `urgency` and
  /// the baton: the look after the release is what makes delivery lossless.
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

  /// Bytes in the private queue and not yet in a burst. Relaxed: for the lag only.
  private let privateBytes = Atomic<Int>(0)

  /// Bytes in the burst and not yet written. Relaxed: for the lag only.
  private let burstBytes = Atomic<Int>(0)

  /// A helper that has sent so many bursts for one busy member leaves the rest to `deliverLater`, or a
  /// stream of publishers could keep it from reading its own client.
  private static let greatestRounds = 4

  /// - Parameters:
  ///   - reader: the member's id, by which its own events are known.
  ///   - lagLimitBytes: how many bytes may wait for the connection; beyond, it is ended.
  public init(reader: MemberID, clock: EventClock, outlet: any Outlet, lagLimitBytes: Int) {
    self.clock = clock
    self.outlet = outlet
    self.lagLimitBytes = lagLimitBytes
    assembly = .allocate(capacity: 1)
    assembly.initialize(
      to: Assembly(reader: Reader(id: reader, lastCrossing: 0)))
  }

  deinit {
    assembly.deinitialize(count: 1)
    assembly.deallocate()
  }

  // MARK: Queueing

  /// Queues bytes for this member alone, behind all that was published in its rooms before. Deliver
  /// afterwards. Any thread.
  public func enqueue(_ bytes: [UInt8]) {
    // What is ended now sends nothing any more, and must not collect anything either.
    guard !bytes.isEmpty, !isEnding else { return }
    place(Block(bytes))
    endIfLagging()
  }

  /// Queues a block that others may share, behind all that was published before. Under the room's lock; what
  /// this does to the lag is looked at when it is delivered, which the caller sees to.
  func place(_ block: Block) {
    guard !block.bytes.isEmpty, !isEnding else { return }
    let cost = queue.withLock { $0.append(block).cost }
    privateBytes.add(cost, ordering: .relaxed)
  }

  /// Queues the last bytes of all: whatever is published or queued later is not sent any more. Deliver
  /// afterwards. Any thread.
  public func enqueueLast(_ bytes: [UInt8]) {
    let block = Block(bytes)
    let cost = queue.withLock { $0.append(block, isLast: true).cost }
    privateBytes.add(cost, ordering: .relaxed)
  }

  /// Puts the bytes into the place that was reserved for them; none give the place up. Deliver
  /// afterwards. The thread that reserved it, exactly once.
  public func fill(_ reservation: Reservation, with bytes: [UInt8]) {
    let block = Block(isEnding ? [] : bytes)
    let cost = queue.withLock { $0.fill(reservation.number, with: block) }
    privateBytes.add(cost, ordering: .relaxed)
    endIfLagging()
  }

  /// A place in the order of what one member reads, held for an answer that is still being written.
  public struct Reservation: Sendable {
    fileprivate let number: UInt64
  }

  /// Holds the place that is now, so that an answer stands where its question was decided: nothing that
  /// is published later overtakes it. `fill` must follow at once. Under a room's lock, or none.
  public func reserve() -> Reservation {
    queue.withLock { Reservation(number: $0.append(nil).number) }
  }

  /// Adds a room to those that are read. Under the room's lock.
  func attach(_ cursor: Cursor) { queue.withLock { $0.attach(cursor) } }

  /// Takes a cursor out at once if there is nothing to read in it: one that was closed as it was opened. Under
  /// the room's lock.
  func detachIfEmpty(_ cursor: Cursor) { queue.withLock { $0.detachIfEmpty(cursor) } }

  // MARK: Delivering

  /// Sends what there is to send, as far as the connection takes it now. Any thread; waits for nobody.
  public func deliver() {
    isDirty.store(true, ordering: .sequentiallyConsistent)
    var rounds = 0
    while mayDeliver, baton.tryTake() {
      isDirty.store(false, ordering: .sequentiallyConsistent)
      sendBurst()
      baton.release()
      rounds += 1
      if rounds >= Self.greatestRounds, mayDeliver {
        outlet.deliverLater(self)
        return
      }
    }
  }

  /// The outlet has room again. The thread that the outlet promised it to.
  public func spaceIsFree() {
    isBlocked.store(false, ordering: .sequentiallyConsistent)
    deliver()
  }

  private var mayDeliver: Bool {
    isDirty.load(ordering: .sequentiallyConsistent)
      && (!isBlocked.load(ordering: .sequentiallyConsistent)
        || urgency.load(ordering: .sequentiallyConsistent) == Urgency.now)
  }

  /// Writes one burst. The baton's holder.
  private func sendBurst() {
    guard !isShutDown else { return }
    // Before the write: what was queued before the end was asked for is then in this burst. Whoever asks
    // for it later sets `isDirty` afterwards, and there is another round.
    let urgency = urgency.load(ordering: .sequentiallyConsistent)
    if !isBlocked.load(ordering: .sequentiallyConsistent) { writeBurst() }
    if urgency == Urgency.now
      || urgency == Urgency.whenSent && assembly.pointee.burst.isEmpty
        && !assembly.pointee.isWaiting && !mayDeliver
    {
      isShutDown = true
      outlet.shutDown()
    }
  }

  private func writeBurst() {
    // The rest of an old burst, or a full new one: there may be more behind it.
    let isRest = !assembly.pointee.burst.isEmpty
    if !isRest { refill() }
    let offered = assembly.pointee.burst.unsentBytes
    guard offered > 0 else {
      // Nothing that this member gets, but it has passed it: let go of the chunks.
      assembly.pointee.consume(0)
      return
    }
    if isRest || assembly.pointee.burst.isFull {
      isDirty.store(true, ordering: .sequentiallyConsistent)
    }
    let taken = assembly.pointee.burst.withUnsent(outlet.write)
    assembly.pointee.consume(taken)
    burstBytes.store(offered - taken, ordering: .relaxed)
    if taken < offered {
      isBlocked.store(true, ordering: .sequentiallyConsistent)
      outlet.awaitSpace(for: self)
      isDirty.store(true, ordering: .sequentiallyConsistent)
    }
  }

  private func refill() {
    queue.withLock { assembly.pointee.look(at: &$0, clock) }
    let finished = assembly.pointee.fill()
    privateBytes.subtract(assembly.pointee.takePrivateBytes(), ordering: .relaxed)
    if !finished.isEmpty { queue.withLock { $0.detach(finished) } }
  }

  // MARK: Lag and end

  /// How many bytes wait for this connection. Any thread; may be a moment old.
  public var lagBytes: Int {
    let rooms = queue.withLock { $0.cursors.reduce(0) { $0 + $1.lagBytes } }
    return Int(rooms) + privateBytes.load(ordering: .relaxed)
      + burstBytes.load(ordering: .relaxed)
  }

  /// How many places in rooms it reads from, with those that are closed and not read to their end. Any thread.
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
  ///   - farewell: the last thing to be sent, if the connection takes it.
  ///   - whenSent: whether to wait until all was sent; a later call without it ends at once.
  public func end(_ ending: Ending, farewell: [UInt8] = [], whenSent: Bool = false) {
    let isFirst = queue.withLock { queue in
      guard queue.ending == nil else { return false }
      queue.ending = ending
      return true
    }
    if isFirst { enqueueLast(farewell) }
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
    // Last words that were queued while a helper had the baton, that waited for another look, or whose sender has yet
    // to say that there is something: nobody else can look again, so the owner does.
    isDirty.store(true, ordering: .sequentiallyConsistent)
    for _ in 0..<Self.greatestRounds where mayDeliver {
      isDirty.store(false, ordering: .sequentiallyConsistent)
      sendBurst()
    }
    assembly.pointee.removeAll()
    queue.withLock { $0.retire() }
  }
}
