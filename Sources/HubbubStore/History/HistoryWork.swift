import HubbubThreads

/// The life of the thread `history-writer`.
// @unchecked: made by the writer's owner, who opens the file; from then on the thread's alone.
final class HistoryWork: @unchecked Sendable {
  private let path: String
  private let configuration: HistoryWriter.Configuration
  private let state: Monitor<HistoryQueue>
  private let report: @Sendable (HistoryWriter.Report) -> Void

  /// nil while it cannot be opened.
  private var file: HistoryFile?
  private var chores: HistoryChores

  /// Whether more chores are waiting.
  private var hasChores = true
  private var nextChore = ContinuousClock.Instant.now

  /// What keeps chores from being done while messages can be stored, as a disk that is nearly full.
  private var choreFault: StoreError?
  private var nextPass: ContinuousClock.Instant
  private var nextTry = ContinuousClock.Instant.now

  /// When what is written must be safe from a power loss; nil: it is.
  private var syncDeadline: ContinuousClock.Instant?
  private var fault: StoreError?
  private var isTroubleTold = false
  private var refused = 0

  init(
    _ path: String, _ configuration: HistoryWriter.Configuration, _ state: Monitor<HistoryQueue>,
    _ report: @escaping @Sendable (HistoryWriter.Report) -> Void
  ) {
    self.path = path
    self.configuration = configuration
    self.state = state
    self.report = report
    chores = HistoryChores(configuration.retention)
    nextPass = .now + configuration.retentionInterval
  }

  /// Opens the file for the first time.
  ///
  /// - Throws: what no waiting helps against.
  func open() throws(StoreError) {
    do throws(StoreError) {
      try openFile()
    } catch  where error.kind == .corrupt {
      try replace(error)
    } catch  where error.isOfTheDisk {
      fail(error)
    }
  }

  func run() {
    while true {
      switch nextTask() {
      case .write(let batch): write(batch)
      case .chore: doChore()
      case .sync: sync()
      case .open: recover()
      case .replace(let error): meet(error)
      case .end(let batch):
        end(batch)
        return
      }
    }
  }

  // MARK: What next

  private enum Task {
    case write(HistoryQueue.Batch)
    case chore
    case sync
    case open
    case replace(StoreError)
    case end(HistoryQueue.Batch)
  }

  private func nextTask() -> Task {
    while true {
      let now = ContinuousClock.now
      if now >= nextPass {
        chores.beginPass()
        (hasChores, nextPass) = (true, now + configuration.retentionInterval)
      }
      let (task, isIdle) = state.withLock { (choose(&$0, now), $0.isIdle) }
      if let task { return task }
      if isIdle { state.wakeAll() }
      let (limit, wasEmpty) = state.withLock { (rest($0, now), $0.isEmpty) }
      // While a batch gathers, or the disk takes nothing, whoever adds something wakes nobody.
      _ = state.wait(upTo: limit) { state -> Bool? in
        state.isAsleep = state.isEmpty && fault == nil
        return isNews(state, wasEmpty) ? true : nil
      }
      state.withLock { $0.isAsleep = false }
    }
  }

  private func choose(_ state: inout HistoryQueue, _ now: ContinuousClock.Instant) -> Task? {
    if let retention = state.newRetention {
      (chores.retention, state.newRetention, hasChores) = (retention, nil, true)
    }
    if state.triesAgain { (state.triesAgain, nextTry, nextChore) = (false, now, now) }
    if let corruption = state.corruption {
      state.corruption = nil
      return .replace(corruption)
    }
    if state.isClosing {
      guard fault == nil, !state.isEmpty else { return .end(state.takeAll()) }
      return .write(take(&state))
    }
    if fault != nil {
      guard now >= nextTry else { return nil }
      // Without anything to write, opening it says nothing of whether the disk takes it.
      return file == nil ? .open : .write(take(&state))
    }
    if !state.isEmpty, isDue(state, now) { return .write(take(&state)) }
    if hasChores, now >= nextChore {
      state.busySince = now
      return .chore
    }
    if let syncDeadline, now >= syncDeadline { return .sync }
    state.isIdle = state.isEmpty && !hasChores
    return nil
  }

  private func take(_ state: inout HistoryQueue) -> HistoryQueue.Batch {
    state.busySince = .now
    return state.take(configuration.batchRows)
  }

  private func isDue(_ state: HistoryQueue, _ now: ContinuousClock.Instant) -> Bool {
    guard !state.isUrgent, state.count < configuration.batchRows, let since = state.since
    else { return true }
    return now >= since + configuration.batchDelay
  }

  /// Whether there is a reason to look before the time is over.
  private func isNews(_ state: HistoryQueue, _ wasEmpty: Bool) -> Bool {
    if state.isClosing || state.corruption != nil || state.newRetention != nil { return true }
    if state.triesAgain { return true }
    guard fault == nil, !state.isEmpty else { return false }
    // The first one starts the time of the batch, which is slept through then.
    return wasEmpty || state.isUrgent || state.count >= configuration.batchRows
  }

