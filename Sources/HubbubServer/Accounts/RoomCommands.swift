import HubbubRooms
import HubbubStore
import IRCWire

/// Registered rooms: ROOM.
let roomKeepingCommands: [String: Command] = [
  "ROOM": Command(
    .registered, parameters: 1, usage: "\(RoomRequest.names) [<channel> [<parameter>…]]"
  ) { session, message in
    session.ifThereAreAccounts(message) { session.room(message.parameters) }
  }
]

/// One of the things that `ROOM` does.
struct RoomRequest: Sendable {
  /// How many parameters it needs.
  let parameters: Int
  let usage: String
  let run: @Sendable (Session, [String], AccountVoice) -> Void

  static let table: [String: RoomRequest] = [
    "REGISTER": RoomRequest(parameters: 1, usage: "<channel>") { $0.registerRoom($1[0], $2) },
    "INFO": RoomRequest(parameters: 1, usage: "<channel>") { $0.roomInfo($1[0], $2) },
    "LIST": RoomRequest(parameters: 0, usage: "") { session, _, voice in session.ownRooms(voice) },
    "ACCESS": RoomRequest(
      parameters: 2,
      usage: "<channel> LIST | ADD <account> op|halfop|voice|deny | DEL <account>"
    ) { $0.roomAccess($1, $2) },
    "SET": RoomRequest(
      parameters: 3,
      usage: "<channel> history <duration>|off|default, or visibility joined|members|default"
    ) { $0.setRoom($1[0], $1[1], $1[2], $2) },
    "TRANSFER": RoomRequest(parameters: 2, usage: "<channel> <account>") {
      $0.offerRoom($1[0], to: $1[1], $2)
    },
    "ACCEPT": RoomRequest(parameters: 1, usage: "<channel>") { $0.acceptRoom($1[0], $2) },
    "DROP": RoomRequest(parameters: 1, usage: "<channel> [<code>]") {
      $0.dropRoom($1[0], $1.dropFirst().first, $2)
    },
    "CLAIM": RoomRequest(parameters: 2, usage: "<channel> <account> (operators of the server)") {
      $0.claimRoom($1[0], for: $1[1], $2)
    },
  ]

  static let names = table.keys.sorted().joined(separator: " | ")
}

extension Session {
  /// `ROOM <request> [<channel> [<parameter>…]]`
  fileprivate func room(_ parameters: [String]) {
    let name = parameters[0].uppercased()
    let voice = AccountVoice.command("ROOM")
    guard RoomRequest.table[name] != nil else {
      return fail(voice, "UNKNOWN_COMMAND", [parameters[0]], "There are \(RoomRequest.names)")
    }
    room(name, Array(parameters.dropFirst()), voice)
  }

  /// Carries out one of the things that `ROOM` does.
  func room(_ name: String, _ parameters: [String], _ voice: AccountVoice) {
    guard let request = RoomRequest.table[name] else { return }
    guard login != nil || isOperator else {
      return fail(voice, "ACCOUNT_REQUIRED", [name], "Log in to your account first")
    }
    guard parameters.count >= request.parameters else {
      return fail(voice, "NEED_MORE_PARAMS", [name], "It is: \(name) \(request.usage)")
    }
    request.run(self, parameters, voice)
  }

  // MARK: Registering

  /// `REGISTER <channel>`, by somebody who operates it.
  fileprivate func registerRoom(_ name: String, _ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else { return }
    guard let room = room(named: name), let own = room.view(by: member).own else {
      return fail(voice, "NOT_ALLOWED", [name], "Join it first")
    }
    guard own.status.contains(.operating) else {
      return fail(voice, "NOT_ALLOWED", [name], "You do not operate it")
    }
    guard room.keptNumber == nil else {
      return fail(voice, "NOT_ALLOWED", [name], "It is registered already")
    }
    attempt(voice, [name]) { () throws(AccountError) in
      let stream = try accounts.store.makeStream()
      // Its state is written as soon as it is registered.
      let made = try accounts.store.registerRoom(
        room.name, stream, founder: login.account, state: "", visibility: .members, from: 0,
        actor: login.name)
      let registration = accounts.store.read { accounts.registration(of: made, $0) }
      do throws(Refusal) {
        try perform(.keepRoom(registration, in: name, asServer: false))
      } catch {
        _ = try? accounts.store.dropRoom(stream, actor: login.name)
        return replyRefusal(error, name)
      }
      hub.metadata.move(
        from: .room(room.epoch), to: .registeredRoom(stream.rawValue), accounts.store)
      hub.accountChores.note(room)
      hub.logger.notice("room registered", metadata: ["channel": "\(name)", "by": "\(source)"])
      tell(
        voice, "REGISTERED", [made.name], "\(made.name) is yours: it is kept, with what it is like")
    }
  }

