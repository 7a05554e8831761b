import CSQLite
import Glibc

/// One connection to one file, with the statements it has prepared.
///
/// One thread at a time: the owner sees to it. Every method may wait for the disk.
// @unchecked: it is handed from thread to thread, and used by one at a time.
final class Database: @unchecked Sendable {
  enum Access {
    /// The file is made where there is none.
    case readWrite
    case readOnly
  }

  let path: String
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// When what runs is to be interrupted, in nanoseconds of the monotonic clock; 0: never. A place
  /// of its own, since SQLite's handler looks at it.
  private let deadline: UnsafeMutablePointer<UInt64>

  /// This many steps of SQLite's machine between two looks at the clock: some 10 µs.
  private static let stepsBetweenLooks: Int32 = 1000

  /// - Parameters:
  ///   - path: the file; `:memory:` for none.
  ///   - busy: how long to wait for another connection's lock.
  ///   - system: the name of the SQLite file system to go through; nil for the usual one.
  init(
    _ path: String, _ access: Access = .readWrite, busy: Duration = .seconds(5),
    system: String? = nil
  ) throws(StoreError) {
    self.path = path
    let flags =
      (access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      // No lock around each call: one thread at a time uses it.
      | SQLITE_OPEN_NOMUTEX
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, flags, system)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      let extended = opened.map(sqlite3_extended_errcode) ?? code
      sqlite3_close_v2(opened)
      throw StoreError(code: extended, message: message, file: path)
    }
    handle = opened
    deadline = .allocate(capacity: 1)
    deadline.initialize(to: 0)
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Int32(busy.milliseconds))
    sqlite3_progress_handler(handle, Self.stepsBetweenLooks, Self.isOverdue, deadline)
    try check(csqlite_be_strict(handle))
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
    deadline.deallocate()
  }

  // MARK: Statements

  /// Runs a statement that returns nothing of interest.
  ///
  /// - Returns: how many rows it changed.
  @discardableResult
  func run(_ sql: String, _ values: Value...) throws(StoreError) -> Int {
    try run(sql, values)
  }

  @discardableResult
  func run(_ sql: String, _ values: [Value]) throws(StoreError) -> Int {
    let statement = try prepared(sql, values)
    defer { sqlite3_reset(statement) }
    while try step(statement) {}
    return Int(sqlite3_changes(handle))
  }

  /// Calls `body` with each row of a query.
  ///
  /// - Parameter body: returns whether to go on.
  func rows(
    _ sql: String, _ values: [Value] = [], _ body: (Row) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let statement = try prepared(sql, values)
    defer { sqlite3_reset(statement) }
    while try step(statement) {
      if try !body(Row(statement: statement)) { return }
    }
  }

  /// What `body` makes of the first row of a query; nil where there is none.
  func first<Result>(
    _ sql: String, _ values: Value..., body: (Row) -> Result
  ) throws(StoreError) -> Result? {
    try first(sql, values, body: body)
  }

  func first<Result>(
    _ sql: String, _ values: [Value], body: (Row) -> Result
  ) throws(StoreError) -> Result? {
    let statement = try prepared(sql, values)
    defer { sqlite3_reset(statement) }
    return try step(statement) ? body(Row(statement: statement)) : nil
  }

  /// The number in the first column of the first row; nil where there is none, or it is NULL.
  func number(_ sql: String, _ values: Value...) throws(StoreError) -> Int64? {
    let statement = try prepared(sql, values)
    defer { sqlite3_reset(statement) }
    return try step(statement) ? Row(statement: statement).optionalInteger(0) : nil
  }

  /// Runs several statements in one text, without parameters.
  func execute(_ script: String) throws(StoreError) {
    try check(sqlite3_exec(handle, script, nil, nil, nil))
  }

  /// Runs `body` in one transaction: all of it holds, or nothing.
  func transaction<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // SQLite has rolled back by itself after some errors; it would complain of doing it twice.
      if sqlite3_get_autocommit(handle) == 0 {
        // What failed is told; that it could not be undone would change nothing.
        _ = try? run("ROLLBACK")
      }
      throw error
    }
  }

  /// Whether a transaction is under way.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Changes of all statements since the file was opened.
  var totalChanges: Int { Int(sqlite3_total_changes(handle)) }

  /// Interrupts everything that runs inside `body` once `limit` has passed: `StoreError.timeout`.
  func limited<Result>(
    to limit: Duration, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    deadline.pointee = Self.now + UInt64(max(0, limit.milliseconds)) * 1_000_000
    defer { deadline.pointee = 0 }
    return try body()
  }

  // MARK: Whole files

  var userVersion: Int64 {
    get throws(StoreError) { try number("PRAGMA user_version") ?? 0 }
  }

  /// Copies the file as it is, page by page, into one that must not exist.
  func copy(to path: String) throws(StoreError) {
    let target = try Database(path)
    guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
      throw target.error(sqlite3_extended_errcode(target.handle))
    }
    let code = sqlite3_backup_step(backup, -1)
    let end = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, end == SQLITE_OK else { throw target.error(code) }
  }

  // MARK: Inside

  private func prepared(_ sql: String, _ values: [Value]) throws(StoreError) -> OpaquePointer {
    let statement: OpaquePointer
    if let known = statements[sql] {
      statement = known
    } else {
      var made: OpaquePointer?
      try check(
        sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
      guard let made else { throw StoreError(.other, "An empty statement was prepared") }
      statements[sql] = made
      statement = made
    }
    for (index, value) in values.enumerated() { try bind(value, Int32(index + 1), statement) }
    return statement
  }

  private func bind(
    _ value: Value, _ index: Int32, _ statement: OpaquePointer
  ) throws(StoreError) {
    let code =
      switch value {
      case .null: sqlite3_bind_null(statement, index)
      case .integer(let number): sqlite3_bind_int64(statement, index, number)
      case .text(var text):
        text.withUTF8 { Self.bindText($0, index, statement) }
      case .utf8(let bytes): bytes.withUnsafeBufferPointer { Self.bindText($0, index, statement) }
      case .bytes(let bytes):
        bytes.withUnsafeBytes {
          // Of no bytes there is no pointer, which would be NULL.
          $0.isEmpty
            ? sqlite3_bind_zeroblob(statement, index, 0)
            : csqlite_bind_bytes(statement, index, $0.baseAddress, UInt64($0.count))
        }
      }
    try check(code)
  }

  private static func bindText(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int32, _ statement: OpaquePointer
  ) -> Int32 {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      return csqlite_bind_text(statement, index, "", 0)
    }
    return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      csqlite_bind_text(statement, index, $0, UInt64(bytes.count))
    }
  }

  private func step(_ statement: OpaquePointer) throws(StoreError) -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw error(code)
    }
  }

  private func check(_ code: Int32) throws(StoreError) {
    if code != SQLITE_OK { throw error(code) }
  }

  private func error(_ code: Int32) -> StoreError {
    StoreError(code: code, message: String(cString: sqlite3_errmsg(handle)), file: path)
  }

  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  private static let isOverdue: @Sendable @convention(c) (UnsafeMutableRawPointer?) -> Int32 = {
    let deadline = $0!.load(as: UInt64.self)
    return deadline != 0 && now > deadline ? 1 : 0
  }
}
