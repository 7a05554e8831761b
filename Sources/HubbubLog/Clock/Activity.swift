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
final class Activity: Sendable {
  static let shards = 64

  /// Two counters a shard. `begun` is relaxed: the stamp that is drawn after it carries it to
  /// whoever reads the clock. `done` is added with release and loaded with acquire: whoever sees it
  /// sees the entries.
  private let counters: [Shard] = (0..<shards).map { _ in Shard() }

  private final class Shard: Sendable {
    let begun = Atomic<UInt64>(0)
    let done = Atomic<UInt64>(0)
  }

  /// Before the stamp is drawn. Under the room's lock.
  func begin(_ shard: Int) { counters[shard].begun.add(1, ordering: .relaxed) }

  /// After the entry was published. Under the room's lock.
  func finish(_ shard: Int) { counters[shard].done.add(1, ordering: .releasing) }

  /// How much was begun in a shard, and whether all of that can be seen. Any thread, after reading
  /// the clock.
  func state(of shard: Int) -> (begun: UInt64, isSettled: Bool) {
    // In this order: if they are equal, nothing was under way when `done` was loaded.
    let done = counters[shard].done.load(ordering: .acquiring)
    let begun = counters[shard].begun.load(ordering: .acquiring)
    return (begun, done == begun)
  }
}