  /// How long there is nothing to do unless something comes.
  private func rest(_ state: HistoryQueue, _ now: ContinuousClock.Instant) -> Duration {
    if fault != nil { return nextTry - now }
    var next = nextPass
    if let since = state.since { next = min(next, since + configuration.batchDelay) }
    if let syncDeadline { next = min(next, syncDeadline) }
    if hasChores { next = min(next, nextChore) }
    return next - now
  }

  // MARK: Writing

  private func write(_ batch: HistoryQueue.Batch) {
    let began = ContinuousClock.now
    let isSynced = syncDeadline.map { began >= $0 } ?? false
    do throws(StoreError) {
      guard let file else {
        throw StoreError(.unavailable, "\(path) is not open")
      }
      try file.write(
        batch.kept + batch.items, gaps: batch.gaps, isSynced: isSynced, now: configuration.now())
      state.withLock { state in
        state.finish(batch)
        state.busySince = nil
      }
      state.wakeAll()
      hasChores = true
      chores.batchWasWritten()
      syncDeadline = isSynced ? nil : syncDeadline ?? began + configuration.syncInterval
      tellRefused(file)
      let took = began.duration(to: .now)
      if took > configuration.slowCommit { report(.slow(took)) }
      succeed()
    } catch  where error.isOfTheDisk || error.kind == .corrupt {
      state.withLock { state in
        state.putBack(batch)
        state.busySince = nil
      }
      meet(error)
    } catch {
      // No disk is to blame, and it would be refused again and again.
      state.withLock { state in
        state.giveUp(batch)
        state.busySince = nil
      }
      state.wakeAll()
      report(.refused(batch.items.count, error))
    }
  }

  private func tellRefused(_ file: HistoryFile) {
    guard file.refused > refused else { return }
    report(.refused(file.refused - refused, nil))
    refused = file.refused
  }

  /// Makes what was written safe from a power loss.
  private func sync() {
    do throws(StoreError) {
      try file?.sync()
      syncDeadline = nil
    } catch {
      meet(error)
    }
  }

  private func doChore() {
    guard let file else {
      hasChores = false
      return
    }
    defer { state.withLock { $0.busySince = nil } }
    do throws(StoreError) {
      hasChores = try chores.step(file, now: configuration.now())
      choreFault = nil
      tellRecovery()
    } catch {
      nextChore = .now + configuration.retryDelay
      if error.kind == .corrupt { return meet(error) }
      // They may wait; what is said goes on being stored.
      choreFault = error
      tellFailure(error)
    }
  }

  private func end(_ batch: HistoryQueue.Batch) {
    var isWhole = batch.isEmpty
    // One last time. What is wrong was reported.
    if file == nil { try? openFile() }
    if let file {
      do throws(StoreError) {
        if !batch.isEmpty {
          try file.write(
            batch.kept + batch.items, gaps: batch.gaps, isSynced: true, now: configuration.now())
          isWhole = true
        }
        try file.close(now: configuration.now())
      } catch {
        tellFailure(error)
      }
    }
    file = nil
    state.withLock { state in
      state.isWholeAtEnd = isWhole
      state.hasEnded = true
    }
    state.wakeAll()
  }

  // MARK: Trouble

  private func openFile() throws(StoreError) {
    file = try HistoryFile(path, now: configuration.now(), system: configuration.system)
    refused = 0
    chores.fileWasReplaced()
    hasChores = true
  }

  private func recover() {
    do throws(StoreError) {
      try openFile()
      nextTry = .now
      // Whether it takes anything is seen at the next batch; without one this has to do.
      if state.withLock({ $0.isEmpty }) { succeed() }
    } catch {
      meet(error)
    }
  }

  private func meet(_ error: StoreError) {
    guard error.kind == .corrupt else { return fail(error) }
    do throws(StoreError) {
      try replace(error)
      succeed()
    } catch {
      fail(error)
    }
  }

  /// Moves the file away and begins a new one.
  private func replace(_ error: StoreError) throws(StoreError) {
    file = nil
    let target = try StoreFiles.setAside(path, at: configuration.now())
    state.withLock { $0.generation += 1 }
    try openFile()
    report(.replaced(error, movedTo: target))
  }

  private func fail(_ error: StoreError) {
    // What a failed write has left in the log is looked at anew.
    if error.kind != .full { file = nil }
    nextTry = .now + configuration.retryDelay
    fault = error
    state.withLock { $0.fault = error }
    // Who waits for a page hears of it.
    state.wakeAll()
    tellFailure(error)
  }

  private func succeed() {
    guard fault != nil else { return }
    fault = nil
    nextChore = .now
    state.withLock { $0.fault = nil }
    state.wakeAll()
    tellRecovery()
  }

  /// Trouble of batches and of chores is one trouble, and told once.
  private func tellFailure(_ error: StoreError) {
    if !isTroubleTold { report(.failed(error)) }
    isTroubleTold = true
  }

  private func tellRecovery() {
    guard isTroubleTold, fault == nil, choreFault == nil else { return }
    isTroubleTold = false
    report(.recovered(lost: state.withLock { $0.takeLost() }))
  }
}
