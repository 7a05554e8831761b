import DequeModule
import Synchronization

/// What waits to be stored. A value, guarded by the writer's lock.
struct HistoryQueue {
  private var items: Deque<StoreItem> = []

  /// What must not be lost though the queue was cut: it is few, and comes first in the next batch.
  private var kept: [StoreItem] = []

  /// What was given up, by streams.
  private var gaps: [StreamID: StoredGap] = [:]

  /// How many were given up since that was said last.
  private var lost = 0

  /// What the waiting and those under way take, and the same for those who only look.
  private(set) var bytes = 0 {
    didSet { waiting.bytes.store(bytes, ordering: .relaxed) }
  }
  let waiting = Waiting()
  private let memoryBytes: Int

  /// When the oldest came.
  private(set) var since: ContinuousClock.Instant?

  private(set) var lastGiven: [StreamID: UInt64] = [:]

  /// How many came, and how many of them are stored or given up.
  private(set) var given: UInt64 = 0
  private(set) var done: UInt64 = 0

  /// Somebody waits for what was added.
  var isUrgent = false
  var isClosing = false
  var triesAgain = false
  var corruption: StoreError?
  var newRetention: Retention?

  // What the writer's thread says of itself.

  /// It sleeps until somebody wakes it.
  var isAsleep = false

  /// It has nothing to do.
  var isIdle = false
  var fault: StoreError?
  /// When what it is doing with the disk began; nil: nothing.
  var busySince: ContinuousClock.Instant?
  var generation = 0
  var hasEnded = false

  /// Whether all was stored when it ended.
  var isWholeAtEnd = false

  /// How much waits. Every read of every client looks at it, and takes no lock for it.
  final class Waiting: Sendable {
    /// Relaxed: a measure, which nothing else depends on.
    let bytes = Atomic<Int>(0)
  }

  init(memoryBytes: Int) { self.memoryBytes = memoryBytes }

  /// What is taken to be stored in one transaction.
  struct Batch {
    var kept: [StoreItem]
    var items: [StoreItem]
    var gaps: [StoredGap]
    var bytes: Int
    var isEmpty: Bool { kept.isEmpty && items.isEmpty && gaps.isEmpty }
  }

  var isEmpty: Bool { items.isEmpty && kept.isEmpty && gaps.isEmpty }
  var count: Int { items.count }

  /// - Returns: whether the writer is to be woken.
  mutating func append(_ item: StoreItem, _ configuration: HistoryWriter.Configuration) -> Bool {
    given += 1
    items.append(item)
    bytes += item.memoryBytes
    note(item)
    if since == nil { since = .now }
    if bytes > memoryBytes { cut() }
    isIdle = false
    defer { isAsleep = false }
    return isAsleep || items.count == configuration.batchRows
  }

  private mutating func note(_ item: StoreItem) {
    let (stream, sequence): (StreamID, UInt64)
    switch item {
    case .entry(let entry): (stream, sequence) = (entry.key.stream, entry.key.sequence)
    case .epoch(let of, let first, _, _) where first > 0: (stream, sequence) = (of, first - 1)
    default: return
    }
    lastGiven[stream] = max(lastGiven[stream] ?? 0, sequence)
  }

  /// Takes what one transaction is to write.
  mutating func take(_ limit: Int) -> Batch {
    var taken: [StoreItem] = []
    var takenBytes = 0
    // Not so much that what comes meanwhile would have no room, and the newest be given up.
    while taken.count < limit, takenBytes < memoryBytes / 4, let item = items.popFirst() {
      taken.append(item)
      takenBytes += item.memoryBytes
    }
    let batch = Batch(
      kept: kept, items: taken, gaps: gaps.values.sorted { $0.first < $1.first },
      bytes: takenBytes)
    (kept, gaps) = ([], [:])
    if items.isEmpty { (since, isUrgent) = (nil, false) }
    return batch
  }

  /// Takes everything, at the end.
  mutating func takeAll() -> Batch {
    let batch = Batch(
      kept: kept, items: items.isEmpty ? [] : Array(items),
      gaps: gaps.values.sorted { $0.first < $1.first }, bytes: bytes)
    (kept, gaps, items) = ([], [:], [])
    return batch
  }

  /// The batch is stored.
  mutating func finish(_ batch: Batch) {
    bytes -= batch.bytes
    done += UInt64(batch.items.count)
  }

  /// The batch could not be stored: it waits again.
  mutating func putBack(_ batch: Batch) {
    items.prepend(contentsOf: batch.items)
    kept = batch.kept + kept
    for gap in batch.gaps { extend(gap.first, gap.last, gap.reason) }
    since = since ?? .now
    if bytes > memoryBytes { cut() }
  }

  /// The batch will never be stored.
  mutating func giveUp(_ batch: Batch) {
    bytes -= batch.bytes
    for item in batch.items { giveUp(item, .refused) }
  }

  /// - Returns: how many were given up since this was asked last.
  mutating func takeLost() -> Int {
    defer { lost = 0 }
    return lost
  }

  /// Gives up the oldest, down to nine tenths: not one at each that comes.
  private mutating func cut() {
    while bytes > memoryBytes / 10 * 9, let oldest = items.popFirst() {
      bytes -= oldest.memoryBytes
      giveUp(oldest, .disk)
    }
  }

  private mutating func giveUp(_ item: StoreItem, _ reason: StoredGap.Reason) {
    done += 1
    guard case .entry(let entry) = item else {
      if reason == .disk { kept.append(item) }
      return
    }
    lost += 1
    extend(entry.key, entry.key, reason)
  }

  private mutating func extend(
    _ first: MessageKey, _ last: MessageKey, _ reason: StoredGap.Reason
  ) {
    var gap = gaps[first.stream] ?? StoredGap(first: first, last: last, reason: reason)
    gap.first = min(gap.first, first)
    gap.last = max(gap.last, last)
    gaps[first.stream] = gap
  }
}
