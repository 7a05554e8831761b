import IRCWire

/// How somebody proves who they are, as it is kept: computed by the caller, since it takes time.
public struct StoredPassword: Sendable, Equatable {
  /// As crypt(5) has it.
  public var hash: String

  /// nil: no SCRAM for this account.
  public var scram: ScramKeys?

  public init(hash: String, scram: ScramKeys?) { (self.hash, self.scram) = (hash, scram) }
}

extension AccountStore {
  /// Makes an account. The caller has looked at name and password.
  ///
  /// - Returns: it, and the recovery code, which is shown once and kept nowhere.
  public func register(
    _ name: String, _ password: StoredPassword, actor: String
  ) throws(AccountError) -> (Account, SecretCode) {
    let code = SecretCode()
    let account = try change { draft throws(AccountError) in
      guard draft.book.account(named: name) == nil else { throw .exists }
      guard draft.book.owner(ofNickname: name) == nil else { throw .nicknameTaken }
      var account = Account(id: draft.makeAccountNumber(), name: name, now: draft.now)
      account.password = password.hash
      account.scram = password.scram
      account.recovery = code.hash
      draft.put(account)
      draft.audit(actor, "register", name)
      return account
    }
    return (account, code)
  }

  /// Makes an account of another server's.
  ///
  /// - Parameters:
  ///   - hash: of its password; nil: a code of an operator's sets one.
  ///   - created: when it was registered there, in milliseconds since 1970.
  public func importAccount(
    _ name: String, hash: String?, created: Int64?, actor: String
  ) throws(AccountError) -> Account {
    try change { draft throws(AccountError) in
      guard draft.book.account(named: name) == nil else { throw .exists }
      guard draft.book.owner(ofNickname: name) == nil else { throw .nicknameTaken }
      var account = Account(id: draft.makeAccountNumber(), name: name, now: draft.now)
      account.password = hash
      account.created = created ?? draft.now
      draft.put(account)
      draft.audit(actor, "import", name)
      return account
    }
  }

  public func setPassword(
    of account: Int64, _ password: StoredPassword, actor: String
  ) throws(AccountError) {
    try alter(account, actor, "password") { account, _ in
      account.password = password.hash
      account.scram = password.scram
    }
  }

  /// A recovery code in the place of the one before.
  public func renewRecoveryCode(of account: Int64, actor: String) throws(AccountError)
    -> SecretCode
  {
    let code = SecretCode()
    try alter(account, actor, "recovery-code") { account, _ in account.recovery = code.hash }
    return code
  }

  /// A code of an operator's, which is good for a day.
  public func makeResetCode(for account: Int64, actor: String) throws(AccountError) -> SecretCode {
    let code = SecretCode()
    try alter(account, actor, "reset") { account, now in
      account.reset = code.hash
      account.resetUntil = now + 86_400_000
    }
    return code
  }

  /// Whether a code leads to an account. Cheap, so that a password is hashed only where it does.
  public func isRecovery(_ code: String, of account: Account, now: Int64) -> Bool {
    if SecretCode.matches(code, account.recovery) { return true }
    return now <= account.resetUntil ?? .min && SecretCode.matches(code, account.reset)
  }

  /// Sets a password by a code, which is spent with it.
  ///
  /// - Returns: the next recovery code.
  public func recover(
    _ account: Int64, code: String, _ password: StoredPassword
  ) throws(AccountError) -> SecretCode {
    let next = SecretCode()
    try change { [self] draft throws(AccountError) in
      var account = try draft.account(account)
      guard !account.flags.contains(.suspended) else { throw .suspended }
      guard isRecovery(code, of: account, now: draft.now) else { throw .wrongCode }
      account.password = password.hash
      account.scram = password.scram
      (account.recovery, account.reset, account.resetUntil) = (next.hash, nil, nil)
      draft.put(account)
      draft.audit(account.name, "recover", account.name)
    }
    return next
  }

