import HubbubRooms
import HubbubWeb
import IRCWire
import Logging

extension Session {
  /// The client says that it goes.
  func quit(_ message: String?) {
    isQuit = true
    // An empty one is none.
    quitMessage = message.flatMap { $0.isEmpty ? nil : $0 }
    // Of an account's connections the others go on: this one is told that it is the one that goes.
    if login != nil, registration.isComplete, terminal == nil, client.frames == nil {
      tell(from: source, "QUIT", [], trailing: quitMessage.map { "Quit: \($0)" } ?? "Quit")
    }
    refuse(quitMessage.map { "Quit: \($0)" } ?? "Quit", .normal)
  }

  /// Ends the session from this side, after the answers so far and a last line.
  ///
  /// - Parameter code: what a browser is told, which decides whether it comes again by itself.
  func refuse(_ reason: String, _ code: CloseCode = .policy) {
    refusal = reason
    flush()
    isClosed = true
    isEndedHere = true
    outbox.enqueueLast(client.lastWords(reason), closing: client.closing(code, reason))
    outbox.deliver()
  }

  /// Leaves all rooms and gives the name back, unless others are this person too, or it stays.
  ///
  /// - Returns: where it was reading, to be noted once its outbox is retired: the last thing a
  ///   session does.
  func leave(because cause: String) -> PlacesOfReading? {
    let reason = quitMessage.map { "Quit: \($0)" } ?? cause
    // When all are going, nobody is told of the others: n farewells, not n × n.
    let allAreGoing = hub.isStopping.load(ordering: .relaxed)
    let profile = member.profile
    let places = placesOfReading()
    if allAreGoing {
      note(places)
      if isStaying, let login {
        hub.accountChores.note(
          .record(hub.staying.record(of: member, login.account)), stayingFor: login.account)
      }
    }
    // Of a network the other nodes go on, and whoever stays does so there.
    let stays = (!allAreGoing || hub.ordering.isDistant) && isStaying
    if login != nil { hub.accounts?.note(nil, of: client.id) }
    // At other nodes nobody goes.
    let isUntold = allAreGoing && !hub.ordering.isDistant
    let deed = Action.Deed.quit(
      reason: isUntold ? nil : reason, silentReason: quitMessage == nil ? nil : "Quit",
      stays: stays)
    // It is refused only where the server is out of its network: then all of it are gone anyway.
    let farewell = (try? hub.ordering.submit(Action(by: author, at: .now, deed))) ?? Outcome()
    if case .detached(let losesRights, let stays) = farewell.answer {
      didDetach(losesRights: losesRights, stays: stays)
    } else {
      hub.clients.countEnd(wasRegistered: registration.isComplete)
      hub.metadata.forget(.guest(member.id))
      hub.markers.forget(guest: member.id)
      if let login, !allAreGoing { endStaying(login.account) }
    }
    if !allAreGoing {
      Room.deliver(to: farewell.rooms)
      for watcher in farewell.people { watcher.deliver() }
    }
    hub.endings.count(
      Endings.Reason(
        reason, hasQuit: isQuit, isSlow: outbox.ending?.lagBytes != nil,
        isEndedHere: isEndedHere || outbox.ending != nil))
    if let ending = outbox.ending {
      hub.endings.note(
        Endings.Ending(
          nickname: nickname, isInvisible: profile.isInvisible,
          rooms: farewell.rooms.map(\.epoch), reason: reason,
          lagBytes: ending.lagBytes ?? 0, moment: Moment.now))
    }
    logEnd(reason)
    // Of a connection that broke off nobody knows what came through: what it had read when it was
    // heard last was noted then.
    let isClean = isQuit || cause == Client.closedByItself
    return allAreGoing || !isClean ? nil : places
  }

  /// An account has nobody any more who would stay.
  func endStaying(_ account: Int64) {
    hub.staying.end(account)
    hub.accountChores.note(.nobody, stayingFor: account)
  }

  /// The connection is gone, and its person stays, with others or without.
  private func didDetach(losesRights: Bool, stays: Bool) {
    // In a network each connection is counted, for nobody knows which of a person's is the last.
    if hub.cluster != nil { hub.clients.countEnd(wasRegistered: true) }
    if stays, let login {
      hub.staying.begin(login.account, member, at: .now)
      hub.noteStaying(member)
    }
    guard losesRights else { return }
    tellOtherDevices(from: source, "MODE", [nickname, "-o"])
    member.deliver()
  }

  private func logEnd(_ reason: String) {
    let ending = outbox.ending
    let isEviction = ending?.lagBytes != nil
    hub.logger.log(
      level: isEviction ? .warning : .info, isEviction ? "evicted" : "disconnect",
      metadata: [
        "client": "\(client.id)", "nick": "\(nickname)", "from": "\(client.address)",
        "reason": "\(reason)",
        "lagBytes": "\(ending?.lagBytes ?? 0)",
      ])
  }
}
