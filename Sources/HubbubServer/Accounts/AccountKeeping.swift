import HubbubRooms
import HubbubStore
import IRCWire

/// What operators of the server do with accounts. All of it stands in the audit log.
let accountKeeping: [String: AccountCommand] = [
  "CREATE": AccountCommand(.operators, parameters: 2, usage: "<account> <password>") {
    $0.createAccount($1[0], $1[1], $2)
  },
  "RESET": AccountCommand(.operators, parameters: 1, usage: "<account>") {
    $0.resetAccount($1[0], $2)
  },
  "SUSPEND": AccountCommand(.operators, parameters: 1, usage: "<account> [off]") {
    $0.suspendAccount($1[0], $1.dropFirst().first?.lowercased() != "off", $2)
  },
  "RENAME": AccountCommand(.operators, parameters: 2, usage: "<account> <new name>") {
    $0.renameAccount($1[0], $1[1], $2)
  },
  "REMOVE": AccountCommand(.operators, parameters: 1, usage: "<account>") {
    session, parameters, voice in
    guard let account = session.knownAccount(parameters[0], voice) else { return }
    session.audit("ACCOUNT", ["account": "\(account.name)", "result": "erased"])
    session.erase(account, by: session.operatorActor, voice)
  },
  "FREE": AccountCommand(.operators, parameters: 1, usage: "<name of an erased account>") {
    $0.freeName($1[0], $2)
  },
]

extension Session {
  /// Who it is for the audit log of the accounts.
  var operatorActor: String { "oper:\(member.profile.operatorName ?? nickname)" }

  fileprivate func createAccount(_ name: String, _ password: String, _ voice: AccountVoice) {
    guard Names.isNickname(name, limit: hub.limits.nicknameBytes),
      !hub.configuration.reservedNicknames.contains(name), !Self.isGuestName(name)
    else { return fail(voice, "BAD_ACCOUNT_NAME", [name], "Nobody can have this name") }
    if let fault = passwordFault(password, name) {
      return fail(voice, fault.code, [name], fault.text)
    }
    attempt(voice, [name]) { () throws(AccountError) in
      guard let stored = hash(password) else { throw .late }
      guard let made = try hub.accounts?.store.register(name, stored, actor: operatorActor)
      else { return }
      audit("ACCOUNT", ["account": "\(name)", "result": "created"])
      tell(
        voice, "CREATED", [name, made.1.description],
        "The account \(name) is made; its recovery code is \(made.1)")
    }
  }

  fileprivate func resetAccount(_ name: String, _ voice: AccountVoice) {
    guard let account = knownAccount(name, voice) else { return }
    attempt(voice, [name]) { () throws(AccountError) in
      guard
        let code = try hub.accounts?.store.makeResetCode(
          for: account.id, actor: operatorActor)
      else { return }
      audit("ACCOUNT", ["account": "\(account.name)", "result": "reset"])
      tell(
        voice, "RESET_CODE", [account.name, code.description],
        "For a day, ACCOUNT RECOVER \(account.name) \(code) <new password> sets a password")
    }
  }

  fileprivate func suspendAccount(_ name: String, _ isOn: Bool, _ voice: AccountVoice) {
    guard let account = knownAccount(name, voice) else { return }
    attempt(voice, [name]) { () throws(AccountError) in
      try hub.accounts?.store.setFlags(
        of: account.id, .suspended, isOn, actor: operatorActor)
      audit("ACCOUNT", ["account": "\(account.name)", "result": isOn ? "suspended" : "open"])
      if isOn {
        endOthers(of: account.id, "Its account was suspended")
        hub.endStay(of: account, because: "Its account was suspended")
      }
      tell(
        voice, isOn ? "SUSPENDED" : "OPEN", [account.name],
        isOn ? "Nobody can log in to \(account.name)" : "\(account.name) is open again")
    }
  }

  fileprivate func renameAccount(_ name: String, _ other: String, _ voice: AccountVoice) {
    guard let account = knownAccount(name, voice) else { return }
    guard Names.isNickname(other, limit: hub.limits.nicknameBytes),
      !hub.configuration.reservedNicknames.contains(other), !Self.isGuestName(other)
    else { return fail(voice, "BAD_ACCOUNT_NAME", [other], "Nobody can have this name") }
    attempt(voice, [name]) { () throws(AccountError) in
      let standings = hub.accounts?.standings(of: account.id) ?? []
      try hub.accounts?.store.rename(account.id, other, actor: operatorActor)
      giveStandings(standings, of: account.name, to: other)
      audit("ACCOUNT", ["account": "\(account.name)", "result": "renamed to \(other)"])
      // What others are told is the name: whoever is logged in comes again under the new one.
      endOthers(of: account.id, "Its account was renamed: log in as \(other)")
      hub.endStay(of: account, isNameFree: true, because: "Its account was renamed")
      if login?.account == account.id, let renamed = hub.accounts?.account(account.id),
        !logIn(to: renamed, login?.device ?? "", by: "RENAME")
      {
        // Another connection is about to end, and has not yet.
        refuse("Its account was renamed: log in as \(other)")
      }
      tell(voice, "RENAMED", [account.name, other], "\(account.name) is \(other) now")
    }
  }

  /// Rooms know accounts by name: whoever has this one next has no standing by it.
  ///
  /// - Parameter other: whose the standings are now; nil for nobody.
  func giveStandings(
    _ standings: [(room: String, standing: RoomAccess.Standing)], of name: String,
    to other: String?
  ) {
    for (room, standing) in standings {
      // A room that is gone meanwhile gives none.
      _ = try? perform(.setStanding(nil, of: name, in: room))
      guard let other else { continue }
      _ = try? perform(.setStanding(.init(standing), of: other, in: room))
    }
  }

  fileprivate func freeName(_ name: String, _ voice: AccountVoice) {
    attempt(voice, [name]) { () throws(AccountError) in
      try hub.accounts?.store.free(name, actor: operatorActor)
      audit("ACCOUNT", ["account": "\(name)", "result": "free"])
      tell(voice, "FREE", [name], "The name \(name) can be registered again")
    }
  }
}
