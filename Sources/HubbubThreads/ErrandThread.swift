/// Does what something outside may hold up for good, as a disk that hangs: one errand after the
/// other, on a thread of its own. Nobody waits for it longer than they want to. Any thread.
///
/// Before `start` there is nobody to be held up: then `run` does the errand itself.
// @unchecked: `thread` belongs to the owner, who starts and finishes it; the rest is in `state`.
public final class ErrandThread: @unchecked Sendable {
  private let name: String
  private var thread: NamedThread?

  /// Guards the errands. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct Errand {
    let number: Int
    let work: @Sendable () -> Void
  }

  private struct State {
    /// Those that have not been begun, the oldest first. As many as there are threads that wait for
    /// them.
    var waiting: [Errand] = []

    /// How many were ever given.
    var given = 0

    /// The last one that was done.
    var done = 0
    var isStarted = false

    /// Whether nobody waits any more.
    var isReleased = false

    /// Whether the thread is to end when nothing is waiting.
    var isClosed = false

    /// Whether it has left its loop.
    var hasEnded = false
  }

  public init(name: String) { self.name = name }

  /// Starts the thread. The owner, once; `finish` must follow.
  ///
  /// - Throws: `SystemError`.
  public func start() throws {
    thread = try NamedThread(name: name) { [state] in Self.work(through: state) }
    state.withLock { $0.isStarted = true }
  }

  /// Has an errand done and waits for it, up to `limit`.
  ///
  /// - Returns: what came of it; nil where it is not done by then. What was begun goes on, and ends
  ///   at some time; what was not is forgotten.
  public func run<Result: Sendable>(
    upTo limit: Duration, _ body: @escaping @Sendable () -> Result
  ) -> Result? {
    let result = Monitor<Result?>(nil)
    guard
      let number = give({
        let value = body()
        result.withLock { $0 = value }
      })
    else {
      return body()
    }
    let isDone = state.wait(upTo: limit) { state -> Bool? in
      if state.done >= number { return true }
      return state.isReleased ? false : nil
    }
    if isDone == true { return result.withLock { $0 } }
    state.withLock { state in state.waiting.removeAll { $0.number == number } }
    // It may have been done in the meantime.
    return result.withLock { $0 }
  }

  /// - Returns: the errand's number; nil before the start.
  private func give(_ work: @escaping @Sendable () -> Void) -> Int? {
    let number = state.withLock { state -> Int? in
      guard state.isStarted else { return nil }
      state.given += 1
      state.waiting.append(Errand(number: state.given, work: work))
      return state.given
    }
    state.wakeAll()
    return number
  }

  /// From now on nobody waits: all who do go on without a result, and so do those who come. Any
  /// thread.
  public func release() {
    state.withLock { $0.isReleased = true }
    state.wakeAll()
  }

  /// Whether nobody waits any more. Any thread.
  public var isReleased: Bool { state.withLock { $0.isReleased } }

  /// Has a last errand done, and ends the thread. The owner, once, after `start`.
  ///
  /// - Returns: whether all was done by the deadline. If not, the thread is given up, and what it
  ///   was doing holds on to what it needs.
  public func finish(
    by deadline: ContinuousClock.Instant, _ last: @escaping @Sendable () -> Void = {}
  ) -> Bool {
    guard let thread else { return true }
    _ = give(last)
    state.withLock { $0.isClosed = true }
    state.wakeAll()
    let hasEnded = state.wait(upTo: deadline - .now) { $0.hasEnded ? true : nil } ?? false
    if hasEnded { thread.join() } else { thread.abandon() }
    self.thread = nil
    return hasEnded
  }

  // MARK: The thread

  private static func work(through state: Monitor<State>) {
    while let errand = next(in: state) {
      errand.work()
      state.withLock { $0.done = errand.number }
      state.wakeAll()
    }
    state.withLock { $0.hasEnded = true }
    state.wakeAll()
  }

  /// Waits for an errand; nil when it is over.
  private static func next(in state: Monitor<State>) -> Errand? {
    state.wait { state -> Errand?? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      return state.isClosed ? .some(nil) : nil
    }!
  }
}
