import HubbubLog
import HubbubRooms
import HubbubStore
import IRCWire

// In a network, what is done to a registered room is two entries of the log: one of the accounts,
// one of the room. Where the node dies between them, the first of the others makes them agree.

extension Hub {
  /// Makes rooms and accounts agree where they did not at the last look either: what is under way
  /// is done by the next one. The chores' thread.
  ///
  /// - Parameter known: what was found at the last look.
  /// - Returns: whether nothing is left to look at.
  func mendRooms(_ known: inout Set<RoomFault>) -> Bool {
    guard let cluster, let accounts else { return true }
    guard cluster.node.status.nodes.first?.isSelf == true else { return true }
    let faults = roomFaults(accounts)
    for fault in faults where known.contains(fault) {
      logger.warning("a room is made what its accounts say", metadata: ["what": "\(fault)"])
      mend(fault, accounts)
    }
    known = faults
    return faults.isEmpty
  }

  private func roomFaults(_ accounts: AccountService) -> Set<RoomFault> {
    var live: [Int64: Room] = [:]
    for room in registry.rooms { if let number = room.keptNumber { live[number] = room } }
    var faults: Set<RoomFault> = []
    let kept = accounts.store.read { book in
      book.everyRoom.map { accounts.registration(of: $0, book) }
    }
    for wanted in kept {
      guard let room = live.removeValue(forKey: wanted.number) else {
        faults.insert(.notRegistered(wanted.number))
        continue
      }
      let now = room.registration?.access ?? [:]
      for account in Set(now.keys).union(wanted.access.keys)
      where now[account] != wanted.access[account] {
        faults.insert(
          .standing(room: room.name, account: account.text, wanted.access[account]))
      }
    }
    for room in live.values { faults.insert(.notKept(room: room.name)) }
    return faults
  }

  private func mend(_ fault: RoomFault, _ accounts: AccountService) {
    let deed: Action.Deed
    switch fault {
    case .notRegistered(let number):
      // Nobody was told that it is registered.
      _ = try? accounts.store.dropRoom(StreamID(rawValue: number), actor: serverName)
      return
    case .notKept(let room): deed = .keepRoom(nil, in: room, asServer: true)
    case .standing(let room, let account, let standing):
      deed = .setStanding(standing, of: account, in: room)
    }
    let action = Action(by: .server(of: registry), at: .now, deed)
    if let outcome = try? ordering.submit(action) { Room.deliver(to: outcome.rooms) }
  }
}
