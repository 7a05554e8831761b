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
    let sessions = registry.expel(person)
    for session in sessions {
      clients.client(session.id)?.end(reason, .policy)
      hooks.end(session.id, because: reason, self)
    }
    if sessions.isEmpty { endStay(of: person, because: reason) }
  }

  /// Has somebody leave who stays without a connection; nobody who has one. Under no lock.
  func endStay(of person: Member, because reason: String) {
    // Nobody joins it from here on.
    guard registry.expel(person).isEmpty, let session = person.anySession else { return }
    let (profile, account) = (person.profile, staying.account(of: person))
    let quit = Action(
      by: Author(session), at: .now, .quit(reason: reason, silentReason: nil))
    guard let farewell = try? ordering.submit(quit) else { return }  // It is never refused.
    if let account {
      staying.end(account)
      accountChores.note(.nobody, stayingFor: account)
    }
    clients.countEnd(ofRegistered: profile)
    Room.deliver(to: farewell.rooms)
    for watcher in farewell.people { watcher.deliver() }
    logger.notice(
      "stay is over", metadata: ["nick": "\(profile.nickname)", "reason": "\(reason)"])
  }

  /// Has those leave who have stayed for too long. Now and then.
  func endLongStays() {
    guard let accounts else { return }
    let limit = configuration.accounts.stay.components.seconds * 1000
    let before = Timestamp(milliseconds: Timestamp.now.milliseconds - limit)
    for id in staying.accounts(since: before) {
      guard let name = accounts.account(id)?.name, let person = registry.person(ofAccount: name)
      else { continue }
      if person.sessions.isEmpty {
        endStay(of: person, because: "Stayed without a connection for too long")
      }
    }
  }
}