  /// `DROP <channel> [<code>]`: with the code that was given a moment ago, so that nobody slips.
  fileprivate func dropRoom(_ name: String, _ code: String?, _ voice: AccountVoice) {
    guard isByOwnPassword(voice, name), let accounts = hub.accounts,
      let room = managedRoom(name, voice, by: .founder)
    else { return }
    guard let expected = dropCodes[room.stream], expected == code else {
      let fresh = "\(UInt32.random(in: 100_000...999_999))"
      dropCodes[room.stream] = fresh
      return tell(
        voice, "DROP_CODE", [room.name, fresh],
        "To give \(room.name) back for good: ROOM DROP \(room.name) \(fresh)")
    }
    dropCodes[room.stream] = nil
    attempt(voice, [name]) { () throws(AccountError) in
      try accounts.store.dropRoom(room.stream, actor: login?.name ?? operatorActor)
      // Where it is gone meanwhile, nothing is left to do.
      if let kept = self.room(named: room.name)?.keeper as? RememberedRoom {
        hub.history?.setKeep(nil, of: kept)
      }
      _ = try? perform(.keepRoom(nil, in: room.name, asServer: true))
      hub.logger.notice("room dropped", metadata: ["channel": "\(name)", "by": "\(source)"])
      tell(voice, "DROPPED", [room.name], "\(room.name) is nobody's any more")
    }
  }

  // MARK: Who it belongs to

  /// `TRANSFER <channel> <account>`: offered, until it is accepted.
  fileprivate func offerRoom(_ name: String, to account: String, _ voice: AccountVoice) {
    guard isByOwnPassword(voice, name), let accounts = hub.accounts,
      let room = managedRoom(name, voice, by: .founder),
      let successor = knownAccount(account, voice)
    else { return }
    attempt(voice, [name]) { () throws(AccountError) in
      try accounts.store.offer(room.stream, to: successor.id, actor: login?.name ?? operatorActor)
      tell(
        voice, "OFFERED", [room.name, successor.name],
        "\(successor.name) may take \(room.name) with ROOM ACCEPT \(room.name)")
      for (id, _) in accounts.sessions(of: successor.id) {
        hub.clients.client(id)?.notice(
          "\(room.name) is offered to you: ROOM ACCEPT \(room.name) takes it")
      }
    }
  }

  /// `ACCEPT <channel>`
  fileprivate func acceptRoom(_ name: String, _ voice: AccountVoice) {
    guard let accounts = hub.accounts, let login, let room = registeredRoom(name, voice) else {
      return
    }
    attempt(voice, [name]) { () throws(AccountError) in
      try accounts.store.accept(room.stream, by: login.account)
      handOver(room, to: login.name)
      tell(voice, "ACCEPTED", [room.name], "\(room.name) is yours")
    }
  }

  /// `CLAIM <channel> <account>`, by operators of the server.
  fileprivate func claimRoom(_ name: String, for account: String, _ voice: AccountVoice) {
    guard isOperating(), let accounts = hub.accounts, let room = registeredRoom(name, voice),
      let owner = knownAccount(account, voice)
    else { return }
    attempt(voice, [name]) { () throws(AccountError) in
      try accounts.store.claim(room.stream, for: owner.id, actor: operatorActor)
      audit("ROOM", ["channel": "\(room.name)", "result": "given to \(owner.name)"])
      handOver(room, to: owner.name)
      tell(voice, "CLAIMED", [room.name, owner.name], "\(room.name) is \(owner.name)'s")
    }
  }

  private func handOver(_ room: RegisteredRoom, to name: String) {
    if let former = hub.accounts?.account(room.founder)?.name,
      FoldedName(former) != FoldedName(name)
    {
      _ = try? perform(.setStanding(.operating, of: former, in: room.name))
    }
    _ = try? perform(.setStanding(.founder, of: name, in: room.name))
  }

  // MARK: ACCESS

  /// `ACCESS <channel> LIST | ADD <account> <standing> | DEL <account>`
  fileprivate func roomAccess(_ parameters: [String], _ voice: AccountVoice) {
    guard let accounts = hub.accounts else { return }
    let name = parameters[0]
    switch parameters[1].uppercased() {
    case "LIST":
      guard let room = managedRoom(name, voice, by: .voice) else { return }
      let list = accounts.store.read { book in
        book.accessList(of: room.stream).compactMap { id, standing in
          book.account(id).map { ($0.name, standing) }
        }
      }
      for (account, standing) in list.sorted(by: { ($1.1, $0.0) < ($0.1, $1.0) }) {
        tell(voice, "ACCESS", [room.name, account, standing.word], "\(account): \(standing.word)")
      }
      tell(voice, "END_OF_ACCESS", [room.name], "End of the access list of \(room.name)")
    case "ADD" where parameters.count > 3:
      guard let standing = RoomAccess.Standing(word: parameters[3]), standing != .founder else {
        return fail(voice, "INVALID_VALUE", [parameters[3]], "It is op, halfop, voice or deny")
      }
      setAccess(name, parameters[2], standing, voice)
    case "DEL" where parameters.count > 2: setAccess(name, parameters[2], nil, voice)
    default:
      fail(
        voice, "NEED_MORE_PARAMS", ["ACCESS"],
        "It is: ACCESS \(RoomRequest.table["ACCESS"]!.usage)")
    }
  }

