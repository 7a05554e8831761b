import HubbubRooms
import HubbubStore
import IRCWire
import Logging

/// What a try to log in has come to.
enum LoginVerdict {
  /// - isOfDevice: whether it was a device's own password.
  case right(Account, device: String, isOfDevice: Bool = false)
  case wrong

  /// It was right, and nobody may log in to it.
  case suspended

  /// It was not looked at, with words for people.
  case tooOften(String)
  case busy(String)
}

// Whose account somebody has, and being logged in to it.

extension Session {
  static let busyText = "The server is busy: try again later"

  /// Words where no password for that name is looked at now; nil where it is.
  func refusalOfTry(for name: String) -> String? {
    guard let accounts = hub.accounts,
      !accounts.mayTry(name, from: client.address, hub.configuration.accounts)
    else { return nil }
    return "Too many wrong passwords for this account: try again in a minute"
  }

  /// Judges a name and a password. May wait, for this client alone.
  ///
  /// A name that no account has takes as long and is answered in the same way.
  /// - Returns: nil if the connection ended meanwhile.
  func judge(_ login: SaslLogin, _ password: String) -> LoginVerdict? {
    guard let accounts = hub.accounts else { return .wrong }
    let account = accounts.account(named: login.account)
    // Before the limit: nobody guesses 128 bits, and whoever tries keeps no owner out.
    if let account,
      accounts.store.read({ $0.device(account.id, login.device, password: password) }) != nil
    {
      return verdict(on: account, login.device, isOfDevice: true)
    }
    if let text = refusalOfTry(for: login.account) { return .tooOften(text) }
    let verdict = judge(
      password, account?.password ?? accounts.decoyHash, among: [accounts.decoyHash],
      isKnown: account?.password != nil)
    switch verdict {
    case .right: return self.verdict(on: account, login.device)
    case .wrong:
      accounts.countWrong(login.account, hub.configuration.accounts)
      return .wrong
    case .busy: return .busy(Self.busyText)
    case nil: return nil
    }
  }

  /// Judges the client's certificate.
  func judge(_ identity: ExternalIdentity) -> LoginVerdict? {
    guard let accounts = hub.accounts, let fingerprint = certificateBytes,
      let known = accounts.store.read({ $0.certificate(fingerprint) }),
      let account = accounts.account(known.account)
    else { return .wrong }
    if let login = identity.login, FoldedName(login.account) != FoldedName(account.name) {
      return .wrong
    }
    return verdict(on: account, identity.login?.device ?? "")
  }

  /// The SHA-256 of the certificate that the client has shown; nil for none.
  var certificateBytes: [UInt8]? {
    memberSession.origin.certificateFingerprint.flatMap(Self.certificateBytes)
  }

