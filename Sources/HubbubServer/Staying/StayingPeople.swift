import HubbubLog
import HubbubRooms
import HubbubStore
import HubbubThreads
import IRCWire

/// People who stay in their rooms without a connection, and how far the devices of every account
/// have read. Any thread.
///
/// 1. The last connection of a person goes whose account says `ACCOUNT SET stay on`: the person
///    stays, away.
/// 2. What it would go on with after a restart is written down as it changes, by `AccountChores`.
/// 3. A device comes back: it is told what was said since it was there (`Session.replay`).
/// 4. Whoever stays for too long without one goes.
final class StayingPeople: Sendable {
  private struct State {
    /// By account, device and room: the number of the last entry that the device has taken.
    var read: [Int64: [String: [String: UInt64]]] = [:]

    /// The accounts of whose people has no connection, and since when.
    var since: [Int64: Timestamp] = [:]

    /// Their accounts by the people's numbers: names may change.
    var accounts: [MemberID: Int64] = [:]
  }

  /// Guards both. Nothing else is locked under it.
  private let state = Monitor(State())

  /// An account keeps this many devices: of more, any.
  private static let devices = 16

  var count: Int { state.withLock { $0.since.count } }

  /// Whether an account's person is here without a connection.
  func isStaying(_ account: Int64) -> Bool { state.withLock { $0.since[account] != nil } }

  /// A person stays from now on, unless it has a connection again by now.
  ///
  ///     the last connection's thread     the next one's
  ///     leaves
  ///                                      is the person's, `end`
  ///     `begin`: looks, and ends it
  func begin(_ account: Int64, _ person: Member, at time: Timestamp) {
    state.withLock { state in
      state.since[account] = time
      state.accounts[person.id] = account
    }
    if !person.sessions.isEmpty { end(account) }
  }

  func end(_ account: Int64) {
    state.withLock { state in
      state.since[account] = nil
      state.accounts = state.accounts.filter { $0.value != account }
    }
  }

  /// Whose account it is that somebody stays for.
  func account(of person: Member) -> Int64? { state.withLock { $0.accounts[person.id] } }

  /// Those who stay since before a time.
  func accounts(since time: Timestamp) -> [Int64] {
    state.withLock { state in state.since.filter { $0.value < time }.map(\.key) }
  }

  /// How far a device has read each room, by the room's number; nil for one that was never here.
  func lastRead(_ account: Int64, _ device: String) -> [String: UInt64]? {
    state.withLock { $0.read[account]?[FoldedName(device).text] }
  }

  /// Notes how far a device has read; never back: of two connections of it one may be dead.
  func note(_ read: [String: UInt64], of account: Int64, _ device: String) {
    let device = FoldedName(device).text
    state.withLock { state in
      var known = state.read[account] ?? [:]
      if known[device] == nil, known.count >= Self.devices, let some = known.keys.first {
        known[some] = nil
      }
      known[device] = (known[device] ?? [:]).merging(read) { max($0, $1) }
      state.read[account] = known
    }
  }

  /// What is written down of a person now.
  ///
  /// - Parameter noted: what is written down by now, perhaps by other nodes of a network.
  func record(
    of person: Member, _ account: Int64, besides noted: StayingState? = nil
  ) -> String {
    let (here, known) = state.withLock { ($0.read[account] ?? [:], $0.since[account]) }
    // Without a connection it stays since it was noted, whoever writes of it.
    let former = noted.flatMap { noted in
      person.sessions.isEmpty ? Timestamp(milliseconds: noted.since) : nil
    }
    let since = known ?? former ?? .now
    let all = here.merging(noted?.read ?? [:]) { $0.merging($1) { max($0, $1) } }
    let kept = all.sorted { $0.key < $1.key }.prefix(Self.devices)
    let read = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    return StayingState(of: person, since: since, read: read).stored
  }

  // MARK: After a restart

  /// Brings those back who stayed as the server stopped. As it starts, before anybody comes.
  ///
  /// - Parameter ordering: that of nobody else yet.
  func restore(in hub: Hub, by ordering: any Ordering) {
    guard let accounts = hub.accounts else { return }
    let limit = hub.configuration.accounts.staying
    for row in accounts.store.read({ $0.everybodyStaying }).prefix(limit) {
      guard let account = accounts.account(row.account), account.mayStay,
        let state = StayingState(stored: row.state)
      else { continue }
      self.state.withLock { $0.read[account.id] = state.read }
      do throws(Refusal) {
        try bringBack(account, state, hub, ordering)
      } catch {
        hub.logger.warning(
          "does not stay", metadata: ["account": "\(account.name)", "reason": "\(error)"])
      }
    }
  }

  private func bringBack(
    _ account: Account, _ state: StayingState, _ hub: Hub, _ ordering: any Ordering
  ) throws(Refusal) {
    let id = hub.clients.drawID()
    var profile = Profile(
      host: hub.shownHost(of: state.address), address: state.address,
      signedOn: Timestamp(milliseconds: state.since))
    profile.userName = state.userName
    profile.realName = state.realName
    let outbox = Outbox(
      reader: id, clock: hub.registry.clock, outlet: NoOutlet(hub.writableWatcher),
      lagLimitBytes: .max)
    let person = Member(id: id, profile: profile)
    let session = MemberSession(id: id, of: person, outbox: outbox)
    func act(_ deed: Action.Deed) throws(Refusal) -> Outcome {
      try ordering.submit(Action(by: Author(session), at: .now, deed))
    }
    _ = try act(.changeNickname(state.nickname))
    _ = try act(.logIn(account.name))
    _ = try act(.register())
    for room in state.rooms {
      // One that it may not come into any more it does without.
      guard let outcome = try? act(.join(room, key: nil, isReturn: true)) else { continue }
      if case .joined(let view, _) = outcome.answer {
        outbox.fill(view.reservation!, with: [])
        // Whoever makes a room anew operates it: the first to be back need not have.
        guard view.own?.status.contains(.operating) == true, view.room.keptNumber == nil,
          state.operated?.contains(room) != true
        else { continue }
        _ = try? act(
          .changeModes(
            [.status(isAdding: false, .operating, mode: "o", state.nickname)], in: room,
            asServer: true, masksPerList: 0))
      }
    }
    _ = try act(.quit(reason: nil, silentReason: nil, stays: true))
    outbox.retire()
    begin(account.id, person, at: Timestamp(milliseconds: state.since))
    if hub.cluster == nil { hub.clients.countStaying() }
  }
}

extension Account {
  /// Whether its person stays in its rooms while no device is connected.
  var mayStay: Bool { isOpen && flags.contains(.stays) }
}
