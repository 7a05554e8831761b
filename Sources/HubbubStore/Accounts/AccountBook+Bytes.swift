import HubbubBytes

// The whole book as nodes of a network tell each other of it.

extension AccountBook {
  func write(to writer: inout ByteWriter) {
    writer.write(version)
    writer.write(digest)
    writer.write(secret)
    writer.write(UInt64(bitPattern: nextAccount))
    writer.write(UInt64(bitPattern: nextStream))
    for table in AccountTables.all {
      writer.write(list: table.all(in: self)) { writer, values in
        writer.write(list: values) { $1.write(to: &$0) }
      }
    }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    version = try reader.number()
    digest = try reader.number()
    secret = try reader.data()
    nextAccount = Int64(bitPattern: try reader.number())
    nextStream = Int64(bitPattern: try reader.number())
    for table in AccountTables.all {
      let rows = try reader.list { (reader) throws(ByteReader.Malformed) in
        let values = try reader.list { (reader) throws(ByteReader.Malformed) in
          try Value(from: &reader)
        }
        return try table.put(values)
      }
      for row in rows { row.apply(to: &self) }
    }
  }

  /// Makes a change that was decided by this state.
  ///
  /// - Parameter bytes: the change's own, by which two books show that they were changed alike.
  /// - Returns: false where there were others since: nothing was done.
  mutating func amend(_ change: AccountChange, _ bytes: [UInt8]) -> Bool {
    guard change.version == version else { return false }
    for row in change.rows { row.apply(to: &self) }
    (nextAccount, nextStream) = (change.nextAccount, change.nextStream)
    version += 1
    for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return true
  }
}