  /// Reads 64 digits of hexadecimal, with colons or without.
  static func certificateBytes(_ text: String) -> [UInt8]? {
    let digits = text.filter { $0 != ":" }.compactMap(\.hexDigitValue)
    guard digits.count == 64, text.filter({ $0 != ":" }).count == 64 else { return nil }
    return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  func verdict(
    on account: Account?, _ device: String, isOfDevice: Bool = false
  ) -> LoginVerdict {
    // A device is told to others of the account: what comes in Base64 may hold any byte.
    guard let account, device.isEmpty || Self.isDeviceName(device) else { return .wrong }
    return account.isOpen
      ? .right(account, device: device, isOfDevice: isOfDevice) : .suspended
  }

  /// The client is now known to have this account: 900.
  ///
  /// - Returns: false where it is gone by now.
  func logIn(
    to account: Account, _ device: String = "", isOfDevice: Bool = false, by way: String
  ) -> Bool {
    guard let accounts = hub.accounts, let account = accounts.account(account.id), account.isOpen
    else { return false }
    let refusal = setLogin(
      AccountLogin(
        account: account.id, name: account.name, device: device, way: way,
        isByDevicePassword: isOfDevice, address: client.address, since: .now))
    if let refusal {
      notice(
        refusal == .isShared
          ? "Other connections are this person too: connect anew to be somebody else"
          : "\(account.name) has as many connections here as it may")
      return false
    }
    reply(
      .loggedIn, [source, account.name], trailing: "You are now logged in as \(account.name)")
    let wrong = accounts.countRight(account.name, from: client.address)
    if wrong > 0 {
      notice(
        "Wrong passwords for your account since the last login: \(wrong). If they were not yours, "
          + "somebody has tried to guess it.")
    }
    noteSeen(account, device)
    return true
  }

  /// 901. Of several connections of a person, the one that logs out is ended: it would be somebody
  /// else.
  func logOut() {
    guard login != nil else { return }
    guard setLogin(nil) == nil else { return refuse("Logged out") }
    reply(.loggedOut, [source], trailing: "You are now logged out")
  }

  /// - Returns: why the connection cannot be this account's.
  private func setLogin(_ login: AccountLogin?) -> Refusal? {
    let (former, formerLogin) = (member.profile, self.login)
    let outcome: Outcome
    do throws(Refusal) {
      let flags = login.flatMap { hub.accounts?.account($0.account)?.flags } ?? []
      outcome = try perform(
        .logIn(
          login?.name, isApart: flags.contains(.keepsDevicesApart), credential: login?.bytes))
    } catch { return error }
    if let formerLogin, formerLogin.account != login?.account { endStaying(formerLogin.account) }
    self.login = login
    hub.accounts?.note(login, of: client.id)
    hub.logger.info(
      login == nil ? "logged out" : "logged in",
      metadata: [
        "client": "\(client.id)", "nick": "\(nickname)", "account": "\(login?.name ?? "")",
        "by": "\(login?.way ?? "")",
      ])
    if case .attached(let attachment) = outcome.answer { move(attachment, from: former) }
    chargeAnnouncement(outcome)
    refreshAuthor(keepingLabel: true)
    return nil
  }

  /// When somebody was there is kept to the hour, so that a login waits for no disk as a rule.
  private func noteSeen(_ account: Account, _ device: String) {
    let known = hub.accounts?.store.read { book in
      book.devices(of: account.id).first { FoldedName($0.name) == FoldedName(device) }?.seen
    }
    let seen = (known ?? nil) ?? account.seen
    guard Timestamp.now.milliseconds - seen > 3_600_000 else { return }
    // Where other servers have a say, many who come at once would wait for each other.
    if hub.cluster != nil {
      return hub.accountChores.noteSeen(account.id, device)
    }
    // The login holds in any case.
    _ = try? hub.accounts?.store.noteSeen(account.id, device: device)
  }

  /// `PASS <account>:<password>`, for clients that know no SASL, where the server has no password
  /// of its own. A password that names no account is none, as ever.
  ///
  /// - Returns: whether the client may come in; if not, it was told why, and the session is over.
  func logInWithPass() -> Bool {
    guard hub.accounts != nil, login == nil, let password = registration.password,
      let colon = password.firstIndex(of: ":"), colon != password.startIndex
    else { return true }
    let login = SaslLogin(String(password[..<colon]))
    guard Names.isNickname(login.account, limit: hub.limits.nicknameBytes) else { return true }
    registration.password = nil
    switch judge(login, String(password[password.index(after: colon)...])) {
    case .right(let account, let device, let isOfDevice):
      return logIn(to: account, device, isOfDevice: isOfDevice, by: "PASS")
    case .wrong:
      reply(.passwordMismatch, trailing: "Password incorrect")
      refuse("Password incorrect")
    case .suspended:
      reply(.nicknameLocked, trailing: "This account is suspended: ask an operator of the server")
      refuse("This account is suspended")
    case .tooOften(let text), .busy(let text):
      reply(.passwordMismatch, trailing: text)
      refuse(text)
    case nil: break
    }
    return false
  }

  /// Whether a device can be called so: as a nickname, or with a digit first.
  static func isDeviceName(_ name: String) -> Bool {
    !name.isEmpty && Names.isNickname("x\(name)", limit: 33)
  }

  // MARK: Nicknames

  /// Whether the client may have a nickname: its owner alone may, where it has one.
  func mayHave(nickname wanted: String) -> Bool {
    guard let owner = hub.accounts?.owner(ofNickname: wanted) else { return true }
    return owner.id == login?.account
  }

  /// 433, with what to do: clients try another name by themselves.
  func replyNicknameOwned(_ wanted: String) {
    reply(
      .nicknameInUse, [safe(wanted)],
      trailing: "This nickname belongs to an account: log in to it (SASL, PASS account:password), "
        + "or take another")
  }
}
