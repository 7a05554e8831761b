import HubbubRooms
import IRCWire

/// What people are to others: AWAY, SETNAME, CHGHOST.
let identityCommands: [String: Command] = [
  "AWAY": Command(.anyTime, usage: "[:<message>]") { $0.away($1.parameters) },
  "SETNAME": Command(.registered, parameters: 1, usage: ":<real name>") {
    $0.setName($1.parameters[0])
  },
  "CHGHOST": Command(.registered, parameters: 3, usage: "<nickname> <user> <host>") {
    $0.changeHost($1.parameters)
  },
]

extension Session {
  /// `AWAY [:<message>]`; `AWAY *`: this connection says nothing of whether the person is there.
  ///
  /// "If the capability has been negotiated, servers MUST accept the AWAY command before connection
  /// registration has completed" (IRCv3 draft/pre-away).
  fileprivate func away(_ parameters: [String]) {
    guard registration.isComplete || capabilities.contains(.preAway) else {
      return reply(.notRegistered, trailing: "You have not registered")
    }
    let text = parameters.first.map { $0.cut(toBytes: hub.limits.awayBytes) } ?? ""
    let message = text.isEmpty ? nil : text
    // The client itself is answered by a numeric.
    try? announce(.setAway(message))  // It is never refused.
    if message == nil {
      reply(.noLongerAway, trailing: "You are no longer marked as being away")
    } else {
      reply(.nowAway, trailing: "You have been marked as being away")
    }
  }

  /// `SETNAME :<real name>` (IRCv3 setname)
  fileprivate func setName(_ name: String) {
    guard !name.isEmpty, name.utf8.count <= hub.limits.realNameBytes else {
      return reply("FAIL", ["SETNAME", "INVALID_REALNAME"], trailing: "Realname is not valid")
    }
    do throws(Refusal) {
      try announce(.setRealName(name))
    } catch {
      guard case .silenced(let room) = error else { return }
      reply(
        "FAIL", ["SETNAME", "CANNOT_CHANGE_REALNAME"],
        trailing: "You may not speak in \(room), which would read it")
    }
  }

  /// `CHGHOST <nickname> <user> <host>`, by operators of the server (IRCv3 chghost).
  fileprivate func changeHost(_ parameters: [String]) {
    guard isOperating() else { return }
    guard hub.registry.member(named: parameters[0]) != nil else {
      return replyNoSuchNick(parameters[0])
    }
    let (user, host) = (parameters[1], parameters[2])
    let limits = hub.limits
    guard Names.userName(from: user, limit: limits.userNameBytes + 1) == user,
      Names.isHost(host, limit: Names.hostBytes)
    else {
      return reply("FAIL", ["CHGHOST", "INVALID_HOST"], trailing: "No such host is possible")
    }
    do throws(Refusal) {
      try announce(.setAddress(userName: user, host: host, of: parameters[0]))
    } catch {
      return replyNoSuchNick(parameters[0])
    }
    hub.logger.notice(
      "host changed",
      metadata: ["nick": "\(parameters[0])", "host": "\(host)", "by": "\(nickname)"])
  }
}
