import HubbubRooms
import IRCWire

extension Session {
  /// `REGAIN [<nickname>]`: a nickname of the account's, from whoever has it. A guest goes on under
  /// a guest's name; a connection of the account's own is ended.
  func regain(_ asked: String?, _ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else {
      return fail(voice, "ACCOUNT_REQUIRED", [], "Log in to your account first")
    }
    let wanted = asked ?? login.name
    guard accounts.owner(ofNickname: wanted)?.id == login.account else {
      return fail(voice, "NOT_ALLOWED", [wanted], "This nickname is not your account's")
    }
    guard FoldedName(wanted) != FoldedName(nickname) else {
      return fail(voice, "NOT_ALLOWED", [wanted], "You have it already")
    }
    takeAway(wanted, from: login.account)
    // It is the account's own: nobody else can have taken it in between.
    dispatch(Message("NICK", wanted))
  }

  /// `GHOST <nickname>`, as NickServ knows it: the holder gives it up, the client keeps its own.
  func ghost(_ wanted: String, _ voice: AccountVoice) {
    guard let login, hub.accounts?.owner(ofNickname: wanted)?.id == login.account,
      FoldedName(wanted) != FoldedName(nickname)
    else { return fail(voice, "NOT_ALLOWED", [wanted], "This nickname is not your account's") }
    takeAway(wanted, from: login.account)
    tell(voice, "SUCCESS", [wanted], "\(wanted) is free for you")
  }

  private func takeAway(_ wanted: String, from account: Int64) {
    guard let holder = hub.registry.member(named: wanted), holder !== member else { return }
    let held = holder.sessions.map(\.id)
    let own = hub.logins(of: account).map(\.session).filter(held.contains)
    hub.logger.notice(
      "nickname regained", metadata: ["nick": "\(wanted)", "by": "\(source)"])
    hub.end(own, because: "Its account came again")
    // Also the own one, which has not left yet.
    for _ in 0..<Self.guestNames {
      do throws(Refusal) {
        try announce(.renamePerson(wanted, to: Self.guestName))
        return
      } catch {
        // Nobody has the name any more.
        guard error == .nicknameInUse else { return }
      }
    }
  }

  /// This many names for a guest are tried.
  private static let guestNames = 10
}
