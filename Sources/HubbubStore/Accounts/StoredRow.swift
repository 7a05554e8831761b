import HubbubBytes

/// A kind of row of `accounts.db`, all of which are in memory too.
protocol StoredRow: Sendable {
  associatedtype Key: Hashable & Sendable

  static var table: String { get }
  static var columns: [String] { get }

  /// The columns of the primary key.
  static var keyColumns: [String] { get }
  static func values(of key: Key) -> [Value]

  /// From a row that begins with these columns; nil for what this program does not understand.
  static func key(_ row: Row) -> Key?

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

/// A change of one row, which holds in memory and is written to the file.
protocol RowChange: Sendable {
  func write(to database: Database) throws(StoreError)
  func apply(to book: inout AccountBook)

  /// As nodes of a network tell each other of it: `AccountChange` reads it.
  func write(to writer: inout ByteWriter)

  /// Whether a row goes.
  var isRemoval: Bool { get }
}

extension RowChange {
  var isRemoval: Bool { false }
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

  func write(to writer: inout ByteWriter) {
    writer.write(byte: AccountChange.Kind.put.rawValue)
    writer.write(byte: AccountTables.number(of: Changed.self))
    writer.write(list: row.values) { $1.write(to: &$0) }
  }
}

/// A row that is no more.
struct Remove<Changed: StoredRow>: RowChange {
  let key: Changed.Key
  var isRemoval: Bool { true }

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

  func write(to writer: inout ByteWriter) {
    writer.write(byte: AccountChange.Kind.remove.rawValue)
    writer.write(byte: AccountTables.number(of: Changed.self))
    writer.write(list: Changed.values(of: key)) { $1.write(to: &$0) }
  }
}

/// A line of the audit log, which is on disk alone.
struct AuditEntry: RowChange, Equatable {
  private static let columns = "time, actor, action, subject, detail"

  let time: Int64
  let actor: String
  let action: String
  let subject: String
  let detail: String

  func write(to database: Database) throws(StoreError) {
    // A node of a network reads some of what it has written before again as it comes back.
    try database.run(
      """
      INSERT INTO audit(\(Self.columns)) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
        SELECT 1 FROM audit WHERE time = ?1 AND (\(Self.columns)) = (?1, ?2, ?3, ?4, ?5))
      """, values)
  }

  private var values: [Value] {
    [.integer(time), .text(actor), .text(action), .text(subject), .text(detail)]
  }

  func apply(to book: inout AccountBook) {}

  func write(to writer: inout ByteWriter) {
    writer.write(byte: AccountChange.Kind.audit.rawValue)
    writer.write(list: values) { $1.write(to: &$0) }
  }

  /// - Parameter values: as `write(to:)` has them.
  init?(_ values: [Value]) {
    guard values.count == 5 else { return nil }
    let row = Row(values)
    self.init(
      time: row.integer(0), actor: row.text(1), action: row.text(2), subject: row.text(3),
      detail: row.text(4))
  }

  init(time: Int64, actor: String, action: String, subject: String, detail: String) {
    (self.time, self.actor, self.action) = (time, actor, action)
    (self.subject, self.detail) = (subject, detail)
  }
}
