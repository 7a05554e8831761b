import CSQLite

/// The values of a row: of one that a statement stands at, valid inside the closure it was given
/// to, or of one that came otherwise.
struct Row {
  private enum Source {
    case statement(OpaquePointer)
    case values([Value])
  }

  private let source: Source

  init(statement: OpaquePointer) { source = .statement(statement) }

  init(_ values: [Value]) { source = .values(values) }

  func integer(_ column: Int32) -> Int64 {
    switch source {
    case .statement(let statement): return sqlite3_column_int64(statement, column)
    case .values(let values):
      guard case .integer(let number) = values[Int(column)] else { return 0 }
      return number
    }
  }

  func isNull(_ column: Int32) -> Bool {
    switch source {
    case .statement(let statement): sqlite3_column_type(statement, column) == SQLITE_NULL
    case .values(let values): values[Int(column)] == .null
    }
  }

  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  /// Text or a blob; empty for NULL.
  func bytes(_ column: Int32) -> [UInt8] {
    switch source {
    case .statement(let statement): return [UInt8](Self.bytes(statement, column))
    case .values(let values): return values[Int(column)].bytes
    }
  }

  func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

  /// Empty for NULL.
  func text(_ column: Int32) -> String {
    switch source {
    case .statement(let statement):
      return String(decoding: Self.bytes(statement, column), as: UTF8.self)
    case .values(let values): return String(decoding: values[Int(column)].bytes, as: UTF8.self)
    }
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  private static func bytes(
    _ statement: OpaquePointer, _ column: Int32
  ) -> UnsafeRawBufferPointer {
    // In this order: the first call decides on the form, the second counts its bytes.
    guard let start = sqlite3_column_blob(statement, column) else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }
}
