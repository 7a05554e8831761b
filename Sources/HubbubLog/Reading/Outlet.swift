/// Where a reader's bytes go: a connection, as rooms know it.
public protocol Outlet: AnyObject, Sendable {
  /// Takes as many bytes from the front of `spans` as it can at once; never waits.
  ///
  /// Called by whoever holds the reader's baton, one thread at a time.
  /// - Returns: how many bytes it took. Fewer than offered mean that it is full. A broken outlet
  ///   takes all.
  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int

  /// Whether it can be written to together with others. The same for its whole life.
  var joinsGroups: Bool { get }

  /// Adds to a group what `write` would take. Called by whoever holds the baton, if it
  /// `joinsGroups`.
  ///
  /// - Returns: false where the group has no room for it; then nothing was added.
  func add(
    _ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>, to group: any WriteGroup
  ) -> Bool

  /// Sees to it that `outbox.spaceIsFree()` is called once there is room for a worthwhile part.
  ///
  /// Called by whoever holds the baton, after a `write` that took less than it was offered.
  func awaitSpace(for outbox: Outbox)

  /// Sees to it that `news.deliver()` is called soon, by a thread that has the time. Any thread.
  func deliverLater(_ news: any Undelivered)

  /// Ends the connection, so that its owner notices. Called by whoever holds the baton.
  func shutDown()
}

extension Outlet {
  public var joinsGroups: Bool { false }

  public func add(
    _ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>, to group: any WriteGroup
  ) -> Bool { false }
}
