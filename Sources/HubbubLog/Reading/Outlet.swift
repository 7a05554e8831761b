/// Where a member's bytes go: a connection, as rooms know it.
public protocol Outlet: AnyObject, Sendable {
  /// Takes as many bytes from the front of `spans` as it can at once; never waits.
  ///
  /// Called by whoever holds the member's baton, one thread at a time.
  /// - Returns: how many bytes it took. Fewer than offered mean that it is full. A broken outlet takes all.
  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int

  /// Sees to it that `outbox.spaceIsFree()` is called once there is room for a worthwhile part.
  ///
  /// Called by whoever holds the baton, after a `write` that took less than it was offered.
  func awaitSpace(for outbox: Outbox)

  /// Sees to it that `outbox.deliver()` is called soon, by a thread that has the time. Any thread.
  func deliverLater(_ outbox: Outbox)

  /// Ends the connection, so that its owner notices. Called by whoever holds the baton.
  func shutDown()
}
