import Synchronization

/// Numbers the events that concern several rooms at once (NICK, QUIT), in one order for all rooms.
///
/// They are appended to their rooms under the registry's lock, one event after the other. So event 7 is
/// in all its rooms before event 8 is in any, and a reader that sends them by number sends none twice.
public final class EventClock: Sendable {
  /// The last number given. Guarded by the registry's lock; atomic only so that the clock is one object.
  private let begun = Atomic<UInt64>(0)

  /// The last event that is in all its rooms. Stored with release when it is, loaded with acquire by
  /// readers before they load the rooms' published counts: these then cover every event up to it.
  private let finished = Atomic<UInt64>(0)

  public init() {}

  /// The number of the event that is now to be appended. Under the registry's lock.
  func begin() -> UInt64 { begun.add(1, ordering: .relaxed).newValue }

  /// Says that the event is in all its rooms. Under the registry's lock.
  func finish(_ event: UInt64) { finished.store(event, ordering: .releasing) }

  /// The last event that is in all its rooms. Any thread.
  var completed: UInt64 { finished.load(ordering: .acquiring) }
}
