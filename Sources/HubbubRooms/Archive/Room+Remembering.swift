import HubbubLog

extension Room {
  /// Opens the log that its keeper reads, for as long as the room lasts. As it is made.
  func follow() {
    guard let keeper else { return }
    state.withLock { state in
      let log = Log(firstSequence: published.value + 1)
      state.logs.append(LogInUse(rendition: RoomPast.rendition, log: log, readers: 1))
      keeper.follow(LogTail(published: published, log: log))
      noteRestriction(state)
    }
  }

  /// What is said from here on is for others to know, or not any more. Under the room's lock.
  func noteRestriction(_ state: State) {
    let isRestricted =
      switch state.registration?.visibility {
      case .joined: true
      case .members: false
      case nil: state.modes.isRestricted
      }
    keeper?.noteRestriction(isRestricted, from: published.value + 1)
  }

  /// The room is over. Under the registry's lock.
  func endKeeping() {
    guard let keeper else { return }
    keeper.close(last: published.value, at: state.withLock { $0.lastTime })
  }

  /// The numbers of what was said since somebody is here, up to now; nil where it is not here. Any
  /// thread.
  public func presence(of member: Member) -> ClosedRange<UInt64>? {
    state.withLock { state in
      state.roster[member.id].map { $0.since...max($0.since, published.value) }
    }
  }
}
