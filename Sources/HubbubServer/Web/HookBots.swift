import HubbubLog
import HubbubRooms
import HubbubThreads
import HubbubWeb
import IRCWire

/// The bots that say what hooks bring: one for each token, in its room from its first message on.
/// They read nothing. Any thread.
final class HookBots: Sendable {
  /// Guards the bots, by the names of their tokens. Nothing else is locked under it.
  private let bots = Monitor<[String: Bot]>([:])

  /// Hooks are called one at a time: none makes a second bot, and lines of two do not mix.
  private let turns = OneAtATime()

  /// This many may wait for their turn.
  private static let queue = 16

  private struct Bot {
    let session: MemberSession
    let room: String
  }

  /// Says lines in a room, each cut to what fits.
  ///
  /// - Returns: why they cannot be said; nil where they were.
  func say(_ lines: [String], as token: AccessToken, in room: String, _ hub: Hub) -> String? {
    let refusal = turns.run(upTo: Self.queue) { () -> String in
      // It may have waited, for its body or for its turn.
      guard hub.configuration.tokens.contains(token) else { return "the token is gone" }
      do throws(Refusal) {
        try sayNow(lines, as: token, in: room, hub)
        return ""
      } catch { return error.answer(about: room)?.trailing ?? "it is so already" }
    }
    guard let refusal else { return "too many hooks are waiting" }
    return refusal.isEmpty ? nil : refusal
  }

  /// Ends the bots of tokens that are gone, or that may speak in their room no more. Under no lock.
  func keep(_ tokens: [AccessToken], _ hub: Hub) {
    end("Its token is gone", hub) { name, bot in
      !tokens.contains { token in
        token.name == name
          && token.scopes.contains { $0.room.map(FoldedName.init) == FoldedName(bot.room) }
      }
    }
  }

  /// Ends a bot, if this is one's session; the next hook brings another. Under no lock.
  func end(_ session: MemberID, because reason: String, _ hub: Hub) {
    end(reason, hub) { _, bot in bot.session.id == session }
  }

  private func end(
    _ reason: String, _ hub: Hub, where isGoing: (_ token: String, _ bot: Bot) -> Bool
  ) {
    // At its turn, so that none goes while it speaks.
    turns.run(upTo: .max) {
      for (name, bot) in bots.withLock({ $0 }) where isGoing(name, bot) {
        bots.withLock { $0[name] = nil }
        let quit = Action(
          by: Author(bot.session), at: .now, .quit(reason: reason, silentReason: nil))
        // It is never refused.
        let farewell = (try? hub.ordering.submit(quit)) ?? Outcome()
        Room.deliver(to: farewell.rooms)
        for watcher in farewell.people { watcher.deliver() }
        bot.session.outbox.retire()
      }
    }
  }

  private func sayNow(
    _ lines: [String], as token: AccessToken, in room: String, _ hub: Hub
  ) throws(Refusal) {
    let bot = try self.bot(for: token, in: room, hub)
    let author = Author(bot.session)
    for line in lines {
      let text = line.cut(toBytes: LineBuffer.maxBytes - Self.headBytes)
      let speech = Speech(.message, .text(SpokenText(text)))
      let outcome = try hub.ordering.submit(
        Action(by: author, at: .now, .say([speech], in: RoomReference(room), to: nil)))
      for receipt in outcome.receipts {
        bot.session.outbox.fill(receipt.reservation, with: receipt.bytes)
      }
      if let refusal = outcome.refusals.first { throw refusal }
      Room.deliver(to: outcome.rooms)
    }
  }

  /// What stands before a text in a line, at the most.
  private static let headBytes = 200

  private func bot(
    for token: AccessToken, in room: String, _ hub: Hub
  ) throws(Refusal) -> Bot {
    let known = bots.withLock { $0[token.name] }
    let name = FoldedName(room)
    if let known, known.session.member.rooms.contains(where: { FoldedName($0.name) == name }) {
      return known
    }
    let bot: Bot
    if let known { bot = known } else { bot = try makeBot(token, room, hub) }
    let outcome = try hub.ordering.submit(
      Action(by: Author(bot.session), at: .now, .join(room, key: nil)))
    if case .joined(let view, _) = outcome.answer, let place = view.reservation {
      bot.session.outbox.fill(place, with: [])
    }
    for receipt in outcome.receipts {
      bot.session.outbox.fill(receipt.reservation, with: receipt.bytes)
    }
    Room.deliver(to: outcome.rooms)
    bot.session.outbox.deliver()
    let entered = Bot(session: bot.session, room: room)
    bots.withLock { $0[token.name] = entered }
    return entered
  }

  private func makeBot(
    _ token: AccessToken, _ room: String, _ hub: Hub
  ) throws(Refusal) -> Bot {
    let id = hub.clients.drawID()
    var profile = Profile(host: hub.serverName, address: hub.serverName, signedOn: .now)
    profile.userName = "hook"
    profile.realName = "What \(token.name) tells"
    profile.userModes.isBot = true
    let outbox = Outbox(
      reader: id, clock: hub.registry.clock, outlet: NoOutlet(hub.writableWatcher),
      lagLimitBytes: .max)
    let session = MemberSession(id: id, of: Member(id: id, profile: profile), outbox: outbox)
    try takeName(token.name, session, hub)
    return Bot(session: session, room: room)
  }

  /// Its token's name, or one behind it that is free.
  private func takeName(_ wanted: String, _ session: MemberSession, _ hub: Hub) throws(Refusal) {
    let isName = Names.isNickname(wanted, limit: hub.limits.nicknameBytes - 2)
    let name = isName ? wanted : "hook"
    for number in 0..<10 {
      do throws(Refusal) {
        let nickname = number == 0 ? name : "\(name)_\(number)"
        _ = try hub.ordering.submit(
          Action(by: Author(session), at: .now, .changeNickname(nickname)))
        _ = try hub.ordering.submit(Action(by: Author(session), at: .now, .register()))
        return
      } catch {
        if number == 9 { throw error }
      }
    }
  }
}
