import HubbubThreads
import Synchronization

/// Numbers everything that is published: one stamp for each entry, in one order for all rooms: a
/// logical clock that all who publish share.
///
/// The contract:
/// 1. A stamp is drawn under the lock of the log it is for (an entry of several rooms: under all
///    their locks), and the entry is published afterwards. So stamps rise within a room.
/// 2. Whoever reads `now` and then looks at a room sees every entry up to that stamp that anybody
///    could have acted on: what is missing was still being published, and nobody has seen it.
/// 3. What somebody publishes after reading an entry has a higher stamp than that entry.
///
/// Leslie Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978.
public final class LogicalClock: Sendable {
  /// The last stamp. Drawn with acquire and release, loaded with acquire: it pairs with itself, so
  /// that whoever sees a stamp sees everything that was done before it was drawn.
  private let last = Atomic<UInt64>(0)

  /// What was begun and published, for readers of many rooms.
  let activity = Activity()

  public init() {}

  /// The last stamp that was drawn. Any thread.
  public var now: UInt64 {
    Simulation.step()
    return last.load(ordering: .acquiring)
  }

  /// Draws the stamp of an entry of one room. Under its lock; it must be advanced afterwards.
  public func tick(for room: PublishedCount) -> UInt64 {
    activity.begin(room.shard)
    return tick()
  }

  /// Draws the stamp of an entry that will be published in all these rooms. Under the locks of all
  /// of them; each of them must be advanced afterwards.
  public func tick(for rooms: [PublishedCount]) -> UInt64 {
    for room in rooms { activity.begin(room.shard) }
    return tick()
  }

  /// Draws the stamp of something that stands in no room, for readers that are held
  /// (`Outbox.hold`).
  public func tick() -> UInt64 {
    Simulation.step()
    return last.add(1, ordering: .acquiringAndReleasing).newValue
  }
}
