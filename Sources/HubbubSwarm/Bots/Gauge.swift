import Synchronization

/// What one bot shows to others while it runs. The bot writes, anybody reads.
///
/// All relaxed: each figure stands alone, and nothing is concluded from one about another.
final class Gauge: Sendable {
  /// Messages written so far.
  let sent = Atomic<Int>(0)

  /// Messages that arrived so far.
  let received = Atomic<Int>(0)

  /// Bytes that arrived so far.
  let bytes = Atomic<Int>(0)

  /// The descriptor of a reader that will stop to read, which stays open until the run is over; and
  /// whether it has stopped.
  let socket = Atomic<Int>(-1)
  let isDeaf = Atomic<Bool>(false)

  /// When the last of them arrived.
  let lastArrival = Atomic<Nanoseconds>(0)

  /// What `RunningCheck` counts here, and times that ran backwards.
  let missing = Atomic<Int>(0)
  let doubled = Atomic<Int>(0)
  let stepsBack = Atomic<Int>(0)
  let timesBack = Atomic<Int>(0)

  /// How many of its messages its room's first observer heard. The observer writes.
  let delivered = Atomic<Int>(0)

  /// Messages whose send lag could be judged, and those that were late by more than a twentieth of
  /// the latency at that time.
  let judged = Atomic<Int>(0)
  let late = Atomic<Int>(0)

  /// Whether all it means to send is written.
  let isDoneSending = Atomic<Bool>(false)

  /// Whether it hears its own messages.
  let hasEcho = Atomic<Bool>(false)

  /// Whether its connection is gone.
  let isEnded = Atomic<Bool>(false)

  /// The latency of the last second, in microseconds, and the longest silence, in nanoseconds.
  let p50 = Atomic<Int>(0)
  let p99 = Atomic<Int>(0)
  let longestGap = Atomic<Nanoseconds>(0)
}
