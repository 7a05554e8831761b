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
    let isLast = hub.isStopping.load(ordering: .relaxed)
    let profile = member.profile
    let places = placesOfReading()
    if isLast {
      note(places)
      hub.noteStaying(member)
    }
    let stays = !isLast && isStaying
    if login != nil { hub.accounts?.note(nil, of: client.id) }
    let deed = Action.Deed.quit(
      reason: isLast ? nil : reason, silentReason: quitMessage == nil ? nil : "Quit",
      stays: stays)
    // It is never refused.
    let farewell = (try? hub.ordering.submit(Action(by: author, at: .now, deed))) ?? Outcome()
    if case .detached(let losesRights, let stays) = farewell.answer {
      didDetach(losesRights: losesRights, stays: stays)
    } else {
      hub.clients.countEnd(ofRegistered: registration.isComplete ? profile : nil)
      hub.metadata.forget(.guest(member.id))
      if let login, stays { hub.accountChores.noteStaying(login.account, nil) }
    }
    if !isLast {
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
    return isLast ? nil : places
  }

  /// The connection is gone, and its person stays, with others or without.
  private func didDetach(losesRights: Bool, stays: Bool) {
    if stays, let login {
      hub.staying.begin(login.account, at: .now)
      hub.noteStaying(member)
    }
    guard losesRights else { return }
    hub.clients.count(operators: -1)
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
