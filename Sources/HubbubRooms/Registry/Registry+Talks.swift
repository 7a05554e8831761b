import IRCWire

// What people say to each other in private, and is remembered.

extension Registry {
  /// The talk of two people, which is made if there is none; nil where it is not remembered. Under
  /// the registry's lock.
  func talk(of author: Author, with other: Profile, _ state: inout State) -> PrivateTalk? {
    guard let archive, let own = author.account, let account = other.account,
      let name = archive.talk(of: own, with: account)
    else { return nil }
    if let known = state.talks[name] { return known }
    state.roomsMade += 1
    let epoch = "\(epoch).\(String(state.roomsMade, radix: 36))"
    guard let past = archive.open(name, epoch: epoch) else { return nil }
    let talk = PrivateTalk(
      name: name, clock: clock, number: state.roomsMade, epoch: Array(epoch.utf8), past: past)
    state.talks[name] = talk
    return talk
  }

  /// The number of the last thing that was said in each of these, where something was said lately.
  /// Any thread.
  public func last(ofTalks names: [String]) -> [String: UInt64] {
    state.withLock { last(ofTalks: names, $0) }
  }

  /// Under the registry's lock.
  func last(ofTalks names: [String], _ state: State) -> [String: UInt64] {
    var found: [String: UInt64] = [:]
    for name in names { found[name] = state.talks[name]?.last }
    return found
  }

  /// Closes those in which nothing was said since: the next word begins another life of them. Any
  /// thread, under no lock.
  ///
  /// - Parameter time: nil for all of them, as the server stops.
  public func closeTalks(silentSince time: Timestamp?) {
    state.withLock { state in
      for talk in state.talks.values where time.map(talk.isSilent) ?? true {
        state.talks[talk.name] = nil
        talk.close()
      }
    }
  }
}
