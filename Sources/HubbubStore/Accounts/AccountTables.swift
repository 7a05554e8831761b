import HubbubBytes

/// All kinds of rows of `accounts.db` that are in memory too. A kind's place here is its number
/// wherever nodes of a network tell each other of it: new ones come at the end.
enum AccountTables {
  static let all: [any StoredRow.Type] = [
    Account.self, Device.self, AccountCertificate.self, OwnedNickname.self, Conversation.self,
    RegisteredRoom.self, RoomAccess.self, RoomVisibility.self, RoomVisit.self, ReadMarker.self,
    MetadataEntry.self, StayingPerson.self,
  ]

  static func number(of kind: any StoredRow.Type) -> UInt8 {
    guard let number = all.firstIndex(where: { $0 == kind }) else {
      preconditionFailure("A kind of row is not among the tables.")
    }
    return UInt8(number)
  }

  static func table(_ number: UInt8) throws(ByteReader.Malformed) -> any StoredRow.Type {
    guard Int(number) < all.count else { throw ByteReader.Malformed("a table is unknown") }
    return all[Int(number)]
  }
}

extension StoredRow {
  /// A change as `RowChange.write(to:)` has it, without what says its kind and table.
  static func put(_ values: [Value]) throws(ByteReader.Malformed) -> any RowChange {
    guard values.count == columns.count, let row = Self(Row(values)) else {
      throw ByteReader.Malformed("a row of \(table) cannot be understood")
    }
    return Put(row)
  }

  static func remove(_ values: [Value]) throws(ByteReader.Malformed) -> any RowChange {
    guard values.count == keyColumns.count, let key = key(Row(values)) else {
      throw ByteReader.Malformed("a key of \(table) cannot be understood")
    }
    return Remove(Self.self, key)
  }

  /// All rows, in no order.
  static func all(in book: AccountBook) -> [[Value]] {
    book[keyPath: place].values.map(\.values)
  }

  /// What makes one book's rows another's.
  static func differences(from old: AccountBook, to new: AccountBook) -> [any RowChange] {
    let (before, after) = (old[keyPath: place], new[keyPath: place])
    var changes: [any RowChange] = before.keys.filter { after[$0] == nil }.map {
      Remove(Self.self, $0)
    }
    for (key, row) in after where before[key]?.values != row.values {
      // What two rows may not have alike may have gone from one to the other.
      if before[key] != nil { changes.append(Remove(Self.self, key)) }
      changes.append(Put(row))
    }
    return changes
  }
}
