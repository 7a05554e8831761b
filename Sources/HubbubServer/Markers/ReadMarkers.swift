import HubbubRooms
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

  /// Guards those of guests, which go with them. Nothing else is locked under it.
  private let ofGuests = Monitor<[MemberID: [FoldedName: Int64]]>([:])

  /// A guest keeps this many.
  private static let guestMarkers = 100

  func time(ofGuest guest: MemberID, _ target: FoldedName) -> Int64? {
    ofGuests.withLock { $0[guest]?[target] }
  }

  /// The same as `set` of a guest's.
  func set(
    ofGuest guest: MemberID, _ target: FoldedName, _ time: Int64
  ) -> (time: Int64, isNew: Bool) {
    ofGuests.withLock { all in
      let known = all[guest]?[target]
      if let known, known >= time { return (known, false) }
      var own = all[guest] ?? [:]
      if known == nil, own.count >= Self.guestMarkers,
        let oldest = own.min(by: { $0.value < $1.value })
      {
        own[oldest.key] = nil
      }
      own[target] = time
      all[guest] = own
      return (time, true)
    }
  }

  func forget(guest: MemberID) { ofGuests.withLock { $0[guest] = nil } }

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

  /// Whether it was set here, and not written down yet.
  func isUnwritten(_ marker: ReadMarker) -> Bool {
    unwritten.withLock { $0[marker.key] ?? .min >= marker.time }
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
