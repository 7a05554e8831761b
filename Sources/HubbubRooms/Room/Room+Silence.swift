import HubbubLog

// Who may not speak in a room. Whatever text of its own a member's command shows the others is
// speech, and asks here first.

extension Room {
  /// The mode that keeps somebody from speaking to all here; nil where nothing does. The room's
  /// lock is held.
  func silence(of member: Member, _ state: inout State) -> Character? {
    silence(of: member, state.roster[member.id], &state)
  }

  /// The same for somebody whose seat is known: nil for none.
  func silence(of member: Member, _ seat: Seat?, _ state: inout State) -> Character? {
    if let seat, !seat.status.isEmpty { return nil }
    if state.modes.isModerated { return "m" }
    if isSilenced(member, &state) { return "b" }
    if state.modes.hearsAccountsOnly, member.profile.account == nil { return "M" }
    return state.modes.isHeardByOperators ? "U" : nil
  }

  /// The same, for the registry, which holds no room's lock.
  func silence(of member: Member) -> Character? { state.withLock { silence(of: member, &$0) } }

  /// Whether a member may not speak to all here. The lock is held (`withLocks`).
  func silences(_ member: Member) -> Bool {
    state.whileLocked { silence(of: member, &$0) != nil }
  }

  /// Whether a ban silences a member. Then it keeps its name for as long as it is here: another
  /// would be the way around the ban, and text besides. Under the registry's lock, and no room's.
  func holdsName(of member: Member) -> Bool {
    state.withLock { state in
      state.roster[member.id]?.status.isEmpty == true && isSilenced(member, &state)
    }
  }

  /// Whether a ban or a muting silences somebody without a voice. The verdict on a member is kept
  /// until the bans change.
  func isSilenced(_ member: Member, _ state: inout State) -> Bool {
    guard !state.lists.bans.isEmpty else { return false }
    let version = state.lists.banVersion
    if let known = state.roster[member.id]?.silence, known.version == version {
      return known.isSilenced
    }
    let isSilenced = state.lists.isSilenced(member.profile.maskSubject)
    state.roster.update(member.id) { $0.silence = (version, isSilenced) }
    return isSilenced
  }
}
