import HubbubRooms
import HubbubWeb
import IRCWire
import Logging

/// Operating the server: OPER, KILL, WALLOPS, REHASH, DIE.
let operatorCommands: [String: Command] = [
  "OPER": Command(.registered, parameters: 2, usage: "<name> <password>") {
    $0.becomeOperator($1.parameters[0], $1.parameters[1])
  },
  "KILL": Command(.registered, parameters: 1, usage: "<nickname> [:<reason>]") {
    $0.kill($1.parameters[0], $1.parameters.count > 1 ? $1.parameters[1] : "")
  },
  "WALLOPS": Command(.registered, parameters: 1, usage: ":<text>") {
    $0.wallops($1.parameters[0])
  },
  "REHASH": Command(.registered, usage: "") { session, _ in session.rehash() },
  "DIE": Command(.registered, usage: "") { session, _ in session.die() },
]

extension Session {
  // MARK: OPER

  /// `OPER <name> <password>`
  ///
  /// A wrong name and a wrong host take as long as a wrong password, count as one, and are answered
  /// in the same way: nobody learns which names there are.
  fileprivate func becomeOperator(_ name: String, _ password: String) {
    let accounts = hub.configuration.operators
    guard !accounts.isEmpty else {
      return reply(.noOperatorHost, trailing: "No O-lines for your host")
    }
    let account = accounts.first { $0.name == name }
    let isHere = account.map(mayComeFromHere) ?? false
    let judged = account ?? accounts[0]
    let verdict = judge(
      password, judged.passwordHash, among: accounts.map(\.passwordHash), isKnown: isHere)
    switch verdict {
    // It may have waited, and the settings may be others by now.
    case .right where hub.configuration.operators.contains(judged): operate(as: judged)
    case .right, .wrong: refuseOperator(name, isHere || account == nil ? "password" : "host")
    case .busy: reply(.tryAgain, ["OPER"], trailing: "Please wait a while and try again.")
    case nil: break
    }
  }

  private func mayComeFromHere(_ account: OperatorAccount) -> Bool {
    // What the connection came with: another of this person's may come from where this account is
    // open to.
    account.isOpen(to: memberSession.origin.originalSubject)
  }

  private func operate(as account: OperatorAccount) {
    let wasDone = changeUserModes([], operatorName: account.name) {
      reply(.youAreOperator, trailing: "You are now an IRC operator")
    }
    let result = wasDone ? "accepted" : "accepted, and could not be carried out"
    audit("OPER", ["account": "\(account.name)", "result": "\(result)"])
  }

  /// - Parameter fault: what is wrong, for the log alone.
  private func refuseOperator(_ name: String, _ fault: String) {
    audit(
      "OPER",
      [
        "account": "\(name.cut(toBytes: 64))", "result": "wrong \(fault)",
        "tries": "\(passwordTries.wrong)", "inAll": "\(hub.passwords.wrongCount)",
      ], .warning)
    reply(.passwordMismatch, trailing: "Password incorrect")
    if passwordTries.wrong >= hub.limits.wrongPasswords { refuse("Too many wrong passwords") }
  }

  // MARK: Others

  /// `KILL <nickname> [:<reason>]`
  fileprivate func kill(_ name: String, _ reason: String) {
    guard isOperating() else { return }
    guard FoldedName(name) != FoldedName(hub.serverName) else {
      return reply(.cannotKillServer, trailing: "You can't kill a server!")
    }
    let reason = reason.isEmpty ? "No reason given" : reason.cut(toBytes: hub.limits.kickBytes)
    // Whoever is told is who goes, though the name may be another's a moment later.
    let announcement = Action.Deed.announceKill(
      of: name, reason: reason, id: hub.directMessageID())
    guard let target = try? perform(announcement).people.first else { return replyNoSuchNick(name) }
    audit("KILL", ["target": "\(target.profile.source)", "reason": "\(reason)"])
    hub.expel(target, because: "Killed (\(nickname) (\(reason)))")
  }

  /// `WALLOPS :<text>`
  ///
  /// To "all currently connected users who have set the 'w' user mode for themselves" (Modern IRC).
  fileprivate func wallops(_ text: String) {
    guard isOperating() else { return }
    audit("WALLOPS", ["text": "\(text)"])
    _ = try? perform(.wallops(text, id: hub.directMessageID()))  // It is never refused.
  }

  // MARK: The server

  /// `REHASH`
  fileprivate func rehash() {
    guard isOperating() else { return }
    audit("REHASH", [:])
    reply(.rehashing, [safe(hub.reload.name)], trailing: "Rehashing")
    flush()
    deliverPending()
    for sentence in hub.reload.run(on: hub).sentences { notice(sentence) }
  }

  /// `DIE`
  fileprivate func die() {
    guard isOperating() else { return }
    guard hub.configuration.allowsDie else {
      audit("DIE", ["result": "not allowed"], .warning)
      return reply(.noOperatorPrivilege, ["die"], trailing: "Insufficient oper privileges.")
    }
    audit("DIE", ["result": "stopping"])
    notice("The server is stopping.")
    hub.askToStop()
  }

  // MARK: For all of them

  /// Whether the client operates the server; if not, it is told so: 481.
  func isOperating() -> Bool {
    if isOperator { return true }
    reply(.noPrivileges, trailing: "Permission Denied- You're not an IRC operator")
    return false
  }

  /// Tells the client something in the server's own words.
  func notice(_ text: String) { reply("NOTICE", [nickname], trailing: text) }

  /// Writes down what an operator does, or tries to become.
  func audit(_ command: String, _ details: Logger.Metadata, _ level: Logger.Level = .notice) {
    var metadata = details
    metadata["command"] = "\(command)"
    metadata["by"] = "\(source)"
    if let account = member.profile.operatorName, details["account"] == nil {
      metadata["account"] = "\(account)"
    }
    hub.logger.log(level: level, "operator", metadata: metadata)
  }
}
