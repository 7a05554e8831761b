import HubbubThreads
import Synchronization

// How far behind a connection is, and its end.

extension Outbox {
  /// How many bytes wait for this connection. Any thread; may be a moment old.
  public var lagBytes: Int {
    let (own, shared) = lag
    return own + shared
  }

  /// The same in two parts: what waits for this reader alone, and what lies in the logs of its
  /// rooms. Any thread.
  public var lag: (own: Int, shared: Int) {
    let shared = queue.withLock { $0.cursors.reduce(0) { $0 + $1.lagBytes } }
    let own = privateBytes.load(ordering: .relaxed) + batchBytes.load(ordering: .relaxed)
    return (own, Int(shared))
  }

  /// Counts memory that is kept for this reader elsewhere, as a page that it is told line by line,
  /// while `body` runs: for the total, and for whoever looks for those who keep too much of it. The
  /// owner.
  public func keeping<Result>(_ bytes: Int, _ body: () -> Result) -> Result {
    keptBytes.add(bytes, ordering: .relaxed)
    RetainedMemory.add(bytes)
    defer {
      keptBytes.subtract(bytes, ordering: .relaxed)
      RetainedMemory.subtract(bytes)
    }
    return body()
  }

  /// How much memory is kept for this reader elsewhere. Any thread.
  public var bytesKeptElsewhere: Int { keptBytes.load(ordering: .relaxed) }

  /// How many places in rooms it reads from, with those that are closed and not read to their end.
  /// Any thread.
  public var cursorCount: Int { queue.withLock { $0.cursors.count } }

  /// Whether the connection can take nothing at the moment. Any thread.
  public var isFull: Bool { isBlocked.load(ordering: .relaxed) }

  /// Ends the connection if it has fallen too far behind. Any thread; may be called often.
  public func endIfLagging() {
    guard isBlocked.load(ordering: .relaxed), urgency.load(ordering: .relaxed) != Urgency.now else {
      return
    }
    let lag = lagBytes
    if lag > lagLimitBytes {
      end(Ending(reason: "Too slow: \(lag / 1024) KiB behind", lagBytes: lag))
    }
  }

  /// Why a connection was ended from this side.
  public struct Ending: Sendable, Equatable {
    /// For the others, and for the log.
    public var reason: String

    /// How far behind it was, where that is the reason.
    public var lagBytes: Int?

    public init(reason: String, lagBytes: Int? = nil) {
      self.reason = reason
      self.lagBytes = lagBytes
    }
  }

  /// Ends the connection: the owner's read returns. The first reason counts. Any thread.
  ///
  /// - Parameters:
  ///   - farewell: the last lines to be sent, if the connection takes them.
  ///   - frame: what ends the connection, as it is, behind them.
  ///   - whenSent: whether to wait until all was sent; a later call without it ends at once.
  public func end(
    _ ending: Ending, farewell: [UInt8] = [], closing frame: [UInt8] = [], whenSent: Bool = false
  ) {
    let isFirst = queue.withLock { queue in
      guard queue.ending == nil else { return false }
      queue.ending = ending
      return true
    }
    if isFirst { enqueueLast(farewell, closing: frame) }
    if whenSent {
      _ = urgency.compareExchange(
        expected: Urgency.none, desired: Urgency.whenSent, ordering: .sequentiallyConsistent)
    } else {
      urgency.store(Urgency.now, ordering: .sequentiallyConsistent)
    }
    deliver()
  }

  /// Whether it is being ended now, whatever is still queued. Any thread.
  public var isEnding: Bool { urgency.load(ordering: .relaxed) == Urgency.now }

  /// Why it was ended from this side; nil where it was not. Any thread.
  public var ending: Ending? { queue.withLock { $0.ending } }

  /// Takes the baton for good: afterwards nobody writes to the outlet, and it can be closed.
  ///
  /// The owner, once, after the member has left its rooms. Waits only for a write under way.
  public func retire() {
    baton.retire()
    // Last words that were queued while a helper had the baton, that waited for another look, or
    // whose sender has yet to say that there is something: nobody else can look again, so the owner
    // does.
    markDirty()
    for _ in 0..<Self.maximumRounds where mayDeliver {
      clearDirty()
      sendBatch()
    }
    merger.pointee.removeAll()
    queue.withLock { $0.retire() }
  }
}
