/// What the writer does between its batches, a few milliseconds at a time: words, erasures,
/// retention, and traces of what was taken back.
///
/// The writer's thread alone.
struct HistoryChores {
  /// How long everything is kept.
  var retention: Retention {
    didSet { if retention != oldValue { pass = RetentionPass() } }
  }

  /// The pass under way; nil between two.
  private var pass: RetentionPass? = RetentionPass()

  /// Whether a merge of the whole index has begun in this run.
  private var isMerging = false

  /// Whether the log still holds pages from before a deletion.
  private var hasTracesInLog = true

  /// A log that a reader holds is tried again with the next batch.
  private var isLogHeld = false

  /// This many messages are deleted at a time, and that many get their words.
  static let deletedAtOnce = 500
  static let wordsAtOnce = 250

  /// This many pages of words are merged at a time.
  private static let mergedAtOnce = 64

  init(_ retention: Retention) { self.retention = retention }

  /// Time for another pass of retention.
  mutating func beginPass() { if pass == nil { pass = RetentionPass() } }

  /// The writer has written: a log that was held may be free.
  mutating func batchWasWritten() { isLogHeld = false }

  /// The file is another one.
  mutating func fileWasReplaced() {
    pass = RetentionPass()
    (isMerging, hasTracesInLog, isLogHeld) = (false, true, false)
  }

  /// Does the next piece of work.
  ///
  /// - Returns: whether there may be more.
  mutating func step(_ file: HistoryFile, now: Int64) throws(StoreError) -> Bool {
    if file.hasWordsToWrite {
      try file.writeWords(Self.wordsAtOnce)
      return true
    }
    if try file.erase(Self.deletedAtOnce) { return true }
    if try file.clear(Self.deletedAtOnce) { return true }
    if try pass?.step(file, retention, now: now) == true { return true }
    pass = nil
    if try purge(file) { return true }
    return try emptyLog(file)
  }

  private mutating func purge(_ file: HistoryFile) throws(StoreError) -> Bool {
    guard try file.database.number("SELECT id FROM purge") != nil else { return false }
    let goesOn = try file.mergeWords(Self.mergedAtOnce, begins: !isMerging)
    isMerging = goesOn
    if !goesOn { (hasTracesInLog, isLogHeld) = (true, false) }
    return true
  }

  /// The text of what was deleted is gone from the file's log too.
  private mutating func emptyLog(_ file: HistoryFile) throws(StoreError) -> Bool {
    guard hasTracesInLog, !isLogHeld else { return false }
    let isBusy = try file.database.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) } != 0
    (hasTracesInLog, isLogHeld) = (isBusy, isBusy)
    return false
  }
}
