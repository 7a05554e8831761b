import HubbubThreads

/// Accounts and registered rooms: all of it in memory, and on disk before anybody is told.
///
/// The contract:
/// 1. `read` waits for no disk.
/// 2. A change that returns is on disk, and would survive a power loss. One that throws does not
///    hold, but for `.late` and `.disagreed`, which say that nobody knows yet.
/// 3. Changes happen one after the other, on the thread `account-writer`; whoever asked waits on a
///    thread of its own, under no lock.
///
/// In a network of several nodes (`join`) a change that returns is on the disks of what keeps their
/// order; the file follows (`writeBehind`).
// @unchecked: `file` and `markedNetwork` are the writer thread's alone; all else does not change,
// or is guarded.
public final class AccountStore: @unchecked Sendable {
  /// Guards the book. A leaf: nothing else is locked under it.
  let book: Monitor<AccountBook>
  let writer = ErrandThread(name: "account-writer")
  let configuration: Configuration
  public let path: String
  public var limits: AccountLimits { configuration.limits }

  /// Who decides about changes where this store does not. Guards it; a leaf.
  let network = Monitor<Network?>(nil)

  /// Whether somebody here is having a change agreed on: one at a time, for of several that are
  /// decided by the same book all but one would be in vain. Guards itself; a leaf.
  let isAgreeing = Monitor(false)

  /// What holds and is not in the file yet. Guards it; a leaf.
  let unwritten = Monitor(Unwritten())

  /// nil after the disk failed, until it is opened again. The writer thread's alone.
  private var file: Database?

  /// Of which network's accounts the file says that they are; nil: its own. The writer thread's
  /// alone.
  var markedNetwork: String?

  public struct Configuration: Sendable {
    public var limits = AccountLimits()

    /// How long a change may take.
    public var patience: Duration = .seconds(5)

    /// Daily copies that are kept.
    public var copies = 7

    /// How long lines of the audit log are kept.
    public var audit: Duration = .seconds(366 * 86_400)

    /// Milliseconds since 1970.
    public var now: @Sendable () -> Int64 = { WallClock.now }

    /// The SQLite file system to go through, for tests.
    var system: String?

    public init() {}
  }

  /// This many numbers of streams are set aside at a time, so that a room that is not registered
  /// needs no disk.
  private static let streamsAtOnce: Int64 = 1000

  // MARK: The owner

  /// Opens the file, or makes it, reads all of it and starts the thread.
  ///
  /// - Throws: `StoreError`, in words for whoever starts the server. A file that is corrupt is left
  ///   as it is: they say which copy to take.
  public init(_ path: String, _ configuration: Configuration = Configuration()) throws {
    self.path = path
    self.configuration = configuration
    do throws(StoreError) {
      let database = try Self.open(path, configuration)
      file = database
      book = Monitor(try Self.load(from: database))
      markedNetwork = try Self.setting("network", in: database)
    } catch  where error.kind == .corrupt {
      throw StoreError(.corrupt, code: error.code, Self.advice(error, path))
    }
    try writer.start()
  }

  /// From now on nobody waits for the disk: all who do go on, with `.late`. Any thread.
  public func release() { writer.release() }

  /// Ends the thread. The owner, once.
  public func close(patience: Duration = .seconds(10)) {
    _ = writer.finish(by: .now + patience) { [self] in
      // The next start reads the log if this fails.
      try? file?.execute("PRAGMA wal_checkpoint(TRUNCATE)")
      file = nil
    }
  }

  // MARK: Anybody

  /// Looks something up. `body` runs under a lock: it only reads.
  public func read<Result>(_ body: (AccountBook) -> Result) -> Result {
    book.withLock { body($0) }
  }

  /// A number for a room, never given before. Waits for the disk once in a thousand times.
  public func makeStream() throws(AccountError) -> StreamID {
    let taken = reserve.withLock { reserve -> StreamID? in
      guard reserve.next < reserve.end else { return nil }
      defer { reserve.next += 1 }
      return StreamID(rawValue: reserve.next)
    }
    if let taken { return taken }
    let first = try change { draft throws(AccountError) in
      let first = draft.makeStream()
      for _ in 1..<Self.streamsAtOnce { _ = draft.makeStream() }
      return first.rawValue
    }
    // Whoever else has reserved some at the same time leaves theirs unused.
    reserve.withLock { $0 = (first + 1, first + Self.streamsAtOnce) }
    return StreamID(rawValue: first)
  }

