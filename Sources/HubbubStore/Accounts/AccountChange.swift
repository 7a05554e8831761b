import HubbubBytes

/// A change of the accounts as nodes of a network tell each other of it: what was decided, and by
/// which state.
struct AccountChange {
  /// How many changes there had been when it was decided: it holds if there were no others since.
  let version: UInt64
  let rows: [any RowChange]

  /// The next numbers to give, after it.
  let nextAccount: Int64
  let nextStream: Int64

  /// Which kind of change of a row follows.
  enum Kind: UInt8 {
    case put = 1
    case remove, audit
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(version)
    writer.write(UInt64(bitPattern: nextAccount))
    writer.write(UInt64(bitPattern: nextStream))
    writer.write(list: rows) { $1.write(to: &$0) }
    return writer.bytes
  }

  init(version: UInt64, _ draft: AccountDraft) {
    (self.version, rows) = (version, draft.changes)
    (nextAccount, nextStream) = (draft.nextAccount, draft.nextStream)
  }

  init(_ bytes: [UInt8]) throws(ByteReader.Malformed) {
    var reader = ByteReader(bytes[...])
    version = try reader.number()
    nextAccount = Int64(bitPattern: try reader.number())
    nextStream = Int64(bitPattern: try reader.number())
    rows = try reader.list { (reader) throws(ByteReader.Malformed) in try Self.row(&reader) }
    guard reader.isAtEnd else { throw ByteReader.Malformed("something follows a change") }
  }

  /// What it is about.
  var amendment: AccountStore.Amendment {
    var amendment = AccountStore.Amendment()
    for row in rows {
      switch row {
      case let put as Put<RegisteredRoom>: amendment.rooms.append(put.row.stream)
      case let put as Put<ReadMarker>: amendment.markers.append(put.row)
      case let put as Put<Account> where put.row.flags.contains(.messagesToErase):
        amendment.hasErasure = true
      default: break
      }
    }
    return amendment
  }

  private static func row(
    _ reader: inout ByteReader
  ) throws(ByteReader.Malformed) -> any RowChange {
    let kind = Kind(rawValue: try reader.byte())
    switch kind {
    case .put:
      let table = try AccountTables.table(try reader.byte())
      return try table.put(try values(&reader))
    case .remove:
      let table = try AccountTables.table(try reader.byte())
      return try table.remove(try values(&reader))
    case .audit:
      guard let entry = AuditEntry(try values(&reader)) else {
        throw ByteReader.Malformed("a line of the audit log cannot be understood")
      }
      return entry
    case nil: throw ByteReader.Malformed("a change of a row is of an unknown kind")
    }
  }

  private static func values(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> [Value] {
    try reader.list { (reader) throws(ByteReader.Malformed) in try Value(from: &reader) }
  }
}