  /// Sets and clears flags.
  public func setFlags(
    of account: Int64, _ flags: Account.Flags, _ isSet: Bool, actor: String
  ) throws(AccountError) {
    try alter(account, actor, isSet ? "set" : "unset", "\(flags.rawValue)") { account, _ in
      if isSet { account.flags.formUnion(flags) } else { account.flags.subtract(flags) }
    }
  }

  /// When somebody was there last.
  public func noteSeen(_ account: Int64, device: String = "") throws(AccountError) {
    try noteSeen([account: [device]])
  }

  /// The same of several devices, by their accounts. Accounts that are gone are passed over.
  public func noteSeen(_ devices: [Int64: Set<String>]) throws(AccountError) {
    try change { draft throws(AccountError) in
      for (account, devices) in devices.sorted(by: { $0.key < $1.key }) {
        guard var account = draft.book.account(account), !account.flags.contains(.erased) else {
          continue
        }
        account.seen = draft.now
        draft.put(account)
        for device in devices.sorted() {
          guard var known = draft.book.devices[Device.Key(account.id, device)] else { continue }
          known.seen = draft.now
          draft.put(known)
        }
      }
    }
  }

  /// Gives an account another name; the old one is free afterwards.
  public func rename(_ account: Int64, _ name: String, actor: String) throws(AccountError) {
    try change { draft throws(AccountError) in
      var account = try draft.account(account)
      if let other = draft.book.account(named: name), other.id != account.id { throw .exists }
      if let owner = draft.book.owner(ofNickname: name), owner.id != account.id {
        throw .nicknameTaken
      }
      draft.audit(actor, "rename", account.name, name)
      draft.remove(OwnedNickname.self, FoldedName(name))
      account.name = name
      draft.put(account)
    }
  }

  /// Erases an account: nothing of it stays but the name, so that nobody takes it for the same
  /// person. What it said is `HistoryWriter.erase`'s; `messagesToErase` says that it is to be done.
  ///
  /// - Throws: `.notAllowed` while it is the founder of rooms.
  public func erase(_ account: Int64, actor: String) throws(AccountError) {
    try change { draft throws(AccountError) in
      let old = try draft.account(account)
      let book = draft.book
      guard book.rooms(foundedBy: account).isEmpty else { throw .notAllowed }
      var account = Account(id: old.id, name: old.name, now: old.created)
      account.flags = [.erased, .messagesToErase]
      draft.put(account)
      for row in book.devices(of: old.id) { draft.remove(Device.self, row.key) }
      for row in book.certificates(of: old.id) { draft.remove(AccountCertificate.self, row.key) }
      for name in book.nicknames(of: old.id) {
        draft.remove(OwnedNickname.self, FoldedName(name))
      }
      for row in book.markers.values where row.key.account == old.id {
        draft.remove(ReadMarker.self, row.key)
      }
      draft.remove(StayingPerson.self, old.id)
      let subject = MetadataEntry.Key.subject(ofAccount: old.id)
      for key in book.metadata(of: subject).keys {
        draft.remove(MetadataEntry.self, .init(subject, key))
      }
      for row in book.visits.values where row.key.account == old.id {
        draft.remove(RoomVisit.self, row.key)
      }
      for row in book.access.values where row.key.account == old.id {
        draft.remove(RoomAccess.self, row.key)
      }
      draft.audit(actor, "erase", old.name)
    }
  }

  /// What an erased account said is deleted.
  public func noteMessagesErased(_ account: Int64) throws(AccountError) {
    try change { draft throws(AccountError) in
      guard var account = draft.book.account(account) else { throw .noSuchAccount }
      if account.name == account.nameOnceFree { return draft.remove(Account.self, account.id) }
      account.flags.remove(.messagesToErase)
      draft.put(account)
    }
  }

  /// Lets the name of an erased account be given again. As long as what it said is to be deleted,
  /// its number is kept, under a name that nobody can have.
  public func free(_ name: String, actor: String) throws(AccountError) {
    try change { draft throws(AccountError) in
      guard let account = draft.book.account(named: name), account.flags.contains(.erased)
      else { throw .noSuchAccount }
      if account.flags.contains(.messagesToErase) {
        var nameless = account
        nameless.name = account.nameOnceFree
        draft.put(nameless)
      } else {
        draft.remove(Account.self, account.id)
      }
      draft.audit(actor, "free", name)
    }
  }

