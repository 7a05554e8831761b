import Synchronization

/// Whether a client whose nickname somebody else wants is there. Any thread may call any method.
///
/// 1. Whoever asks for the nickname begins a test: the client is sent a PING.
/// 2. Whatever comes from the client ends it. So does nothing else: a client is not tested again
///    within the time it has, however often its nickname is asked for.
/// 3. The clock ends a client that says nothing for that time while its own thread listens to it.
///    Who is kept waiting by the server, or has not yet been handed all that it is to read, is not
///    silent by its own fault.
final class Presence: Sendable {
  /// When the last test began, in milliseconds of the monotonic clock; 0: never. Relaxed: for the
  /// clock thread.
  private let beganAt = Atomic<Int64>(0)

  /// Whether it is still going on. Relaxed: a client that answers at the very end may be ended all
  /// the same, as by any deadline.
  private let isGoingOn = Atomic<Bool>(false)

  /// Whether the client's thread waits for bytes. Relaxed: for the clock thread.
  private let listens = Atomic<Bool>(false)

  var isListening: Bool {
    get { listens.load(ordering: .relaxed) }
    set { listens.store(newValue, ordering: .relaxed) }
  }

  func answer() { isGoingOn.store(false, ordering: .relaxed) }

  /// Begins a test, unless the last one is so young.
  ///
  /// - Returns: whether the client is to be sent a PING.
  func beginTest(now: Int64, atMostEvery pause: Duration) -> Bool {
    let last = beganAt.load(ordering: .relaxed)
    guard last == 0 || Moment.passed(pause, since: last, now: now),
      // Of two who ask at the same time, one.
      beganAt.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged
    else { return false }
    isGoingOn.store(true, ordering: .relaxed)
    return true
  }

  /// Whether a test has gone on for so long without an answer.
  func hasFailed(now: Int64, after limit: Duration) -> Bool {
    isGoingOn.load(ordering: .relaxed)
      && Moment.passed(limit, since: beganAt.load(ordering: .relaxed), now: now)
  }
}
