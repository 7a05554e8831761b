import HubbubThreads

/// The stored history: one writer and some readers of `history.db`. Any thread, under no lock but
/// for `writer.add`.
public final class HistoryStore: Sendable {
  public let writer: HistoryWriter
  private let readers: ReaderPool

  /// Those that search, which takes time: whoever wants a page waits for none of them.
  private let searchers: ReaderPool

  /// After an unclean end a stream goes on this many numbers further: those between may have been
  /// given to messages that were lost.
  public static let crashDistance: UInt64 = 1_000_000

  /// How readers are waited for.
  public struct Patience: Sendable {
    /// For one that is free.
    public var reader: Duration = .seconds(5)

    /// For the writer to store what was said before the question.
    public var writer: Duration = .seconds(1)

    /// For one answer.
    public var page: Duration = .seconds(5)
    public var search: Duration = .milliseconds(500)

    public init() {}
  }

  private let patience: Patience

  /// Opens the history; see `HistoryWriter`.
  public init(
    _ path: String, _ configuration: HistoryWriter.Configuration = .init(),
    patience: Patience = Patience(), readers: Int = 4,
    report: @escaping @Sendable (HistoryWriter.Report) -> Void
  ) throws {
    let writer = try HistoryWriter(path, configuration, report: report)
    self.writer = writer
    self.patience = patience
    func pool(of count: Int) -> ReaderPool {
      ReaderPool(path, count: count, system: configuration.system) { writer.generation }
    }
    self.readers = pool(of: readers)
    searchers = pool(of: max(1, readers / 2))
  }

  /// Stores what waits and closes the file. The owner, once; nobody reads any more.
  @discardableResult
  public func close(patience: Duration = .seconds(10)) -> Bool {
    readers.close()
    searchers.close()
    return writer.close(patience: patience)
  }

  /// Where a stream begins in this run.
  public struct Start: Sendable, Equatable {
    /// The first number to give.
    public let sequence: UInt64

    /// The time of what is before it, in milliseconds since 1970: no message may be older.
    public let time: Int64?
  }

  /// Begins, or goes on with, a stream: ids of it begin with `epoch` from now on. Before its first
  /// message, once for each name.
  ///
  /// - Parameter epoch: never given before.
  public func begin(_ stream: StreamID, epoch: String) throws(StoreError) -> Start {
    let end = try read { reader throws(StoreError) in try reader.end(of: stream) }
    let given = writer.lastGiven(stream)
    var first = max(end.last.map { $0 + 1 } ?? 1, given.map { $0 + 1 } ?? 1)
    var lost: ClosedRange<UInt64>?
    if end.isUnclean, given == nil {
      lost = first...(first + Self.crashDistance - 1)
      first += Self.crashDistance
    }
    guard first < MessageKey.maxSequence else {
      throw StoreError(.other, "A room has no numbers left")
    }
    writer.beginEpoch(stream, first: first, name: epoch, lost: lost)
    return Start(sequence: first, time: end.time)
  }

  /// A page, with everything in it that was added before. Waits for writer and readers.
  public func page(
    _ selector: HistorySelector, of view: HistoryView, limit: Int
  ) throws(StoreError) -> HistoryPage {
    writer.flush(upTo: patience.writer)
    return try read { reader throws(StoreError) in
      try reader.page(selector, of: view, limit: limit)
    }
  }

  /// The number that a message id stands for; nil: it is unknown.
  public func sequence(
    _ sequence: UInt64, ofEpoch epoch: String, in stream: StreamID
  ) throws(StoreError) -> UInt64? {
    writer.flush(upTo: patience.writer)
    return try read { reader throws(StoreError) in
      try reader.sequence(sequence, ofEpoch: epoch, in: stream)
    }
  }

  /// All streams of which anything is stored. Those that nobody knows any more, as rooms that were
  /// not registered when the server was killed, are to be cleared.
  public func streams() throws(StoreError) -> [StreamID] {
    try read { reader throws(StoreError) in try reader.streams() }
  }

  /// The rooms that have names, and the next number for a stream. As the server starts, before
  /// anything is added.
  public func rooms() throws(StoreError) -> (rooms: [StoredRoom], nextStream: Int64) {
    try read { reader throws(StoreError) in try (reader.rooms(), reader.nextStream()) }
  }

  /// Whose history it is, where it is a network's. As `rooms`.
  public func network() throws(StoreError) -> StoredNetwork? {
    try read { reader throws(StoreError) in try reader.network() }
  }

  /// The number of the last message or event of a stream that is stored; nil: there is none.
  public func lastStored(_ stream: StreamID) throws(StoreError) -> UInt64? {
    try read { reader throws(StoreError) in try reader.end(of: stream).last }
  }

  /// The epochs of a range of numbers, ascending; of each number's id the last that is not behind
  /// it.
  public func epochs(
    of stream: StreamID, _ range: ClosedRange<UInt64>
  ) throws(StoreError) -> [HistoryEpoch] {
    try read { reader throws(StoreError) in try reader.epochs(of: stream, range) }
  }

  /// One message, or event; nil where there is none.
  public func entry(_ key: MessageKey) throws(StoreError) -> StoredEntry? {
    let view = HistoryView(key.stream, [key.sequence...key.sequence], includesEvents: true)
    return try page(.latest(), of: view, limit: 1).entries.first
  }

  /// Views whose newest message lies between the times, the newest first.
  public func targets(
    _ views: [HistoryView], after first: Int64, before last: Int64, limit: Int
  ) throws(StoreError) -> [HistoryTarget] {
    writer.flush(upTo: patience.writer)
    return try read { reader throws(StoreError) in
      try reader.targets(views, after: first, before: last, limit: limit)
    }
  }

  /// What matches, of those whose words are in the index: it may lag behind.
  public func search(_ search: HistorySearch) throws(StoreError) -> HistorySearch.Result {
    let limit = patience.search
    return try read(from: searchers) { reader throws(StoreError) in
      try reader.search(search, upTo: limit)
    }
  }

  /// What an account said, by stream and number, in portions.
  ///
  /// - Parameter after: the key of the last one of the portion before.
  public func said(
    by account: Int64, after: MessageKey? = nil, limit: Int = 1000
  ) throws(StoreError) -> [StoredEntry] {
    writer.flush(upTo: patience.writer)
    return try read { reader throws(StoreError) in
      var found: [StoredEntry] = []
      try reader.database.rows(
        HistoryQueries.ofAccount,
        [.integer(account), .integer(after?.rawValue ?? 0), .integer(Int64(limit))]
      ) { row in
        if let entry = StoredEntry(row) { found.append(entry) }
        return true
      }
      return found
    }
  }

  private func read<Result>(
    from pool: ReaderPool? = nil, _ body: (HistoryReader) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    do throws(StoreError) {
      return try (pool ?? readers).use(upTo: patience.reader) { reader throws(StoreError) in
        try reader.database.limited(to: patience.page) { () throws(StoreError) in
          try body(reader)
        }
      }
    } catch {
      if error.kind == .corrupt { writer.reportCorruption(error) }
      throw error
    }
  }
}