  /// Numbers of streams that were set aside. Guards them; nothing else is locked under it.
  private let reserve = Monitor<(next: Int64, end: Int64)>((0, 0))

  /// Makes a change that `body` describes. Any thread, under no lock; waits for the disk.
  ///
  /// - Parameter body: on the writer's thread, under the book's lock; in a network on the caller's,
  ///   and again where somebody else was faster.
  func change<Result: Sendable>(
    _ body: @escaping @Sendable (inout AccountDraft) throws(AccountError) -> Result
  ) throws(AccountError) -> Result {
    if let network = network.withLock({ $0 }) { return try agree(in: network, on: body) }
    let result = writer.run(upTo: configuration.patience) {
      [self] () -> Swift.Result<Result, AccountError> in
      do throws(AccountError) {
        return .success(try perform(body))
      } catch {
        return .failure(error)
      }
    }
    guard let result else { throw .late }
    return try result.get()
  }

  /// Does what is due once a day: a copy, unless today's is there, and what is too old goes.
  ///
  /// - Returns: the copy that was made; nil: there was one.
  @discardableResult
  public func makeDailyCopy() throws(AccountError) -> String? {
    let result = writer.run(upTo: .seconds(60)) { [self] () -> Swift.Result<String?, StoreError> in
      do throws(StoreError) {
        let database = try opened()
        try database.run(
          "DELETE FROM audit WHERE time < ?",
          .integer(configuration.now() - configuration.audit.milliseconds))
        return .success(
          try DailyCopies(path).make(database, configuration.copies, now: configuration.now()))
      } catch {
        return .failure(error)
      }
    }
    guard let result else { throw .late }
    do throws(StoreError) { return try result.get() } catch { throw .notStored(error) }
  }

  /// The last lines of the audit log, the newest first.
  public func audit(_ limit: Int) throws(AccountError) -> [AuditLine] {
    let result = writer.run(upTo: configuration.patience) {
      [self] () -> Swift.Result<[AuditLine], StoreError> in
      do throws(StoreError) {
        var found: [AuditLine] = []
        try opened().rows(
          "SELECT time, actor, action, subject, detail FROM audit ORDER BY id DESC LIMIT ?",
          [.integer(Int64(limit))]
        ) { row in
          found.append(
            AuditLine(
              time: row.integer(0), actor: row.text(1), action: row.text(2), subject: row.text(3),
              detail: row.text(4)))
          return true
        }
        return .success(found)
      } catch {
        return .failure(error)
      }
    }
    guard let result else { throw .late }
    do throws(StoreError) { return try result.get() } catch { throw .notStored(error) }
  }

  // MARK: The writer thread

  private func perform<Result>(
    _ body: (inout AccountDraft) throws(AccountError) -> Result
  ) throws(AccountError) -> Result {
    let now = configuration.now()
    let (result, changes, next) = try book.withLock { book throws(AccountError) in
      var draft = AccountDraft(book, now: now)
      let result = try body(&draft)
      return (result, draft.changes, (draft.nextAccount, draft.nextStream))
    }
    do throws(StoreError) {
      try write(changes, next)
    } catch {
      throw .notStored(error)
    }
    book.withLock { book in
      for change in changes { change.apply(to: &book) }
      (book.nextAccount, book.nextStream) = next
    }
    return result
  }

  private func write(
    _ changes: [any RowChange], _ next: (account: Int64, stream: Int64)
  ) throws(StoreError) {
    let known = book.withLock { ($0.nextAccount, $0.nextStream) }
    guard !changes.isEmpty || known != next else { return }
    let database = try opened()
    do throws(StoreError) {
      try database.transaction { () throws(StoreError) in
        for change in changes { try change.write(to: database) }
        if known != next { try Self.setCounters(next, in: database) }
        // It goes its own way from here on.
        if markedNetwork != nil { try Self.set("network", nil, in: database) }
      }
      markedNetwork = nil
    } catch {
      // What a failed write has left is looked at anew.
      if error.isOfTheDisk { file = nil }
      throw error
    }
  }

