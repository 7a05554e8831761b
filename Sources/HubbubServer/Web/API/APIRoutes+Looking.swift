import HubbubRooms
import HubbubStore
import HubbubWeb
import IRCWire

/// What the API shows.
let lookingRoutes: [APIRoute] = [
  APIRoute(
    method: "GET", path: "openapi.json", scope: nil, summary: "This file."
  ) { _ throws(HTTPRefusal) in OpenAPI.document },
  APIRoute(
    method: "GET", path: "server", scope: .read, summary: "The server, and how many are here."
  ) { call throws(HTTPRefusal) in call.server },
  APIRoute(
    method: "GET", path: "rooms", scope: .read,
    summary: "All rooms; secret ones for tokens with 'admin'."
  ) { call throws(HTTPRefusal) in
    let rooms = call.hub.registry.rooms.filter { call.mayAdminister || !$0.isSecret }
    return .list(rooms.sorted { $0.name < $1.name }.map(call.summary))
  },
  APIRoute(method: "GET", path: "rooms/{name}", scope: .read, summary: "A room and who is in it.") {
    call throws(HTTPRefusal) in call.whole(try call.room())
  },
  APIRoute(
    method: "GET", path: "rooms/{name}/messages", scope: .admin,
    summary: "The last messages that are remembered of a room, the oldest first.",
    query: [.init(name: "limit", kind: .integer, text: "How many; 100, and 1000 at most.")]
  ) { call throws(HTTPRefusal) in try call.messages(of: try call.room()) },
  APIRoute(
    method: "GET", path: "people", scope: .read,
    summary: "Everybody who is here; with addresses for tokens with 'admin'."
  ) { call throws(HTTPRefusal) in
    .list(call.hub.registry.members.map(call.person).sorted { $0.0 < $1.0 }.map(\.1))
  },
  APIRoute(method: "GET", path: "accounts", scope: .admin, summary: "All accounts.") {
    call throws(HTTPRefusal) in
    let book = try call.accounts().store.read { $0 }
    return .list(book.everyAccount.map { call.entry($0, book) })
  },
  APIRoute(method: "GET", path: "bans", scope: .moderate, summary: "All bans of the server.") {
    call throws(HTTPRefusal) in .list(call.hub.bans.all(at: .now).map(call.entry))
  },
  APIRoute(
    method: "GET", path: "audit", scope: .admin,
    summary: "The last lines of the accounts' audit log, the newest first.",
    query: [.init(name: "limit", kind: .integer, text: "How many; 100, and 1000 at most.")]
  ) { call throws(HTTPRefusal) in
    let count = try call.queryNumber("limit", upTo: 1000) ?? 100
    let store = try call.accounts().store
    let lines = try call.stored { () throws(AccountError) in try store.audit(count) }
    return .list(
      lines.map { line in
        .object([
          ("time", .string("\(Timestamp(milliseconds: line.time))")),
          ("actor", .string(line.actor)), ("action", .string(line.action)),
          ("subject", .string(line.subject)), ("detail", .string(line.detail)),
        ])
      })
  },
]

extension APICall {
  fileprivate var server: APIValue {
    let (people, _, operators) = hub.registry.population
    let nodes = hub.cluster?.node.status.nodes.map(\.name) ?? []
    return .object([
      ("name", .string(hub.serverName)), ("version", .string(Version.text)),
      ("network", .string(hub.configuration.networkName)),
      ("started", .string("\(hub.startedAt)")), ("people", .int(people)),
      ("operators", .int(operators)), ("nodes", .list(nodes.map { .string($0) })),
      ("staying", .int(hub.staying.count)),
      ("connections", .int(hub.clients.connectedCount)), ("rooms", .int(hub.registry.roomCount)),
      ("messages", .int(Int64(clamping: hub.registry.messages))),
      ("fault", .optional(hub.health.fault(now: Moment.now))),
    ])
  }

  fileprivate func summary(_ room: Room) -> APIValue { .object(facts(of: room)) }

