import DequeModule
import HubbubThreads

/// Stores what is handed to it, on a thread of its own: nobody who hands something over waits for a
/// disk.
///
/// The contract:
/// 1. `add` never blocks for longer than its lock, which is never held over a system call.
/// 2. What is added is stored in the order in which it was added, a batch in one transaction: after
///    a crash there is a beginning of it, without a hole.
/// 3. What cannot be stored is kept in memory up to a bound. Beyond it the oldest goes, and a gap
///    is
///    stored in its place.
/// 4. Trouble with the disk is reported once when it begins and once when it is over, and is tried
///    again without anybody's doing.
///
/// A batch goes through these states: waiting (`queue`), under way (with the thread), stored or
/// given up. `given` counts what came, `done` what has left.
// @unchecked: `thread` is the owner's; what else changes is in `state`, or the writer thread's own.
public final class HistoryWriter: @unchecked Sendable {
  /// Guards what waits. Nothing else is locked under it.
  private let state: Monitor<HistoryQueue>
  private let waiting: HistoryQueue.Waiting
  private let configuration: Configuration
  private let report: @Sendable (Report) -> Void
  private var thread: NamedThread?

  public let path: String

  // MARK: The owner

  /// Opens the file, or makes it, and starts the thread. Waits for the disk.
  ///
  /// A file that is corrupt is moved away and replaced. One that cannot be opened or written is
  /// tried again later, and what comes meanwhile waits.
  ///
  /// - Parameters:
  ///   - path: `history.db`.
  ///   - report: told what befalls the file, on the writer's thread or on this one. It must not
  ///     call the writer.
  /// - Throws: `StoreError` where the file is of a newer program, or of another one.
  public init(
    _ path: String, _ configuration: Configuration = Configuration(),
    report: @escaping @Sendable (Report) -> Void
  ) throws {
    self.path = path
    self.configuration = configuration
    self.report = report
    let queue = HistoryQueue(memoryBytes: configuration.memoryBytes)
    waiting = queue.waiting
    state = Monitor(queue)
    let work = HistoryWork(path, configuration, state, report)
    try work.open()
    thread = try NamedThread(name: "history-writer") { work.run() }
  }

  /// Stores what waits, ends the thread and leaves one whole file. The owner, once.
  ///
  /// - Parameter patience: how long to wait for a disk that hangs.
  /// - Returns: whether everything is stored.
  @discardableResult
  public func close(patience: Duration = .seconds(10)) -> Bool {
    state.withLock { $0.isClosing = true }
    state.wakeAll()
    let hasEnded = state.wait(upTo: patience) { $0.hasEnded ? true : nil } ?? false
    if hasEnded { thread?.join() } else { thread?.abandon() }
    thread = nil
    return hasEnded && state.withLock { $0.isWholeAtEnd }
  }

  // MARK: Anybody

  /// Hands over what was said or happened. Any thread.
  public func add(_ entry: StoredEntry) { add(.entry(entry)) }

  /// The same of several, which stay together.
  public func add(_ entries: [StoredEntry]) {
    let wakes = state.withLock { state in
      var wakes = false
      for entry in entries { wakes = state.append(.entry(entry), configuration) || wakes }
      return wakes
    }
    if wakes { state.wakeAll() }
  }

  /// Takes a message back: its text leaves table, index and file. Any thread.
  public func redact(_ key: MessageKey) { add(.redaction(key)) }

  /// Takes a message back that only its id is known of, where it is the stream's. Any thread.
  public func redact(_ sequence: UInt64, ofEpoch epoch: String, in stream: StreamID) {
    add(.withdrawal(stream, epoch: epoch, sequence: sequence))
  }

  /// Deletes what an account has said so far, in all streams. Goes on after a restart. Any thread.
  public func erase(account: Int64) {
    add(.erasure(account: account, until: configuration.now()))
  }

  /// Deletes what a stream holds so far. Goes on after a restart. Any thread.
  public func clear(_ stream: StreamID) { add(.clearing(stream)) }

  /// What is older than it may be goes at once. Any thread.
  public func setRetention(_ retention: Retention) {
    state.withLock { ($0.newRetention, $0.isIdle) = (retention, false) }
    state.wakeAll()
  }

