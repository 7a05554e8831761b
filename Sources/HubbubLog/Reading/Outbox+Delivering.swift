import HubbubThreads
import Synchronization

// Who sends what is queued, and how much of it.

extension Outbox {
  /// Sends what there is to send, as far as the connection takes it now. Any thread; waits for
  /// nobody.
  public func deliver() {
    if takesNothing { return }
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

  /// The group was written. The thread to which `prepare` said `.added`.
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

  /// The outlet has room again, or may have. Any thread.
  public func spaceIsFree() {
    isBlocked.store(false, ordering: .sequentiallyConsistent)
    deliver()
  }

  func markDirty() {
    Simulation.step()
    isDirty.store(true, ordering: .sequentiallyConsistent)
  }

  /// An exchange, so that what was published before the mark was set is seen by the look that
  /// follows.
  func clearDirty() {
    Simulation.step()
    _ = isDirty.exchange(false, ordering: .sequentiallyConsistent)
  }

  var mayDeliver: Bool {
    isDirty.load(ordering: .sequentiallyConsistent)
      && (!isBlocked.load(ordering: .sequentiallyConsistent)
        || urgency.load(ordering: .sequentiallyConsistent) == Urgency.now)
  }

  /// Writes one batch. The baton's holder.
  func sendBatch() {
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
}