  /// What a failed write has left is looked at anew. The writer thread's.
  func reopen() { file = nil }

  func opened() throws(StoreError) -> Database {
    if let file { return file }
    let database = try Self.open(path, configuration)
    file = database
    return database
  }

  // MARK: The file

  private static func open(
    _ path: String, _ configuration: Configuration
  ) throws(StoreError) -> Database {
    let database = try Database(path, system: configuration.system)
    StoreFiles.makePrivate(path)
    try database.execute("PRAGMA secure_delete = ON")
    try database.execute("PRAGMA journal_mode = WAL")
    // An answer means that it survives a power loss.
    try database.execute("PRAGMA synchronous = FULL")
    try Schema.accounts.migrate(database)
    let verdict = try database.first("PRAGMA quick_check(1)") { $0.text(0) }
    guard verdict == "ok" else {
      throw StoreError(.corrupt, "accounts.db: \(verdict ?? "no answer")")
    }
    return database
  }

  static func load(from database: Database) throws(StoreError) -> AccountBook {
    var book = AccountBook()
    try Account.load(from: database, into: &book)
    try Device.load(from: database, into: &book)
    try AccountCertificate.load(from: database, into: &book)
    try OwnedNickname.load(from: database, into: &book)
    try Conversation.load(from: database, into: &book)
    try RegisteredRoom.load(from: database, into: &book)
    try RoomAccess.load(from: database, into: &book)
    try RoomVisibility.load(from: database, into: &book)
    try RoomVisit.load(from: database, into: &book)
    try ReadMarker.load(from: database, into: &book)
    try MetadataEntry.load(from: database, into: &book)
    try StayingPerson.load(from: database, into: &book)
    book.nextAccount = try counter("next-account", in: database)
    book.nextStream = try counter("next-stream", in: database)
    book.secret = try secret(in: database)
    return book
  }

  private static func counter(
    _ name: String, in database: Database
  ) throws(StoreError) -> Int64 {
    try setting(name, in: database).flatMap { Int64($0) } ?? 1
  }

  static func setCounters(
    _ next: (account: Int64, stream: Int64), in database: Database
  ) throws(StoreError) {
    try set("next-account", Array("\(next.account)".utf8), in: database)
    try set("next-stream", Array("\(next.stream)".utf8), in: database)
  }

  private static func setting(
    _ name: String, in database: Database
  ) throws(StoreError) -> String? {
    try database.first("SELECT value FROM setting WHERE name = ?", .text(name)) { $0.text(0) }
  }

  /// - Parameter value: nil: there is none any more.
  static func set(
    _ name: String, _ value: [UInt8]?, in database: Database
  ) throws(StoreError) {
    guard let value else {
      try database.run("DELETE FROM setting WHERE name = ?", .text(name))
      return
    }
    try database.run(
      """
      INSERT INTO setting VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value
      """, .text(name), .bytes(value))
  }

  private static func secret(in database: Database) throws(StoreError) -> [UInt8] {
    let known = try database.first("SELECT value FROM setting WHERE name = 'secret'") {
      $0.bytes(0)
    }
    if let known { return known }
    let secret = Digest.random(32)
    try set("secret", secret, in: database)
    return secret
  }

  private static func advice(_ error: StoreError, _ path: String) -> String {
    guard let copy = DailyCopies(path).newest else {
      return "\(path) is corrupt (\(error)), and there is no daily copy beside it: move it away to "
        + "begin without accounts"
    }
    return "\(path) is corrupt (\(error)): move it and its -wal and -shm away, and put the newest "
      + "daily copy, \(copy), in its place"
  }
}

/// A line of the audit log.
public struct AuditLine: Sendable, Equatable {
  /// Milliseconds since 1970.
  public let time: Int64
  public let actor: String
  public let action: String
  public let subject: String
  public let detail: String
}
