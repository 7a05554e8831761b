import Synchronization

/// Says in which groups of rooms something was published, so that whoever reads a thousand rooms
/// need not look at each of them.
///
/// Rooms are spread over a fixed number of shards. Each counts the publications that were begun and
/// those that are done; a shard in which nothing was begun since a reader last saw all of it holds
/// no news.
///
///     publisher                          reader of many rooms
///     begun += 1                         horizon = clock.now
///     draws stamp 7                      done, then begun of each shard
///     publishes entry 7                  begun as last time: no news up to the horizon
///     done += 1                          done == begun: it sees all; otherwise it looks again
// @unchecked: what the pointers point to is atomic, and theirs alone.
final class Activity: @unchecked Sendable {
  static let shards = 256

  /// Two counters a shard, those of one kind side by side: a reader goes through all of the first.
  /// `begun` is relaxed: the stamp that is drawn after it carries it to whoever reads the clock.
  /// `done` is added with release and loaded with acquire: whoever sees it sees the entries.
  private let begun = counters()
  private let done = counters()

  private static func counters() -> UnsafeMutablePointer<Atomic<UInt64>> {
    let counters = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: shards)
    for shard in 0..<shards { (counters + shard).initialize(to: Atomic(0)) }
    return counters
  }

  deinit {
    for counters in [begun, done] {
      counters.deinitialize(count: Self.shards)
      counters.deallocate()
    }
  }

  /// Before the stamp is drawn. Under the room's lock.
  func begin(_ shard: Int) { begun[shard].add(1, ordering: .relaxed) }

  /// After the entry was published. Under the room's lock.
  func finish(_ shard: Int) { done[shard].add(1, ordering: .releasing) }

  /// How much was begun in a shard. Any thread, after reading the clock.
  func begun(in shard: Int) -> UInt64 { begun[shard].load(ordering: .relaxed) }

  /// How much was begun in a shard, and whether all of that can be seen. Any thread, after reading
  /// the clock.
  func state(of shard: Int) -> (begun: UInt64, isSettled: Bool) {
    // In this order: if they are equal, nothing was under way when `done` was loaded.
    let done = done[shard].load(ordering: .acquiring)
    let begun = begun[shard].load(ordering: .acquiring)
    return (begun, done == begun)
  }
}
