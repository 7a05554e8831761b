import HubbubStore
import HubbubThreads
import IRCWire

/// How far the people of accounts have read their rooms and private talks. Any thread.
///
/// A marker holds at once, and is written down by `AccountChores` a little later: whoever reads
/// does so all the time, and waits for no disk. A crash costs the last moment's.
final class ReadMarkers: Sendable {
  /// Guards those that are not written down yet. Nothing else is locked under it.
  private let unwritten = Monitor<[ReadMarker.Key: Int64]>([:])

  /// Where a marker is, in milliseconds since 1970; nil where nothing was read.
  func time(of key: ReadMarker.Key, _ store: AccountStore) -> Int64? {
    let written = store.read { $0.marker(key) }
    return unwritten.withLock { [$0[key], written].compactMap(\.self).max() }
  }

  /// Moves a marker, forward only.
  ///
  /// - Returns: where it is, and whether that is new.
  func set(
    _ key: ReadMarker.Key, _ time: Int64, _ store: AccountStore
  ) -> (time: Int64, isNew: Bool) {
    let written = store.read { $0.marker(key) }
    return unwritten.withLock { unwritten in
      let known = [unwritten[key], written].compactMap(\.self).max()
      if let known, known >= time { return (known, false) }
      unwritten[key] = time
      return (time, true)
    }
  }

  /// Those that are to be written down. They hold until `didWrite`.
  var news: [ReadMarker] {
    unwritten.withLock { $0.map { ReadMarker(key: $0.key, time: $0.value) } }
  }

  func didWrite(_ markers: [ReadMarker]) {
    unwritten.withLock { unwritten in
      for marker in markers where unwritten[marker.key] == marker.time {
        unwritten[marker.key] = nil
      }
    }
  }
}
