/// A kind of row of `accounts.db`, all of which are in memory too.
protocol StoredRow: Sendable {
  associatedtype Key: Hashable & Sendable

  static var table: String { get }
  static var columns: [String] { get }

  /// The columns of the primary key.
  static var keyColumns: [String] { get }
  static func values(of key: Key) -> [Value]

  /// Where they are in memory.
  static var place: WritableKeyPath<AccountBook, [Key: Self]> { get }

  var key: Key { get }

  /// In the order of the columns.
  var values: [Value] { get }

  /// From a row with these columns; nil for what this program does not understand.
  init?(_ row: Row)

  /// Keeps what is derived from the rows.
  static func index(_ old: Self?, _ new: Self?, in book: inout AccountBook)
}

extension StoredRow {
  static func index(_ old: Self?, _ new: Self?, in book: inout AccountBook) {}

  static func load(from database: Database, into book: inout AccountBook) throws(StoreError) {
    var found: [Self] = []
    try database.rows("SELECT \(columns.joined(separator: ", ")) FROM \(table)") { row in
      if let row = Self(row) { found.append(row) }
      return true
    }
    for row in found { Put(row).apply(to: &book) }
  }
}

/// A change of one row, which is written first and then holds in memory.
protocol RowChange: Sendable {
  func write(to database: Database) throws(StoreError)
  func apply(to book: inout AccountBook)
}

/// A row that is new, or another one from now on.
struct Put<Changed: StoredRow>: RowChange {
  let row: Changed

  init(_ row: Changed) { self.row = row }

  func write(to database: Database) throws(StoreError) {
    let columns = Changed.columns
    let others = columns.filter { !Changed.keyColumns.contains($0) }
    let update = others.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    try database.run(
      """
      INSERT INTO \(Changed.table)(\(columns.joined(separator: ", ")))
      VALUES(\(columns.map { _ in "?" }.joined(separator: ", ")))
      ON CONFLICT(\(Changed.keyColumns.joined(separator: ", "))) DO UPDATE SET \(update)
      """, row.values)
  }

  func apply(to book: inout AccountBook) {
    let old = book[keyPath: Changed.place].updateValue(row, forKey: row.key)
    Changed.index(old, row, in: &book)
  }
}

/// A row that is no more.
struct Remove<Changed: StoredRow>: RowChange {
  let key: Changed.Key

  init(_: Changed.Type, _ key: Changed.Key) { self.key = key }

  func write(to database: Database) throws(StoreError) {
    let condition = Changed.keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")
    try database.run(
      "DELETE FROM \(Changed.table) WHERE \(condition)", Changed.values(of: key))
  }

  func apply(to book: inout AccountBook) {
    let old = book[keyPath: Changed.place].removeValue(forKey: key)
    Changed.index(old, nil, in: &book)
  }
}

/// A line of the audit log, which is on disk alone.
struct AuditEntry: RowChange, Equatable {
  let time: Int64
  let actor: String
  let action: String
  let subject: String
  let detail: String

  func write(to database: Database) throws(StoreError) {
    try database.run(
      "INSERT INTO audit(time, actor, action, subject, detail) VALUES(?, ?, ?, ?, ?)",
      .integer(time), .text(actor), .text(action), .text(subject), .text(detail))
  }

  func apply(to book: inout AccountBook) {}
}
