import HubbubRooms
import IRCWire

extension Hub {
  /// Has the bans written to their file, if they have changed, and waits for it up to
  /// `limits.disk`. Any thread.
  ///
  /// - Returns: why they were not written.
  func saveBans() -> String? {
    let reason = banWriting.run(upTo: limits.disk) { [bans, logger] () -> String? in
      var reason: String?
      // While a disk hung, others may have given up waiting to save theirs.
      repeat { reason = bans.save(logger) } while reason == nil && !bans.isSaved
      return reason
    }
    if let reason { return reason }
    // Those who stop the server have them saved once more.
    if !banWriting.isReleased {
      logger.critical("bans not saved yet", metadata: ["reason": "the disk takes its time"])
    }
    return "the disk takes its time; they are written when it is back"
  }

  /// Ends those who are here. Not operators, who would keep themselves out by a slip.
  ///
  /// Also those who are not registered yet: they have passed the check at the door, or will come to
  /// it.
  func endThose(whoMatch ban: ServerBan) -> Int {
    var count = 0
    for person in registry.members {
      let sessions = person.sessions
      guard !sessions.contains(where: { $0.isOperating && person.profile.isOperator }) else {
        continue
      }
      let profile = person.profile
      let isBanned = ban.matches(profile.maskSubject, from: IPAddress(profile.peerAddress))
      let banned = sessions.filter { self.isBanned($0, profile, by: ban) }
      guard isBanned && sessions.isEmpty || !banned.isEmpty else { continue }
      count += max(1, banned.count)
      // A person of whom nothing is left does not stay either.
      if banned.count == sessions.count {
        expel(person, because: ban.explanation)
      } else {
        for session in banned { clients.client(session.id)?.end(ban.explanation, .policy) }
      }
    }
    for client in clients.all where !client.member.profile.isRegistered {
      guard client.outbox.ending == nil,
        isBanned(client.memberSession, client.member.profile, by: ban)
      else { continue }
      client.end(ban.explanation, .policy)
      count += 1
    }
    return count
  }

  /// By what its person is, or by where this connection of it comes from.
  private func isBanned(
    _ session: MemberSession, _ profile: Profile, by ban: ServerBan
  ) -> Bool {
    let origin = session.origin
    let address = IPAddress(origin.peerAddress)
    return ban.matches(profile.maskSubject, from: address)
      || ban.matches(origin.maskSubject, from: address)
  }
}
