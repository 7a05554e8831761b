import HubbubRooms
import HubbubStore
import IRCWire

/// The accounts of a server that does not run, for whoever keeps it. One thread; all of it waits
/// for the disk.
public final class AccountAdministration {
  /// Why something was not done. People read `description`.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// What is shown of an account.
  public struct Entry: Encodable, Sendable {
    public let name: String
    public let registered: String
    public let seen: String
    public let nicknames: [String]
    public let devices: [String]
    public let rooms: [String]
    public let suspended: Bool
  }

  /// A line of the audit log.
  public struct LogLine: Encodable, Sendable {
    public let time: String
    public let actor: String
    public let action: String
    public let subject: String
    public let detail: String
  }

  let store: AccountStore
  private let settings: AccountSettings

  /// Held for as long as the file is open.
  private let lock: StateLock

  /// Whether it is a copy of what a network has.
  private let isCopy: Bool

  static let actor = "hubbub accounts"

  /// Opens the file that a server with these settings would have, or makes it.
  public init(_ settings: ServerSettings) throws(Failure) {
    guard let folder = settings.configuration.state else {
      throw Failure(description: "There is no folder of accounts: name one with --state")
    }
    self.settings = settings.configuration.accounts
    isCopy = !settings.configuration.cluster.engine.isEmpty
    do throws(StateFailure) {
      (store, lock) = try AccountFile(folder: folder).open()
    } catch {
      throw Failure(description: "\(error)")
    }
  }

  /// Ends it. Once.
  public func close() {
    store.close()
    lock.release()
  }

  // MARK: What there is

  public func list() -> [Entry] { store.read { book in book.everyAccount.map { entry($0, book) } } }

  public func entry(of name: String) throws(Failure) -> Entry {
    let account = try account(name)
    return store.read { entry(account, $0) }
  }

  private func entry(_ account: Account, _ book: AccountBook) -> Entry {
    Entry(
      name: account.name, registered: "\(Timestamp(milliseconds: account.created))",
      seen: "\(Timestamp(milliseconds: account.seen))", nicknames: book.nicknames(of: account.id),
      devices: book.devices(of: account.id).map(\.name),
      rooms: book.rooms(foundedBy: account.id).map(\.name),
      suspended: account.flags.contains(.suspended))
  }

  /// The last lines of the audit log, the newest first.
  public func log(_ count: Int) throws(Failure) -> [LogLine] {
    try tried { () throws(AccountError) in try store.audit(count) }.map {
      LogLine(
        time: "\(Timestamp(milliseconds: $0.time))", actor: $0.actor, action: $0.action,
        subject: $0.subject, detail: $0.detail)
    }
  }

  // MARK: What can be done

  /// What changes here a network does not learn of.
  func checkWhose() throws(Failure) {
    guard isCopy else { return }
    throw Failure(
      description:
        "These accounts are a network's: an operator changes them with ACCOUNT at a node "
        + "that runs, and so does the API")
  }

  /// - Returns: the recovery code.
  public func add(_ name: String, password: String) throws(Failure) -> String {
    try checkWhose()
    guard Names.isNickname(name, limit: Limits().nicknameBytes), !Session.isGuestName(name) else {
      throw Failure(description: "'\(name)' is no nickname")
    }
    let bytes = password.utf8.count
    guard (settings.leastPasswordBytes...AccountSettings.maxPasswordBytes).contains(bytes)
    else {
      throw Failure(
        description: "A password has \(settings.leastPasswordBytes) to "
          + "\(AccountSettings.maxPasswordBytes) bytes")
    }
    let hash: String
    do { hash = try PasswordHash.make(password) } catch {
      throw Failure(description: "This password cannot be hashed: \(error.reason)")
    }
    let stored = StoredPassword(
      hash: hash, scram: settings.keepsScramKeys ? ScramKeys(of: password) : nil)
    return try tried { () throws(AccountError) in
      try store.register(name, stored, actor: Self.actor).1.description
    }
  }

  /// - Returns: a code that sets a password, for a day.
  public func reset(_ name: String) throws(Failure) -> String {
    try checkWhose()
    let account = try account(name)
    return try tried { () throws(AccountError) in
      try store.makeResetCode(for: account.id, actor: Self.actor).description
    }
  }

  public func suspend(_ name: String, _ isSuspended: Bool) throws(Failure) {
    try checkWhose()
    let account = try account(name)
    try tried { () throws(AccountError) in
      try store.setFlags(of: account.id, .suspended, isSuspended, actor: Self.actor)
    }
  }

  public func erase(_ name: String) throws(Failure) {
    try checkWhose()
    let account = try account(name)
    let rooms = store.read { $0.rooms(foundedBy: account.id).map(\.name) }
    guard rooms.isEmpty else {
      throw Failure(
        description: "\(account.name) is the founder of \(rooms.joined(separator: ", ")): "
          + "hand them over first")
    }
    try tried { () throws(AccountError) in try store.erase(account.id, actor: Self.actor) }
  }

  /// Lets the name of an erased account be given again.
  public func free(_ name: String) throws(Failure) {
    try checkWhose()
    try tried { () throws(AccountError) in try store.free(name, actor: Self.actor) }
  }

  private func account(_ name: String) throws(Failure) -> Account {
    let found = store.read { $0.account(named: name) }
    guard let found, !found.flags.contains(.erased) else {
      throw Failure(description: "There is no account called '\(name)'")
    }
    return found
  }

  private func tried<Result>(
    _ body: () throws(AccountError) -> Result
  ) throws(Failure) -> Result {
    do throws(AccountError) { return try body() } catch {
      throw Failure(description: error.answer.text)
    }
  }
}