  /// Says from which number on the ids of a stream begin with `name`. Any thread.
  ///
  /// - Parameter lost: numbers that a crash may have taken.
  public func beginEpoch(
    _ stream: StreamID, first: UInt64, name: String, lost: ClosedRange<UInt64>? = nil
  ) {
    add(.epoch(stream, first: first, name: name, lost: lost))
  }

  /// A room's name leads to a stream from now on, and to no other. Any thread.
  ///
  /// - Parameter origin: what the nodes of a network know it by.
  public func nameRoom(_ stream: StreamID, _ name: String, origin: String? = nil) {
    add(.room(stream, name: name, origin: origin))
  }

  /// What has these numbers was said in a network while this node was not there. Any thread.
  public func noteAbsence(_ stream: StreamID, _ missing: ClosedRange<UInt64>) {
    add(
      .gap(
        StoredGap(
          first: MessageKey(stream, missing.lowerBound),
          last: MessageKey(stream, missing.upperBound), reason: .away)))
  }

  /// Says whose history all this is: a network's, or one server's own (nil). Any thread.
  public func note(_ network: StoredNetwork?) { add(.network(network)) }

  /// Says from which number on what is said is for those alone who are there. Any thread.
  public func setLevel(of stream: StreamID, from first: UInt64, isRestricted: Bool) {
    add(.level(stream, first: first, isRestricted: isRestricted))
  }

  /// Nothing changes at this number any more: what was so before it goes on. Any thread.
  public func removeLevel(of stream: StreamID, from first: UInt64) {
    add(.level(stream, first: first, isRestricted: nil))
  }

  /// Deletes what a stream holds so far, with its name. Any thread.
  public func forget(_ stream: StreamID) { add(.forgetting(stream)) }

  /// Waits until everything that was added before is stored. Any thread, under no lock.
  ///
  /// - Returns: false where it is not by then, or the disk does not take it.
  @discardableResult
  public func flush(upTo limit: Duration = .seconds(1)) -> Bool {
    let (ticket, isStored) = state.withLock { state in
      if state.done < state.given { state.isUrgent = true }
      return (state.given, state.done == state.given)
    }
    if isStored { return true }
    state.wakeAll()
    return state.wait(upTo: limit) { state -> Bool? in
      if state.done >= ticket { return true }
      return state.fault == nil && !state.hasEnded ? nil : false
    } ?? false
  }

  /// Waits until nothing is left to do but retention to come: words, deletions and their traces.
  @discardableResult
  public func settle(upTo limit: Duration = .seconds(60)) -> Bool {
    state.withLock { $0.isUrgent = true }
    state.wakeAll()
    return state.wait(upTo: limit) { state -> Bool? in
      if state.done == state.given, state.isIdle { return true }
      return state.fault == nil && !state.hasEnded ? nil : false
    } ?? false
  }

  /// Tries a disk that failed again, now. Any thread.
  public func tryAgain() {
    state.withLock { ($0.triesAgain, $0.isIdle) = (true, false) }
    state.wakeAll()
  }

  /// A reader found the file corrupt: it is replaced. Any thread.
  public func reportCorruption(_ error: StoreError) {
    state.withLock { ($0.corruption, $0.isIdle) = (error, false) }
    state.wakeAll()
  }

  /// How much waits to be written, in bytes. Any thread.
  public var waitingBytes: Int { waiting.bytes.load(ordering: .relaxed) }

  /// How the store is. Any thread.
  public var health: Health {
    state.withLock { state in
      if let fault = state.fault { return .failing(fault) }
      guard let began = state.busySince, began.duration(to: .now) > configuration.slowCommit
      else { return .good }
      return .slow
    }
  }

  /// How often the file was replaced by a new one. Any thread.
  var generation: Int { state.withLock { $0.generation } }

  /// The highest number of a stream that was handed over in this run; nil: none was.
  func lastGiven(_ stream: StreamID) -> UInt64? { state.withLock { $0.lastGiven[stream] } }

  private func add(_ item: StoreItem) {
    let wakes = state.withLock { $0.append(item, configuration) }
    if wakes { state.wakeAll() }
  }
}