  func alter(
    _ account: Int64, _ actor: String, _ action: String, _ detail: String = "",
    _ body: @escaping @Sendable (inout Account, _ now: Int64) -> Void
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      var account = try draft.account(account)
      body(&account, draft.now)
      draft.put(account)
      draft.audit(actor, action, account.name, detail)
    }
  }

  // MARK: Ways in

  /// Adds a device with a password of its own, or changes that.
  ///
  /// - Parameters:
  ///   - code: the password.
  ///   - scram: its keys; nil: no SCRAM for this device.
  /// - Returns: the password.
  @discardableResult
  public func addDevice(
    _ name: String, to account: Int64, code: SecretCode = SecretCode(), scram: ScramKeys? = nil,
    actor: String
  ) throws(AccountError) -> SecretCode {
    let limit = limits.devices
    try change { draft throws(AccountError) in
      let owner = try draft.account(account)
      let isNew = draft.book.devices[Device.Key(account, name)] == nil
      guard !isNew || draft.book.devices(of: account).count < limit else { throw .limit(limit) }
      draft.put(
        Device(
          account: account, name: name, secret: code.hash + (scram?.stored ?? []),
          seen: draft.now))
      draft.audit(actor, "device-add", owner.name, name)
    }
    return code
  }

  public func removeDevice(
    _ name: String, from account: Int64, actor: String
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      let owner = try draft.account(account)
      guard let device = draft.book.devices[Device.Key(account, name)] else { throw .noSuchEntry }
      draft.remove(Device.self, device.key)
      draft.audit(actor, "device-remove", owner.name, name)
    }
  }

  public func addCertificate(
    _ fingerprint: [UInt8], _ name: String, to account: Int64, actor: String
  ) throws(AccountError) {
    let limit = limits.certificates
    try change { draft throws(AccountError) in
      let owner = try draft.account(account)
      if let known = draft.book.certificate(fingerprint), known.account != account {
        throw .exists
      }
      guard draft.book.certificates(of: account).count < limit else { throw .limit(limit) }
      draft.put(AccountCertificate(fingerprint: fingerprint, account: account, name: name))
      draft.audit(actor, "certificate-add", owner.name, name)
    }
  }

  public func removeCertificate(
    _ fingerprint: [UInt8], from account: Int64, actor: String
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      let owner = try draft.account(account)
      guard let known = draft.book.certificate(fingerprint), known.account == account
      else { throw .noSuchEntry }
      draft.remove(AccountCertificate.self, fingerprint)
      draft.audit(actor, "certificate-remove", owner.name, known.name)
    }
  }

  public func addNickname(
    _ name: String, to account: Int64, actor: String
  ) throws(AccountError) {
    let limit = limits.nicknames
    try change { draft throws(AccountError) in
      let owner = try draft.account(account)
      if let other = draft.book.owner(ofNickname: name) {
        guard other.id == account else { throw .nicknameTaken }
        return
      }
      // The name of an account that is gone is nobody's.
      guard draft.book.account(named: name) == nil else { throw .exists }
      guard draft.book.nicknames(of: account).count < limit else { throw .limit(limit) }
      draft.put(OwnedNickname(name: name, account: account))
      draft.audit(actor, "nickname-add", owner.name, name)
    }
  }

  public func removeNickname(
    _ name: String, from account: Int64, actor: String
  ) throws(AccountError) {
    try change { draft throws(AccountError) in
      let owner = try draft.account(account)
      guard draft.book.nicknames[FoldedName(name)]?.account == account
      else { throw .noSuchEntry }
      draft.remove(OwnedNickname.self, FoldedName(name))
      draft.audit(actor, "nickname-remove", owner.name, name)
    }
  }
}

extension Account {
  /// What it is called when its name is another's, and what it said is still to be deleted.
  fileprivate var nameOnceFree: String { "~\(id)" }
}
