import HubbubLog
import IRCWire

// Who has which account, as far as rooms know of it.

extension Registry {
  /// Somebody is known from now on to have an account, or none any more. Those are told who
  /// negotiated `account-notify` and share a room with it, or watch it; it itself is answered.
  ///
  /// Before it is registered nobody knows of it, and nobody is told.
  /// Where somebody is here with that account already, the connection becomes that person's.
  ///
  /// - Throws: `.tooManySessions`; `.isShared` where the person has other connections.
  func logIn(
    _ author: Author, as account: String?, isApart: Bool, now: Timestamp
  ) throws(Refusal) -> Outcome {
    let member = author.member
    var result = try state.withLock { (state) throws(Refusal) in
      let profile = member.profile
      guard profile.isRegistered, profile.account != account else {
        member.updateProfile { $0.account = account }
        return Outcome()
      }
      // It would be another person, and its other connections with it.
      if member.sessions.count > 1 { throw .isShared }
      if !isApart, let joined = try join(author.session, toPersonOf: account, now: now, &state) {
        return joined
      }
      forget(member, as: profile.account, &state)
      remember(member, as: account, &state)
      return change(author, echo: .never, now: now, state) { source, _ in
        var line = LineBuffer()
        // "If the user logs out of an account, the account name is an asterisk" (IRCv3
        // account-notify).
        line.append(source: source, "ACCOUNT", [account ?? "*"])
        return Event.Variant(needs: .accountNotify, line: line.bytes)
      } with: {
        $0.account = account
      }
    }
    if case .attached = result.answer { return result }
    // Those that have changed it are among those that were told.
    for room in recognize(member, now: now) where !result.rooms.contains(where: { $0 === room }) {
      result.rooms.append(room)
    }
    return result
  }

  /// Gives somebody another nickname, because it is another's. All who share a room with it see one
  /// NICK, and so does it itself.
  func renamePerson(
    _ nickname: String, to other: String, now: Timestamp
  ) throws(Refusal) -> Outcome {
    let (key, otherKey) = (FoldedName(nickname), FoldedName(other))
    return try state.withLock { (state) throws(Refusal) in
      guard let member = state.people[key], let session = member.anySession else {
        throw .noSuchNick(nickname)
      }
      guard state.people[otherKey] == nil else { throw .nicknameInUse }
      let former = member.profile
      state.people[key] = nil
      state.people[otherKey] = member
      member.updateProfile { $0.nickname = other }
      var outcome = announceName(
        of: Author(session), instead: former, isAsked: false, now: now, &state)
      outcome.people.append(member)
      return outcome
    }
  }
}
