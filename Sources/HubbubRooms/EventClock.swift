import Synchronization

/// Numbers the events that concern several rooms at once (NICK, QUIT), in one order for all rooms.
///
/// They are appended to their rooms under the registry's lock, one event after the other, and under the locks of
/// all their rooms together. So event 7 is in all its rooms before event 8 is in any, a reader that sends them
/// by number sends none twice, and what is decided under one of these locks lies before the event in all its
/// rooms or behind it in all.
public final class EventClock: Sendable {
  /// The last number given. Under the registry's lock, and written under those of all the event's rooms as well:
  /// relaxed.
  private let begun = Atomic<UInt64>(0)

  /// The last event that is in all its rooms. Stored with release when it is, under all their locks still, loaded
  /// with acquire by readers before they load the rooms' published counts: these then cover every event up to it.
  ///
  /// Loaded as well by who appends something to a room: under the lock of a room of the event it is there or has
  /// not begun, and in other rooms what somebody does after the event, or after hearing of it, is known to come
  /// after it.
  private let finished = Atomic<UInt64>(0)

  public init() {}

  /// The number of the event that is now to be appended. Under the registry's lock.
  func begin() -> UInt64 { begun.add(1, ordering: .relaxed).newValue }

  /// The last number given. Under the registry's lock.
  var current: UInt64 { begun.load(ordering: .relaxed) }

  /// Says that the event is in all its rooms. Under the registry's lock.
  func finish(_ event: UInt64) { finished.store(event, ordering: .releasing) }

  /// The last event that is in all its rooms. Any thread.
  var completed: UInt64 { finished.load(ordering: .acquiring) }
}
