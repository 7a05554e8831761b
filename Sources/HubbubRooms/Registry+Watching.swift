import IRCWire

extension Registry {
  /// Adds to what somebody watches, and says who of them is here.
  ///
  /// The answer is queued under the lock that orders coming and going: nothing that happens later overtakes
  /// it. Deliver afterwards, to the watcher.
  /// - Returns: those that were not added because the list is full.
  public func watch(_ nicknames: [String], by watcher: Member, limit: Int) -> [String] {
    state.withLock { state in
      var accepted: [String] = []
      var refused: [String] = []
      for nickname in nicknames {
        if state.watchlist.insert(nickname, by: watcher, limit: limit) {
          accepted.append(nickname)
        } else {
          refused.append(nickname)
        }
      }
      reportPresence(of: accepted, to: watcher, state)
      return refused
    }
  }

  public func unwatch(_ nicknames: [String], by watcher: Member) {
    state.withLock { state in
      for nickname in nicknames { state.watchlist.remove(nickname, by: watcher) }
    }
  }

  public func unwatchAll(by watcher: Member) {
    state.withLock { $0.watchlist.removeAll(by: watcher) }
  }

  /// What somebody watches, in alphabetical order.
  public func watched(by watcher: Member) -> [String] {
    state.withLock { $0.watchlist.targets(of: watcher) }
  }

  /// Says who of those that somebody watches is here. Deliver afterwards, to the watcher.
  public func reportPresence(to watcher: Member) {
    state.withLock { state in
      reportPresence(of: state.watchlist.targets(of: watcher), to: watcher, state)
    }
  }

  /// A registration is complete: those who watch the name are told. Deliver to them afterwards.
  public func noteArrival(of member: Member) -> [Member] {
    state.withLock { state in
      member.updateProfile { $0.isRegistered = true }
      return tellWatchers(of: member.profile.nickname, isHere: true, as: member.profile.source, state)
    }
  }

  private func reportPresence(of nicknames: [String], to watcher: Member, _ state: State) {
    var online: [String] = []
    var offline: [String] = []
    for nickname in nicknames {
      if let profile = state.people[FoldedName(nickname)]?.profile, profile.isRegistered {
        online.append(profile.source)
      } else {
        offline.append(nickname)
      }
    }
    place(.monitorOnline, online, to: watcher)
    place(.monitorOffline, offline, to: watcher)
  }

  /// Under the registry's lock. Returns those to deliver to.
  func tellWatchers(
    of nickname: String, isHere: Bool, as shown: String, _ state: State
  ) -> [Member] {
    let watchers = state.watchlist.watchers(of: nickname)
    for watcher in watchers {
      place(isHere ? .monitorOnline : .monitorOffline, [shown], to: watcher)
    }
    return watchers
  }

  /// Those who watch a member and are told of more than its coming and going (`extended-monitor`), and share
  /// no room with it, from which they would hear as well. Under the registry's lock.
  func farWatchers(of member: Member, _ state: State) -> [Member] {
    state.watchlist.watchers(of: member.profile.nickname).filter { watcher in
      watcher !== member && watcher.profile.capabilities.contains(.extendedMonitor)
        && !member.rooms.contains { $0.isShared(by: member, and: watcher) }
    }
  }

  /// Queues names between commas, as many to a line as fit.
  private func place(_ numeric: Numeric, _ names: [String], to watcher: Member) {
    let nickname = watcher.profile.nickname
    var lines = LineBuffer()
    for list in names.lists(bytes: 380) {
      lines.append(source: serverName, numeric.code, [nickname], trailing: list)
    }
    watcher.outbox.place(Block(lines.bytes))
  }
}