  private func facts(of room: Room) -> [(String, APIValue)] {
    let view = room.snapshot
    return [
      ("name", .string(view.name)), ("people", .int(view.seats.count)),
      ("topic", .optional(view.topic?.text)),
      (
        "modes",
        .string(
          ModeChange.encoded(view.modes.changes(showsKey: mayAdminister)).joined(separator: " "))
      ),
      ("registered", .bool(room.keptNumber != nil)), ("created", .string("\(room.createdAt)")),
      ("messages", .int(Int64(clamping: room.messages))),
    ]
  }

  fileprivate func whole(_ room: Room) -> APIValue {
    let members = room.snapshot.seats.map { seat -> APIValue in
      .object([
        ("nickname", .string(seat.nickname)), ("status", .string(seat.status.prefixes(all: true))),
        ("account", .optional(seat.member.profile.account)),
      ])
    }
    return .object(facts(of: room) + [("members", .list(members))])
  }

  fileprivate func person(_ person: Member) -> (String, APIValue) {
    let profile = person.profile
    var facts: [(String, APIValue)] = [
      ("nickname", .string(profile.nickname)), ("user", .string(profile.userName)),
      ("host", .string(profile.host)), ("realName", .string(profile.realName)),
      ("account", .optional(profile.account)), ("away", .optional(profile.away)),
      ("operator", .bool(profile.isOperator)), ("connections", .int(person.sessions.count)),
      ("rooms", .int(person.roomCount)), ("signedOn", .string("\(profile.signedOn)")),
      ("lastSpoke", .string("\(person.lastSpoke)")),
    ]
    if mayAdminister {
      facts.append(("addresses", .strings(person.sessions.map(\.origin.peerAddress))))
    }
    return (profile.nickname, .object(facts))
  }

  fileprivate func entry(_ account: Account, _ book: AccountBook) -> APIValue {
    .object([
      ("name", .string(account.name)),
      ("registered", .string("\(Timestamp(milliseconds: account.created))")),
      ("seen", .string("\(Timestamp(milliseconds: account.seen))")),
      ("suspended", .bool(account.flags.contains(.suspended))),
      ("nicknames", .strings(book.nicknames(of: account.id))),
      ("devices", .strings(book.devices(of: account.id).map(\.name))),
      ("rooms", .strings(book.rooms(foundedBy: account.id).map(\.name))),
    ])
  }

  func entry(_ ban: ServerBan) -> APIValue {
    .object([
      ("target", .string("\(ban.target)")), ("reason", .string(ban.reason)),
      ("setBy", .string(ban.setBy)), ("setAt", .string("\(ban.setAt)")),
      ("expiresAt", .optional(ban.expiresAt.map { "\($0)" })),
    ])
  }

  fileprivate func messages(of room: Room) throws(HTTPRefusal) -> APIValue {
    let limit = try queryNumber("limit", upTo: 1000) ?? 100
    guard let history = hub.history, let kept = room.keeper as? RememberedRoom else {
      throw HTTPRefusal(.conflict, "Nothing is remembered of this room.")
    }
    audit("rooms/messages", ["channel": "\(room.name)", "result": "shown"])
    history.catchUp([kept])
    do throws(StoreError) {
      let page = try history.store.page(
        .latest(), of: HistoryView(kept.stream, [0...MessageKey.maxSequence], events: []),
        limit: limit)
      let epochs = try history.epochs(of: page.entries, in: kept.stream)
      return .list(page.entries.map { message($0, epochs) })
    } catch {
      hub.logger.warning("history cannot be read", metadata: ["reason": "\(error)"])
      throw HTTPRefusal(.serviceUnavailable, "The history cannot be read now.")
    }
  }

  private func message(_ entry: StoredEntry, _ epochs: [HistoryEpoch]) -> APIValue {
    let epoch = epochs.last { $0.first <= entry.key.sequence }?.name ?? ""
    return .object([
      ("id", .string("\(epoch)-\(entry.key.sequence)")),
      ("time", .string("\(Timestamp(milliseconds: entry.time))")),
      ("kind", .string("\(entry.kind)")), ("source", .string(entry.source)),
      ("account", .optional(entry.account.flatMap { hub.accounts?.account($0)?.name })),
      ("text", .string(String(decoding: entry.text, as: UTF8.self))),
    ])
  }
}
