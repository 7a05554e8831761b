import HubbubRooms
import HubbubStore
import HubbubThreads
import IRCWire

/// The accounts of a server: what is kept of them, who is logged in, and who may try how often. Any
/// thread, under no lock but the leaves of its own.
final class AccountService: Sendable {
  let store: AccountStore

  /// Held for as long as the file is open.
  private let fileLock: StateLock

  /// What passwords are compared with that come with a name that no account has.
  let decoyHash: String

  /// Guards the wrong passwords of each account. Nothing else is locked under it.
  private let tries = Monitor(AccountTries())

  /// Guards how many were registered. Nothing else is locked under it.
  private let quota = Monitor(RegistrationQuota())

  /// Guards who is logged in. Nothing else is locked under it.
  private let logins = Monitor<[MemberID: AccountLogin]>([:])

  /// Waits for the disk, and for a hash.
  init(_ file: AccountFile, _ configuration: AccountStore.Configuration = .init()) throws {
    // Nobody knows the password.
    decoyHash = try PasswordHash.make(SecretCode().description)
    (store, fileLock) = try file.open(configuration)
  }

  /// Ends the store's thread. The server's owner, once.
  func close(patience: Duration) {
    // In a network the file is behind what holds; where it stays so, the next start finds out.
    try? store.writeBehind()
    store.close(patience: patience)
    fileLock.release()
  }

  // MARK: Looking up

  /// An account that is not gone.
  func account(named name: String) -> Account? {
    store.read { $0.account(named: name) }.flatMap { $0.flags.contains(.erased) ? nil : $0 }
  }

  func account(_ id: Int64) -> Account? {
    store.read { $0.account(id) }.flatMap { $0.flags.contains(.erased) ? nil : $0 }
  }

  /// Whose a nickname is; nil for one that is free.
  func owner(ofNickname name: String) -> Account? { store.read { $0.owner(ofNickname: name) } }

  // MARK: Wrong passwords

  func mayTry(_ name: String, from address: String, _ settings: AccountSettings) -> Bool {
    tries.withLock {
      $0.mayTry(
        FoldedName(name), from: PasswordTurns.subscriber(address),
        limit: settings.wrongPasswordsPerHour, now: Moment.now)
    }
  }

  func countWrong(_ name: String, _ settings: AccountSettings) {
    tries.withLock {
      $0.countWrong(FoldedName(name), limit: settings.wrongPasswordsPerHour, now: Moment.now)
    }
  }

  /// - Returns: how many wrong ones had come since the last right one.
  func countRight(_ name: String, from address: String) -> Int {
    tries.withLock { $0.countRight(FoldedName(name), from: PasswordTurns.subscriber(address)) }
  }

  // MARK: Registering

  /// Counts an account that is about to be made.
  ///
  /// - Returns: when, for `giveBack`; nil where it is one too many.
  func takeQuota(from address: String?, _ settings: AccountSettings) -> Int64? {
    let now = Moment.now
    return quota.withLock { $0.take(from: address, settings, now: now) } ? now : nil
  }

  func giveBackQuota(_ address: String?, at time: Int64) {
    quota.withLock { $0.giveBack(address, at: time) }
  }

  // MARK: Who is logged in

  func note(_ login: AccountLogin?, of session: MemberID) {
    logins.withLock { $0[session] = login }
  }

  /// The connections of an account, the oldest first.
  func sessions(of account: Int64) -> [(session: MemberID, login: AccountLogin)] {
    logins.withLock { logins in
      logins.filter { $0.value.account == account }.map { ($0.key, $0.value) }
    }.sorted { $0.session < $1.session }
  }

  /// The rooms in which an account has a standing. Any thread.
  func standings(of account: Int64) -> [(room: String, standing: RoomAccess.Standing)] {
    store.read { book in
      book.everyRoom.compactMap { room in
        book.standing(of: account, in: room.stream).map { (room.name, $0) }
      }
    }
  }
}
