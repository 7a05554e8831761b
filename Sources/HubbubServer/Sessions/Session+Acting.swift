import HubbubRooms

// The one way in which a session does something, but for its end.

extension Session {
  /// Does something: what was answered so far stands before it, its own copy at its place, and
  /// whoever has something to read is delivered to at the end of the read.
  ///
  /// - Throws: why it was not done; nothing has been answered then.
  @discardableResult
  func perform(_ deed: Action.Deed) throws(Refusal) -> Outcome {
    flush()
    let outcome = try submit(deed)
    outcome.talk?.keeper?.hasNews()
    for receipt in outcome.receipts {
      countQueued(
        answers.fill(
          receipt.reservation, with: receipt.bytes, isOneMessage: true, in: outbox))
      // Also where it is empty: whoever looked meanwhile has stopped at the place.
      willDeliver(to: member)
    }
    outcome.rooms.forEach(willDeliver(to:))
    if case .renameRoom = deed { outcome.rooms.flatMap(\.people).forEach(hub.noteStaying) }
    if deed.movesPeople { (outcome.people + [member]).forEach(hub.noteStaying) }
    if deed.changesRoom { outcome.rooms.forEach(hub.accountChores.note) }
    willDeliver(to: outcome.people)
    charge(Self.copyThousandths * outcome.copies)
    return outcome
  }

  /// Where other servers are asked, this waits for them: what was done before is on its way then.
  /// Where they cannot be asked, that is the whole answer: "When a server drops a command without
  /// processing it, it MUST use the reply RPL_TRYAGAIN to inform the originating client" (RFC 2812
  /// section 5.1).
  private func submit(_ deed: Action.Deed) throws(Refusal) -> Outcome {
    let action = Action(by: author, at: .now, deed)
    guard hub.ordering.isDistant else { return try hub.ordering.submit(action) }
    // What was dropped of a command takes the rest of it along.
    if answers.isMuted { throw .unavailable }
    countQueued(answers.release(to: outbox))
    deliverToRecipients()
    do throws(Refusal) { return try hub.ordering.submit(action) } catch {
      guard error == .unavailable else { throw error }
      // Which is never answered.
      if commandName != "NOTICE" {
        reply(
          .tryAgain, [commandName],
          trailing: "Please wait a while and try again: the servers cannot agree at the moment")
      }
      answers.isMuted = true
      throw error
    }
  }

  /// Does something in a room, and answers what was refused of it.
  ///
  /// - Parameter room: its name, as it was asked for.
  /// - Returns: nil where nothing was done.
  @discardableResult
  func attempt(_ deed: Action.Deed, in room: String) -> Outcome? {
    do throws(Refusal) {
      let outcome = try perform(deed)
      for refusal in outcome.refusals { replyRefusal(refusal, shownName(of: room)) }
      return outcome
    } catch {
      replyRefusal(error, shownName(of: room))
      return nil
    }
  }

  /// Does something that all its rooms and all who watch it hear of, which counts for more than a
  /// line.
  func announce(_ deed: Action.Deed) throws(Refusal) {
    chargeAnnouncement(try perform(deed))
  }

  func chargeAnnouncement(_ outcome: Outcome) {
    charge(
      Self.roomThousandths * outcome.rooms.count
        + Self.copyThousandths * outcome.people.count)
  }

  /// How much of a line each room counts that hears of an event, and each copy for one alone.
  private static let (roomThousandths, copyThousandths) = (100, 10)
}
