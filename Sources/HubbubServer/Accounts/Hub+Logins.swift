import HubbubLog
import HubbubRooms
import HubbubStore

// Who is logged in to an account, at whichever node of a network.

extension Hub {
  /// A connection that is logged in.
  struct LoggedIn {
    let session: MemberID
    let login: AccountLogin

    /// The person's nickname; nil where it has none yet.
    let nickname: String?
  }

  /// The connections of an account, the oldest of this server first. Any thread; in a network it
  /// looks at everybody.
  func logins(of account: Int64) -> [LoggedIn] {
    let here = (accounts?.sessions(of: account) ?? []).map { session, login in
      LoggedIn(
        session: session, login: login,
        nickname: clients.client(session)?.member.profile.nickname)
    }
    guard cluster != nil else { return here }
    let elsewhere = registry.sessionsElsewhere.compactMap { session -> LoggedIn? in
      guard let login = session.credential.flatMap({ try? AccountLogin($0) }),
        login.account == account
      else { return nil }
      return LoggedIn(
        session: session.id, login: login, nickname: session.member.profile.nickname)
    }
    return here + elsewhere.sorted { $0.session < $1.session }
  }

  /// Ends connections, at whichever node. Any thread, under no lock.
  func end(_ sessions: [MemberID], because reason: String) {
    endHere(sessions, because: reason)
    let elsewhere = sessions.filter { clients.client($0) == nil }
    guard cluster != nil, !elsewhere.isEmpty else { return }
    // Where nobody can be asked, the others' time is over anyway.
    _ = try? ordering.submit(
      Action(by: .server(of: registry), at: .now, .dismiss(elsewhere, reason: reason)))
  }

  /// The same of those that are this server's.
  func endHere(_ sessions: [MemberID], because reason: String) {
    for session in sessions { clients.client(session)?.end(reason) }
  }

  /// Ends the connections that are logged in to an account.
  ///
  /// - Parameter own: the one that goes on.
  /// - Returns: how many there were.
  @discardableResult
  func endConnections(
    of account: Int64, except own: MemberID? = nil, because reason: String
  ) -> Int {
    let count = logins(of: account).count { $0.session != own }
    endHere(of: account, except: own, because: reason)
    // Those as well that are not registered yet, of whom their node alone knows.
    if cluster != nil {
      _ = try? ordering.submit(
        Action(
          by: .server(of: registry), at: .now,
          .dismissAll(account: account, except: own, reason: reason)))
    }
    return count
  }

  /// The same of those that are this server's.
  func endHere(of account: Int64, except own: MemberID?, because reason: String) {
    let sessions = (accounts?.sessions(of: account) ?? []).map(\.session)
    endHere(sessions.filter { $0 != own }, because: reason)
  }
}

extension Author {
  /// By whom a server acts where nobody does.
  static func server(of registry: Registry) -> Author {
    Author(MemberSession(ofServers: Outbox(nowhere: registry.clock)))
  }
}
