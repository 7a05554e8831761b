import HubbubRooms
import HubbubStore
import IRCWire

extension Hub {
  /// Has it written down what a person would go on with after a restart, where it stays. Any
  /// thread, under no lock.
  func noteStaying(_ person: Member) {
    guard let accounts, let name = person.profile.account,
      let account = accounts.account(named: name), account.mayStay
    else { return }
    accountChores.note(.person(person), stayingFor: account.id)
  }

  /// Takes somebody out for good, with all its connections. Under no lock.
  func expel(_ person: Member, because reason: String) {
    markExpelled(person, because: reason)
    endConnections(of: person, because: reason)
  }

  /// Ends the connections to this server of somebody who was expelled. Under no lock.
  func endConnections(of person: Member, because reason: String) {
    let sessions = person.sessions
    for session in sessions {
      clients.client(session.id)?.end(reason, .policy)
      hooks.end(session.id, because: reason, self)
    }
    if sessions.isEmpty { endStay(of: person, because: reason) }
  }

  /// Somebody is not to stay: whichever of its connections is the last takes the person along.
  private func markExpelled(_ person: Member, because reason: String) {
    guard let session = person.anySession else { return }
    // Where nobody can be asked, the connections are ended all the same.
    _ = try? ordering.submit(Action(by: Author(session), at: .now, .expel(reason: reason)))
  }

  /// Has an account's person leave where it stays without a connection. Under no lock.
  ///
  /// - Parameter isNameFree: whether another account may have the name from now on: whoever has it
  ///   then is nobody's further connection.
  func endStay(of account: Account, isNameFree: Bool = false, because reason: String) {
    let person = registry.person(ofAccount: account.name)
    if isNameFree {
      _ = try? ordering.submit(
        Action(by: .server(of: registry), at: .now, .release(account: account.name)))
    }
    if let person, person.sessions.isEmpty { endStay(of: person, because: reason) }
  }

  /// Has somebody leave who stays without a connection; nobody who has one. Under no lock.
  func endStay(of person: Member, because reason: String) {
    // Nobody joins it from here on.
    markExpelled(person, because: reason)
    guard person.sessions.isEmpty, let session = person.anySession else { return }
    let profile = person.profile
    let account = staying.account(of: person) ?? profile.account.flatMap { self.account($0) }
    let quit = Action(
      by: Author(session), at: .now, .quit(reason: reason, silentReason: nil))
    // Where other servers cannot be asked, it is tried again when it is due again.
    guard let farewell = try? ordering.submit(quit) else { return }
    if let account {
      staying.end(account)
      accountChores.note(.nobody, stayingFor: account)
    }
    if cluster == nil { clients.countEnd(wasRegistered: true) }
    Room.deliver(to: farewell.rooms)
    for watcher in farewell.people { watcher.deliver() }
    logger.notice(
      "stay is over", metadata: ["nick": "\(profile.nickname)", "reason": "\(reason)"])
  }

  /// Has those leave who have stayed for too long. The chores' thread, now and then; waits for
  /// other servers.
  ///
  /// - Parameter known: who seemed to at the last look; in a network those alone go: of the others
  ///   it may not be written down yet since when they do.
  func endLongStays(_ known: inout Set<Int64>) {
    guard let accounts else { return }
    let limit = configuration.accounts.stay.components.seconds * 1000
    let before = Timestamp(milliseconds: Timestamp.now.milliseconds - limit)
    let staying = accountsStaying(since: before)
    for id in staying where cluster == nil || known.contains(id) {
      guard let name = accounts.account(id)?.name, let person = registry.person(ofAccount: name)
      else { continue }
      if person.sessions.isEmpty {
        endStay(of: person, because: "Stayed without a connection for too long")
      }
    }
    known = Set(staying)
  }

  /// The accounts whose people stay since before a time. In a network the first node alone knows of
  /// any: it is for all of them.
  private func accountsStaying(since time: Timestamp) -> [Int64] {
    guard let cluster, let accounts else { return staying.accounts(since: time) }
    guard cluster.node.status.nodes.first?.isSelf == true else { return [] }
    return accounts.store.read { $0.everybodyStaying }.filter { row in
      let name = accounts.account(row.account)?.name
      let isAlone = name.flatMap { registry.person(ofAccount: $0)?.sessions.isEmpty } == true
      guard isAlone, let state = StayingState(stored: row.state) else { return false }
      return state.since < time.milliseconds
    }.map(\.account)
  }

  private func account(_ name: String) -> Int64? { accounts?.account(named: name)?.id }
}
