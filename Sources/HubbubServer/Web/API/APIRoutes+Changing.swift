import HubbubRooms
import HubbubStore
import HubbubWeb
import IRCWire

/// What the API changes. All of it stands in the log, with the token's name.
let changingRoutes: [APIRoute] = [
  APIRoute(
    method: "POST", path: "people/{nickname}/kill", scope: .moderate,
    summary: "Ends all connections of somebody.",
    body: [.init(name: "reason", kind: .string, text: "What everybody reads.")]
  ) { call throws(HTTPRefusal) in
    let person = try call.person()
    let reason = call.words("reason", upTo: call.hub.limits.kickBytes) ?? "No reason given"
    let source = person.profile.source
    call.hub.expel(person, because: "Killed (\(call.token.name) (\(reason)))")
    call.audit("KILL", ["target": "\(source)", "reason": "\(reason)"])
    return .object([("killed", .string(source))])
  },
  APIRoute(
    method: "POST", path: "bans", scope: .moderate,
    summary: "Bans user@host, an address or a network from the server.",
    body: [
      .init(
        name: "target", kind: .string, isRequired: true,
        text: "user@host, an address, or a network like 192.0.2.0/24."),
      .init(name: "duration", kind: .string, text: "As 30m, 7d; for ever where there is none."),
      .init(name: "reason", kind: .string, text: "What those are told who are banned."),
    ], status: .created
  ) { call throws(HTTPRefusal) in try call.ban() },
  APIRoute(
    method: "DELETE", path: "bans/{target}", scope: .moderate, summary: "Lifts a ban."
  ) { call throws(HTTPRefusal) in
    guard let target = try? ServerBan.Target(call.parameters[0]) else {
      throw APICall.refusal(.noSuchBan)
    }
    let ban: ServerBan
    do throws(Hub.BanFailure) { ban = try call.hub.liftBan(of: target) } catch {
      throw APICall.refusal(error)
    }
    call.audit("UNBAN", ["target": "\(ban.target)"])
    call.saveBans()
    return call.entry(ban)
  },
  APIRoute(
    method: "POST", path: "notices", scope: .moderate, summary: "Tells everybody something.",
    body: [.init(name: "text", kind: .string, isRequired: true, text: "One line.")]
  ) { call throws(HTTPRefusal) in
    let text = call.words("text", upTo: 400) ?? ""
    let told = call.hub.notify(text)
    call.audit("NOTICE", ["text": "\(text)", "told": "\(told)"])
    return .object([("told", .int(told))])
  },
  APIRoute(
    method: "POST", path: "rehash", scope: .admin, summary: "Reads the settings again."
  ) { call throws(HTTPRefusal) in
    call.audit("REHASH", [:])
    return .object([("result", .strings(call.hub.reload.run(on: call.hub).sentences))])
  },
  APIRoute(
    method: "POST", path: "rooms/{name}/messages", scope: .moderate,
    summary: "Says something in a room, as a bot with the token's name.",
    body: [.init(name: "text", kind: .string, isRequired: true, text: "One line, or several.")]
  ) { call throws(HTTPRefusal) in
    let room = try call.room()
    let lines = (call.string("text") ?? "").split(whereSeparator: \.isNewline).prefix(10)
      .map(String.init)
    if let reason = call.hub.hooks.say(lines, as: call.token, in: room.name, call.hub) {
      throw HTTPRefusal(.conflict, "This cannot be said in the room: \(reason).")
    }
    call.audit("SAY", ["channel": "\(room.name)", "lines": "\(lines.count)"])
    return .object([("said", .int(lines.count))])
  },
  APIRoute(
    method: "DELETE", path: "rooms/{name}/messages/{id}", scope: .moderate,
    summary: "Takes back a message, whoever has said it."
  ) { call throws(HTTPRefusal) in
    let (room, id) = (try call.room(), call.parameters[1])
    do throws(Refusal) { try call.hub.redact(id, in: room, nil) } catch {
      guard error == .unavailable else {
        throw HTTPRefusal(.notFound, "The room has no such message.")
      }
      throw APICall.refusal(.unavailable)
    }
    call.audit("REDACT", ["channel": "\(room.name)", "message": "\(id)"])
    return .object([("redacted", .string(id))])
  },
  APIRoute(
    method: "POST", path: "accounts", scope: .admin, summary: "Makes an account.",
    body: [
      .init(name: "name", kind: .string, isRequired: true, text: "A nickname."),
      .init(name: "password", kind: .string, isRequired: true, text: "Its password."),
    ], status: .created
  ) { call throws(HTTPRefusal) in try call.makeAccount() },
  APIRoute(
    method: "POST", path: "accounts/{name}/reset", scope: .admin,
    summary: "Makes a code with which a new password can be set for a day."
  ) { call throws(HTTPRefusal) in
    let (account, store) = (try call.account(), try call.accounts().store)
    let code = try call.stored { () throws(AccountError) in
      try store.makeResetCode(for: account.id, actor: call.actor)
    }
    call.audit("ACCOUNT", ["account": "\(account.name)", "result": "reset"])
    return .object([("name", .string(account.name)), ("code", .string(code.description))])
  },
  APIRoute(
    method: "POST", path: "accounts/{name}/suspend", scope: .admin,
    summary: "Lets nobody log in to an account, or opens it again.",
    body: [.init(name: "suspended", kind: .boolean, text: "false opens it again.")]
  ) { call throws(HTTPRefusal) in try call.suspend() },
]

