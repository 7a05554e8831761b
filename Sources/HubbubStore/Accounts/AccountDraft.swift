/// What is to be changed, all of it or nothing. A value of whoever decides.
struct AccountDraft {
  /// As it is without the changes.
  let book: AccountBook
  let now: Int64
  private(set) var changes: [any RowChange] = []
  private(set) var nextAccount: Int64
  private(set) var nextStream: Int64

  init(_ book: AccountBook, now: Int64) {
    (self.book, self.now) = (book, now)
    (nextAccount, nextStream) = (book.nextAccount, book.nextStream)
  }

  /// Whether nothing is to be changed.
  var isNothing: Bool {
    changes.isEmpty && (nextAccount, nextStream) == (book.nextAccount, book.nextStream)
  }

  mutating func put(_ row: some StoredRow) { changes.append(Put(row)) }

  mutating func remove<Row: StoredRow>(_ type: Row.Type, _ key: Row.Key) {
    changes.append(Remove(type, key))
  }

  mutating func audit(
    _ actor: String, _ action: String, _ subject: String, _ detail: String = ""
  ) {
    changes.append(
      AuditEntry(time: now, actor: actor, action: action, subject: subject, detail: detail))
  }

  /// A number for an account, never given before.
  mutating func makeAccountNumber() -> Int64 {
    defer { nextAccount += 1 }
    return nextAccount
  }

  /// A number for a room or a conversation, never given before.
  mutating func makeStream() -> StreamID {
    defer { nextStream += 1 }
    return StreamID(rawValue: nextStream)
  }

  /// An account that is not gone.
  func account(_ id: Int64) throws(AccountError) -> Account {
    guard let account = book.account(id), !account.flags.contains(.erased)
    else { throw .noSuchAccount }
    return account
  }

  func room(_ stream: StreamID) throws(AccountError) -> RegisteredRoom {
    guard let room = book.room(stream) else { throw .noSuchRoom }
    return room
  }
}
