import HubbubStore
import IRCWire

/// What somebody does with its own account.
let ownAccountCommands: [String: AccountCommand] = [
  "INFO": AccountCommand(.everybody, usage: "[<account>]") { $0.accountInfo($1.first, $2) },
  "PASSWORD": AccountCommand(.ownerItself, parameters: 1, usage: "<new password> [keep]") {
    $0.changePassword($1[0], keepsOthers: $1.dropFirst().first?.lowercased() == "keep", $2)
  },
  "RECOVER": AccountCommand(
    .everybody, parameters: 3, usage: "<account> <code> <new password>"
  ) { $0.recover($1[0], $1[1], $1[2], $2) },
  "RECOVERY": AccountCommand(.ownerItself) { session, _, voice in
    session.renewRecoveryCode(voice)
  },
  "DEVICE": AccountCommand(.owner, parameters: 1, usage: "ADD <device> | DEL <device> | LIST") {
    $0.device($1, $2)
  },
  "CERT": AccountCommand(
    .owner, parameters: 1, usage: "ADD [<fingerprint>] | DEL <fingerprint> | LIST"
  ) { $0.certificate($1, $2) },
  "NICK": AccountCommand(.owner, parameters: 1, usage: "ADD [<nickname>] | DEL <nickname> | LIST") {
    $0.ownNickname($1, $2)
  },
  "SESSIONS": AccountCommand(.owner) { session, _, voice in session.listSessions(voice) },
  "LOGOUT": AccountCommand(.owner, usage: "[<number> | others]") {
    $0.endSessions($1.first, $2)
  },
  "SET": AccountCommand(
    .ownerItself, parameters: 2, usage: "stay | keep-direct | replay | multiclient  on | off"
  ) { $0.setAccount($1[0], $1[1], $2) },
  "ERASE": AccountCommand(.ownerItself, parameters: 1, usage: "<password>") {
    $0.eraseOwn(password: $1[0], $2)
  },
]

extension Session {
  // MARK: INFO