extension APICall {
  /// Some words as one line.
  fileprivate func words(_ name: String, upTo bytes: Int) -> String? {
    string(name).map { text in
      text.map { $0.isNewline || $0 == "\0" ? " " : String($0) }.joined().cut(toBytes: bytes)
    }
  }

  fileprivate func ban() throws(HTTPRefusal) -> APIValue {
    guard let target = try? ServerBan.Target(string("target") ?? "") else {
      throw HTTPRefusal(
        .badRequest, "A ban is of user@host, an address or a network, and not of everybody.")
    }
    let duration = string("duration").map { Quantity.duration($0) }
    if let duration, duration.map({ $0 > .zero && $0 < .seconds(1 << 32) }) != true {
      throw HTTPRefusal(.badRequest, "A duration is like 30m or 7d.")
    }
    let now = Timestamp.now
    let end = (duration ?? nil).map {
      Timestamp(milliseconds: now.milliseconds + Int64($0 / .milliseconds(1)))
    }
    let ban = ServerBan(
      target: target, reason: words("reason", upTo: hub.limits.kickBytes) ?? "", setBy: actor,
      setAt: now, expiresAt: end)
    do throws(Hub.BanFailure) { try hub.set(ban) } catch { throw Self.refusal(error) }
    audit("BAN", ["target": "\(target)", "reason": "\(ban.reason)"])
    saveBans()
    guard case .object(let members) = entry(ban) else { return entry(ban) }
    return .object(members + [("ended", .int(hub.endThose(whoMatch: ban)))])
  }

  fileprivate static func refusal(_ failure: Hub.BanFailure) -> HTTPRefusal {
    switch failure {
    case .tooMany: HTTPRefusal(.conflict, "There are as many bans as there may be.")
    case .noSuchBan: HTTPRefusal(.notFound, "There is no such ban.")
    case .unavailable:
      HTTPRefusal(.serviceUnavailable, "The servers cannot agree at the moment; try again.")
    }
  }

  /// What is in the way of writing them down is logged there.
  fileprivate func saveBans() { _ = hub.saveBans() }

  fileprivate func makeAccount() throws(HTTPRefusal) -> APIValue {
    let (name, password) = (string("name") ?? "", string("password") ?? "")
    let store = try accounts().store
    guard Names.isNickname(name, limit: hub.limits.nicknameBytes),
      !hub.configuration.reservedNicknames.contains(name), !Session.isGuestName(name)
    else { throw HTTPRefusal(.badRequest, "Nobody can have this name.") }
    let least = hub.configuration.accounts.leastPasswordBytes
    guard (least...AccountSettings.maxPasswordBytes).contains(password.utf8.count) else {
      throw HTTPRefusal(
        .badRequest, "A password has \(least) to \(AccountSettings.maxPasswordBytes) bytes.")
    }
    let hashed = hub.passwords.hash(
      password, withScramKeys: hub.configuration.accounts.keepsScramKeys, hub.limits,
      isClosed: { false })
    guard let hashed else {
      throw HTTPRefusal(.serviceUnavailable, "The server is busy: try again later.")
    }
    let (account, code) = try stored { () throws(AccountError) in
      try store.register(name, hashed, actor: actor)
    }
    audit("ACCOUNT", ["account": "\(name)", "result": "created"])
    return .object([("name", .string(account.name)), ("recoveryCode", .string(code.description))])
  }

  fileprivate func suspend() throws(HTTPRefusal) -> APIValue {
    let (account, accounts) = (try account(), try accounts())
    let isOn = boolean("suspended") ?? true
    try stored { () throws(AccountError) in
      try accounts.store.setFlags(of: account.id, .suspended, isOn, actor: actor)
    }
    audit(
      "ACCOUNT", ["account": "\(account.name)", "result": isOn ? "suspended" : "open"])
    if isOn {
      hub.endConnections(of: account.id, because: "Its account was suspended")
      hub.endStay(of: account, because: "Its account was suspended")
    }
    return .object([("name", .string(account.name)), ("suspended", .bool(isOn))])
  }
}
