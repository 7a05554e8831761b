import HubbubThreads
import Synchronization

/// How many entries of a room may be read: the sequence number of the last one.
///
/// Stored with release under the room's lock after the entry was written to every log, loaded with
/// acquire by readers, who may then read everything up to it without a lock.
public final class PublishedCount: Sendable {
  private let count: Atomic<UInt64>
  private let clock: LogicalClock

  /// Which counters of the clock's `Activity` are its.
  let shard: Int

  /// - Parameters:
  ///   - number: tells rooms apart, to spread them evenly; any will do.
  ///   - last: the number of the last entry that was there before, which nobody reads here.
  public init(clock: LogicalClock, number: Int, last: UInt64 = 0) {
    self.clock = clock
    count = Atomic(last)
    shard = number % Activity.shards
  }

  /// Any thread.
  public var value: UInt64 {
    Simulation.step()
    return count.load(ordering: .acquiring)
  }

  /// Under the room's lock, after a stamp was drawn for this room.
  public func advance(to sequence: UInt64) {
    Simulation.step()
    count.store(sequence, ordering: .releasing)
    clock.activity.finish(shard)
  }
}
