/// How much that is no data a peer may send, one message after the other: each costs arithmetic,
/// and brings nobody anything. A value, guarded by the session's lock.
///
/// TLS knows a few for good reasons: new keys after very many records, a warning, a session ticket.
/// OpenSSL does not count them.
struct IdleMessages {
  private var allowed = Self.burst
  private var since: ContinuousClock.Instant?

  private static let burst = 32

  /// Data has come.
  mutating func reset() { allowed = Self.burst }

  /// Counts some.
  ///
  /// - Returns: whether they are too many.
  mutating func count(_ messages: Int, now: ContinuousClock.Instant) -> Bool {
    // One more for each second that has passed.
    let seconds = since.map { Int($0.duration(to: now).components.seconds) } ?? 0
    if seconds > 0 || since == nil { since = now }
    allowed = min(Self.burst, allowed + seconds) - messages
    return allowed < 0
  }
}
