import HubbubThreads

/// Connections that read `history.db`, opened when they are first needed. Any thread.
final class ReaderPool: Sendable {
  private let path: String
  private let system: String?
  private let generation: @Sendable () -> Int

  /// Guards who is free. Nothing else is locked under it.
  private let state: Monitor<State>

  private struct State {
    /// Those that are free. They are handed from thread to thread, one at a time.
    var free: [Reader] = []

    /// How many more may be opened.
    var left: Int
    var isClosed = false
  }

  // @unchecked: whoever took it from the pool has it alone.
  private final class Reader: @unchecked Sendable {
    let reader: HistoryReader
    let generation: Int

    init(_ reader: HistoryReader, _ generation: Int) {
      (self.reader, self.generation) = (reader, generation)
    }
  }

  /// - Parameter generation: how often the file was replaced; a connection to an older one is
  ///   closed.
  init(
    _ path: String, count: Int, system: String?, generation: @escaping @Sendable () -> Int
  ) {
    self.path = path
    self.system = system
    self.generation = generation
    state = Monitor(State(left: count))
  }

  /// Lets `body` use a connection. Waits for one that is free, and for the disk.
  func use<Result>(
    upTo limit: Duration, _ body: (HistoryReader) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    var taken = try take(upTo: limit)
    let current = generation()
    if let old = taken, old.generation != current { taken = nil }
    do throws(StoreError) {
      if taken == nil { taken = Reader(try HistoryReader(path, system: system), current) }
      let result = try body(taken!.reader)
      giveBack(taken)
      return result
    } catch {
      // A connection that has seen trouble may have a part in it.
      let isSound = error.kind == .timeout || error.kind == .constraint
      giveBack(isSound ? taken : nil)
      throw error
    }
  }

  /// Closes those that are free, and the others when they come back.
  func close() {
    let free = state.withLock { state in
      state.isClosed = true
      defer { state.free = [] }
      return state.free
    }
    // Closed here, under no lock.
    _ = free
  }

  /// - Returns: a connection; nil where a new one may be opened in its place.
  private func take(upTo limit: Duration) throws(StoreError) -> Reader? {
    let taken = state.wait(upTo: limit) { state -> Reader?? in
      if let reader = state.free.popLast() { return .some(reader) }
      guard state.left > 0 else { return nil }
      state.left -= 1
      return .some(nil)
    }
    guard let taken else { throw StoreError(.busy, "All readers of history.db are busy") }
    return taken
  }

  private func giveBack(_ reader: Reader?) {
    state.withLock { state in
      if let reader, !state.isClosed { state.free.append(reader) } else { state.left += 1 }
    }
    state.wakeAll()
  }
}