  /// `INFO [<account>]`: of others, operators of the server alone see more than that they are
  /// there.
  fileprivate func accountInfo(_ name: String?, _ voice: AccountVoice) {
    guard let name = name ?? login?.name else {
      return fail(voice, "ACCOUNT_REQUIRED", ["INFO"], "Log in, or name an account")
    }
    guard let account = knownAccount(name, voice) else { return }
    let isMine = account.id == login?.account
    tell(
      voice, "INFO", [account.name, "registered", "\(account.created)"],
      "\(account.name) was registered at \(Timestamp(milliseconds: account.created))")
    guard isMine || isOperator else { return }
    if !isMine { audit("ACCOUNT", ["account": "\(account.name)", "result": "shown"]) }
    let book = hub.accounts!.store.read { $0 }
    let facts: [(String, [String])] = [
      ("nicknames", book.nicknames(of: account.id)),
      ("devices", book.devices(of: account.id).map(\.name)),
      ("certificates", book.certificates(of: account.id).map { Self.hexadecimal($0.fingerprint) }),
      ("rooms", book.rooms(foundedBy: account.id).map(\.name)),
      ("settings", account.flags.words),
    ]
    for (label, words) in facts where !words.isEmpty {
      tell(
        voice, "INFO", [account.name, label, words.joined(separator: ",")],
        "\(account.name): \(label) \(words.joined(separator: ", "))")
    }
    tell(
      voice, "INFO", [account.name, "seen", "\(account.seen)"],
      "\(account.name) was seen at \(Timestamp(milliseconds: account.seen))")
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count < 2 ? "0\(digits)" : digits
    }.joined()
  }

  // MARK: Passwords

  /// `PASSWORD <new password> [keep]`: the account's other sessions end, unless told not to.
  func changePassword(_ password: String, keepsOthers: Bool, _ voice: AccountVoice) {
    guard let login else { return }
    if let fault = passwordFault(password, login.name) {
      return fail(voice, fault.code, [login.name], fault.text)
    }
    attempt(voice, [login.name]) { () throws(AccountError) in
      guard let stored = hash(password) else { throw .late }
      try hub.accounts?.store.setPassword(of: login.account, stored, actor: login.name)
      tell(voice, "PASSWORD_CHANGED", [login.name], "The password is changed")
      if !keepsOthers { endOthers(of: login.account, "The password of its account was changed") }
    }
  }

  /// `RECOVER <account> <code> <new password>`, with the recovery code or an operator's.
  fileprivate func recover(
    _ name: String, _ code: String, _ password: String, _ voice: AccountVoice
  ) {
    if let fault = passwordFault(password, name) {
      return fail(voice, fault.code, [name], fault.text)
    }
    guard let accounts = hub.accounts else { return }
    let account = accounts.account(named: name)
    let now = Timestamp.now.milliseconds
    let verdict = judge {
      account.map { accounts.store.isRecovery(code, of: $0, now: now) } ?? false
    }
    guard verdict == .right, let account else {
      guard verdict != nil else { return }
      accounts.countWrong(name, hub.configuration.accounts)
      let answer = AccountError.wrongCode.answer
      fail(voice, answer.code, [name], answer.text)
      return endAfterWrongPasswords()
    }
    attempt(voice, [name]) { () throws(AccountError) in
      guard let stored = hash(password) else { throw .late }
      let next = try accounts.store.recover(account.id, code: code, stored)
      hub.logger.notice("account recovered", metadata: ["account": "\(name)", "by": "\(source)"])
      endOthers(of: account.id, "The password of its account was changed")
      _ = logIn(to: account, by: "RECOVER")
      tell(
        voice, "RECOVERY_CODE", [next.description], Self.adviceOnRecovery(account.name, next))
    }
  }

  /// `RECOVERY`: another code in the place of the one before.
  fileprivate func renewRecoveryCode(_ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else { return }
    attempt(voice, [login.name]) { () throws(AccountError) in
      let code = try accounts.store.renewRecoveryCode(of: login.account, actor: login.name)
      tell(
        voice, "RECOVERY_CODE", [code.description], Self.adviceOnRecovery(login.name, code))
    }
  }

  // MARK: Sessions

  /// `SESSIONS`
  fileprivate func listSessions(_ voice: AccountVoice) {
    guard let login else { return }
    for entry in hub.logins(of: login.account) {
      let (id, other, nick) = (entry.session, entry.login, entry.nickname ?? "*")
      let device = other.device.isEmpty ? "*" : other.device
      let own = id == client.id ? ", this one" : ""
      tell(
        voice, "SESSION", ["\(id)", nick, device, other.way, "\(other.since.milliseconds)"],
        "\(id): \(nick) on \(device) from \(other.address) since \(other.since), by "
          + "\(other.way)\(own)"
      )
    }
  }

  /// `LOGOUT [<number> | others]`
  func endSessions(_ which: String?, _ voice: AccountVoice) {
    guard let login else { return }
    switch which?.lowercased() {
    case nil: logOut()
    case "others":
      let count = endOthers(of: login.account, "Logged out by its account")
      tell(voice, "LOGGED_OUT", ["\(count)"], "Other sessions that were ended: \(count)")
    case let number?:
      let found = hub.logins(of: login.account).first { "\($0.session)" == number }
      guard let found else {
        let answer = AccountError.noSuchEntry.answer
        return fail(voice, answer.code, [number], answer.text)
      }
      guard found.session != client.id else { return logOut() }
      hub.end([found.session], because: "Logged out by its account")
      tell(voice, "LOGGED_OUT", [number], "The session \(number) was ended")
    }
  }

  /// Ends the account's other sessions.
  ///
  /// - Returns: how many there were.
  @discardableResult
  func endOthers(of account: Int64, _ reason: String) -> Int {
    hub.endConnections(of: account, except: client.id, because: reason)
  }

  // MARK: SET and ERASE

  /// `SET stay|keep-direct|replay|multiclient on|off`
  fileprivate func setAccount(_ name: String, _ value: String, _ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else { return }
    let isOn = ["on", "true"].contains(value.lowercased())
    guard isOn || ["off", "false"].contains(value.lowercased()) else {
      return fail(voice, "INVALID_VALUE", [name, value], "It is on or off")
    }
    let change: (Account.Flags, Bool)? =
      switch name.lowercased() {
      // As Ergo's NickServ calls it.
      case "stay", "always-on": (.stays, isOn)
      case "multiclient": (.keepsDevicesApart, !isOn)
      case "keep-direct": (.keepsNoDirectMessages, !isOn)
      case "replay": (.replaysNothing, !isOn)
      default: nil
      }
    guard let (flag, isSet) = change else {
      return fail(
        voice, "UNKNOWN_SETTING", [name], "There are stay, keep-direct, replay and multiclient")
    }
    attempt(voice, [name]) { () throws(AccountError) in
      try accounts.store.setFlags(of: login.account, flag, isSet, actor: login.name)
      tell(
        voice, "SET", [name.lowercased(), isOn ? "on" : "off"],
        "\(name) is \(isOn ? "on" : "off") now")
      if flag == .stays { noteWhetherStaying(isOn, login) }
    }
  }

  private func noteWhetherStaying(_ isOn: Bool, _ login: AccountLogin) {
    if isOn {
      hub.noteStaying(member)
    } else {
      hub.accountChores.note(.nobody, stayingFor: login.account)
    }
  }

  /// `ERASE <password>`: nothing of the account is left but its name, which nobody gets.
  fileprivate func eraseOwn(password: String, _ voice: AccountVoice) {
    guard let login else { return }
    switch judge(SaslLogin(login.name), password) {
    case .right(let account, _, _): erase(account, by: login.name, voice)
    case .wrong, .suspended:
      fail(voice, "INVALID_PASSWORD", [login.name], "The password is wrong")
      endAfterWrongPasswords()
    case .tooOften(let text), .busy(let text):
      fail(voice, "TEMPORARILY_UNAVAILABLE", [login.name], text)
    case nil: break
    }
  }

  func erase(_ account: Account, by actor: String, _ voice: AccountVoice) {
    let standings = hub.accounts?.standings(of: account.id) ?? []
    do throws(AccountError) {
      try hub.accounts?.store.erase(account.id, actor: actor)
    } catch {
      guard error == .notAllowed else {
        return fail(voice, error.answer.code, [account.name], error.answer.text)
      }
      return fail(
        voice, "NOT_ALLOWED", [account.name],
        "Hand its rooms over or drop them first (ROOM TRANSFER, ROOM DROP)")
    }
    giveStandings(standings, of: account.name, to: nil)
    hub.logger.notice(
      "account erased", metadata: ["account": "\(account.name)", "by": "\(source)"])
    endOthers(of: account.id, "Its account was erased")
    hub.endStay(of: account, isNameFree: true, because: "Its account was erased")
    if login?.account == account.id { logOut() }
    hub.accountChores.noteErasure()
    tell(voice, "ERASED", [account.name], "The account \(account.name) is erased")
  }
}

extension Account.Flags {
  /// What is set, for people.
  var words: [String] {
    let all: [(Account.Flags, String)] = [
      (.suspended, "suspended"), (.stays, "stays"), (.keepsNoDirectMessages, "keep-direct off"),
      (.replaysNothing, "replay off"),
      (.keepsDevicesApart, "multiclient off"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
