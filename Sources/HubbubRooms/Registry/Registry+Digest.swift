import IRCWire

// Whether two registries that applied the same actions are in the same state.

extension Registry {
  /// A number for all that actions decide: who is here under which name, the rooms with their
  /// names, modes, topics, lists, members and how much was said in them. Two registries in the same
  /// state have the same number, in whatever process.
  ///
  /// Takes one step for everybody and everything; for tests and debug builds. Any thread, under no
  /// lock.
  public func digest() -> UInt64 {
    state.withLock { state in
      var digest = StateDigest()
      let people = state.people.values.sorted { $0.id < $1.id }
      for member in people { member.profile.add(to: &digest, member.id) }
      for room in state.rooms.values.sorted(by: { $0.epoch.lexicographicallyPrecedes($1.epoch) }) {
        room.add(to: &digest)
      }
      digest.add(UInt64(state.roomsMade))
      return digest.value
    }
  }
}

extension Profile {
  fileprivate func add(to digest: inout StateDigest, _ id: MemberID) {
    digest.add(id)
    digest.add(source)
    digest.add(realName)
    digest.add(away ?? "")
    digest.add(account ?? "")
  }
}

extension Room {
  fileprivate func add(to digest: inout StateDigest) {
    state.withLock { state in
      digest.add(name)
      digest.add(String(decoding: epoch, as: UTF8.self))
      digest.add(published.value)
      digest.add(UInt64(bitPattern: state.lastTime.milliseconds))
      digest.add(state.topic.map { "\($0.text) \($0.setBy) \($0.setAt)" } ?? "")
      digest.add(ModeChange.encoded(state.modes.changes(showsKey: true)).joined(separator: " "))
      for list in [state.lists.bans, state.lists.banExceptions, state.lists.inviteExceptions] {
        for entry in list.entries { digest.add("\(entry.mask) \(entry.setBy) \(entry.setAt)") }
      }
      for seat in state.roster.entries.sorted(by: { $0.member.id < $1.member.id }) {
        digest.add(seat.member.id)
        digest.add("\(seat.source) \(seat.status.rawValue)")
      }
      for guest in state.invited.sorted() { digest.add(guest) }
      let access = (state.registration?.access ?? [:]).map { "\($0.key.text) \($0.value)" }
      for entry in access.sorted() { digest.add(entry) }
    }
  }
}
