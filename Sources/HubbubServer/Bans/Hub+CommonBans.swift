import HubbubLog
import HubbubRooms
import IRCWire

// Bans of a network of several nodes: what one of them is told holds at all, from one place in
// their log on.

extension Hub {
  /// Why a ban was not set or lifted.
  enum BanFailure: Error {
    case tooMany, noSuchBan

    /// The nodes cannot agree at the moment.
    case unavailable
  }

  /// Sets a ban, in the place of the one with the same target. Whoever it concerns is still to be
  /// ended (`endThose`), and where this server is alone the bans are to be saved. Under no lock;
  /// may wait for other servers.
  func set(_ ban: ServerBan) throws(BanFailure) {
    guard cluster != nil else {
      guard bans.add(ban, upTo: limits.serverBans) else { throw .tooMany }
      return
    }
    let others = bans.all(at: ban.setAt).filter { $0.target != ban.target }
    guard others.count < limits.serverBans else { throw .tooMany }
    try keep(ban.target, ban)
  }

  /// Lifts a ban. As for `set`.
  ///
  /// - Returns: the ban.
  func liftBan(of target: ServerBan.Target) throws(BanFailure) -> ServerBan {
    guard cluster != nil else {
      guard let ban = bans.remove(target) else { throw .noSuchBan }
      return ban
    }
    guard let ban = bans.all(at: .now).first(where: { $0.target == target }) else {
      throw .noSuchBan
    }
    try keep(target, nil)
    return ban
  }

  private func keep(_ target: ServerBan.Target, _ ban: ServerBan?) throws(BanFailure) {
    let server = Author(MemberSession(ofServers: Outbox(nowhere: registry.clock)))
    let deed = Action.Deed.keep(
      book: ServerBan.book, key: "\(target)", value: ban?.bytes, until: ban?.expiresAt)
    do throws(Refusal) {
      _ = try ordering.submit(Action(by: server, at: .now, deed))
    } catch {
      throw .unavailable
    }
  }

  /// Takes over the bans that the network has. Before anybody comes.
  func adoptCommonBans() {
    cluster?.news.begin(with: bans)
    for (key, value) in registry.book(ServerBan.book) {
      bans.note(key, ServerBan(value))
    }
  }
}

extension BanList {
  /// The network has a ban from here on, or no more (nil). In the order of its log; waits for
  /// nothing.
  ///
  /// - Parameter key: its target.
  func note(_ key: String, _ ban: ServerBan?) {
    if let ban {
      _ = add(ban, upTo: .max)
    } else if let target = try? ServerBan.Target(key) {
      _ = remove(target)
    }
  }
}