  private func setAccess(
    _ name: String, _ account: String, _ standing: RoomAccess.Standing?, _ voice: AccountVoice
  ) {
    guard isByOwnPassword(voice, name), let accounts = hub.accounts,
      let room = managedRoom(name, voice, by: .op),
      let person = knownAccount(account, voice)
    else { return }
    // An operator gives and takes what is below it; the founder alone makes operators.
    let former = accounts.store.read { $0.standing(of: person.id, in: room.stream) }
    let isOfOperators = [standing, former].contains { $0.map { $0 >= .op } ?? false }
    if isOfOperators, managedRoom(name, voice, by: .founder) == nil { return }
    attempt(voice, [name]) { () throws(AccountError) in
      try accounts.store.setAccess(
        room.stream, person.id, standing, actor: login?.name ?? operatorActor)
      _ = try? perform(
        .setStanding(standing.map(RoomRegistration.Standing.init), of: person.name, in: room.name))
      tell(
        voice, "ACCESS_SET", [room.name, person.name, standing?.word ?? "*"],
        standing.map { "\(person.name) is \($0.word) in \(room.name)" }
          ?? "\(person.name) is nothing any more in \(room.name)")
    }
  }

  // MARK: INFO

  fileprivate func roomInfo(_ name: String, _ voice: AccountVoice) {
    guard let room = registeredRoom(name, voice), let accounts = hub.accounts else { return }
    let founder = accounts.account(room.founder)?.name ?? "*"
    let successor = room.successor.flatMap { accounts.account($0)?.name }
    tell(
      voice, "INFO", [room.name, "founder", founder],
      "\(room.name) is \(founder)'s, registered at \(Timestamp(milliseconds: room.created))"
        + (successor.map { ", and offered to \($0)" } ?? ""))
    for setting in roomSettings(room) {
      tell(
        voice, "INFO", [room.name, setting.name, setting.value], "\(room.name): \(setting.text)")
    }
  }

  fileprivate func ownRooms(_ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else { return }
    for room in accounts.store.read({ $0.rooms(foundedBy: login.account) }) {
      tell(voice, "ROOM", [room.name], room.name)
    }
    tell(voice, "END_OF_ROOMS", [], "End of your rooms")
  }

  // MARK: Finding

  /// Whether the client may give away what is its account's: a device that is lost may not.
  private func isByOwnPassword(_ voice: AccountVoice, _ name: String) -> Bool {
    guard login?.isByDevicePassword == true else { return true }
    fail(voice, "NOT_ALLOWED", [name], "Log in with the password of the account itself for that")
    return false
  }

  /// The room that is registered under a name and has it now, where the client may know of it.
  private func registeredRoom(_ name: String, _ voice: AccountVoice) -> RegisteredRoom? {
    if let room = hub.accounts?.store.read({ $0.room(named: name) }),
      let live = self.room(named: name), live.keptNumber == room.stream.rawValue,
      live.isVisible(to: member) || standing(in: room) != nil || isOperator
        || login.map({ $0.account == room.successor }) == true
    {
      return room
    }
    let answer = AccountError.noSuchRoom.answer
    fail(voice, answer.code, [name], answer.text)
    return nil
  }

  /// What the client's account is in a room.
  func standing(in room: RegisteredRoom) -> RoomAccess.Standing? {
    guard let login else { return nil }
    return hub.accounts?.store.read { $0.standing(of: login.account, in: room.stream) }
  }

  /// A registered room in which the client has at least this standing, or operates the server;
  /// else it was told why not.
  func managedRoom(
    _ name: String, _ voice: AccountVoice, by needed: RoomAccess.Standing
  ) -> RegisteredRoom? {
    guard let room = registeredRoom(name, voice) else { return nil }
    if let own = standing(in: room), own >= needed { return room }
    if isOperator {
      audit("ROOM", ["channel": "\(room.name)", "result": "managed by an operator"])
      return room
    }
    fail(
      voice, "NOT_ALLOWED", [room.name],
      needed == .founder ? "That is its founder's" : "Your account may not do that there")
    return nil
  }
}
