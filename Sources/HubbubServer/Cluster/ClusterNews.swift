import HubbubCluster
import HubbubRooms
import HubbubStore
import HubbubThreads
import IRCWire
import Logging

/// Tells clients, and the log, of what happens in the network. What is noted is told by a thread of
/// its own, so that the node's never wait.
final class ClusterNews: NodeObserver {
  private enum Item: Sendable {
    case expelled(Member, reason: String)
    case dismissed([MemberID], reason: String)
    case dismissedAll(account: Int64, except: MemberID?, reason: String)
    case notified(String)

    /// What is remembered of a room is to be deleted.
    case forgotten(Room)

    /// How far the people of accounts have read, at another node.
    case read([ReadMarker])

    /// Of somebody who is connected here as well.
    case modes(Member, [ModeChange])

    /// Somebody who may have stayed here has a connection again.
    case attached(Member)

    /// A room is nobody's any more.
    case unregistered(Room)
    case newcomers([Room.Newcomer])
    case node(NodeID, String, isHere: Bool)
    case away(String)
    case back
    case over(String)
  }

  private struct State {
    var items: [Item] = []
    var isStopping = false
  }

  /// Guards what is to be told. Nothing else is locked under it.
  private let state = Monitor(State())

  /// Has the server end its clients and enter the network anew; with the reason.
  private let askToReturn: @Sendable (String) -> Void

  /// The server's, once it has them. Set before the node's threads start.
  private let held = Monitor<BanList?>(nil)

  init(_ askToReturn: @escaping @Sendable (String) -> Void) { self.askToReturn = askToReturn }

  /// Whose bans these are that the network keeps.
  func begin(with bans: BanList) { held.withLock { $0 = bans } }

  // MARK: NodeObserver

  func didApply(_ deed: Action.Deed, by author: Author, _ outcome: Outcome) {
    // Whoever is to go may be connected here.
    switch deed {
    case .expel(let reason): add(.expelled(author.member, reason: reason))
    case .dismiss(let sessions, let reason): add(.dismissed(sessions, reason: reason))
    case .dismissAll(let account, let own, let reason):
      add(.dismissedAll(account: account, except: own, reason: reason))
    case .forgetWords: for room in outcome.rooms { add(.forgotten(room)) }
    case .notify(let text): add(.notified(text))
    case .keepRoom(nil, _, _): for room in outcome.rooms { add(.unregistered(room)) }
    default: break
    }
    // Places are held for those of this node who come into a room by it.
    switch outcome.answer {
    case .renamed(let newcomers), .joined(_, let newcomers):
      let own = newcomers.filter { !$0.session.isElsewhere }
      if !own.isEmpty { add(.newcomers(own)) }
    case .attached(let attachment): add(.attached(attachment.person))
    case .userModes(let before, let now):
      add(.modes(author.member, now.changes(since: before)))
    case .detached(losesRights: true, _):
      add(.modes(author.member, [ModeChange(isAdding: false, "o")]))
    default: break
    }
  }

  func didKeep(_ book: String, _ key: String, _ value: [UInt8]?) {
    if book == ServerBan.book { held.withLock { $0 }?.note(key, value.flatMap { ServerBan($0) }) }
  }

  func didRead(_ markers: [ReadMarker]) { if !markers.isEmpty { add(.read(markers)) } }

  func didChange(_ node: NodeID, named name: String, isHere: Bool) {
    add(.node(node, name, isHere: isHere))
  }

  func engineIsAway(_ reason: String) { add(.away(reason)) }

  func engineIsBack() { add(.back) }

  func isOver(_ reason: String) { add(.over(reason)) }

  private func add(_ item: Item) {
    state.withLock { $0.items.append(item) }
    state.wakeAll()
  }

  // MARK: Telling

  /// The thread's body.
  func run(_ hub: Hub) {
    while true {
      let items: [Item]? =
        state.wait { state -> [Item]?? in
          if !state.items.isEmpty {
            defer { state.items = [] }
            return .some(state.items)
          }
          return state.isStopping ? .some(nil) : nil
        } ?? nil
      guard let items else { return }
      for item in items { tell(item, hub) }
    }
  }

  func stop() {
    state.withLock { $0.isStopping = true }
    state.wakeAll()
  }

  private func tell(_ item: Item, _ hub: Hub) {
    switch item {
    case .expelled(let person, let reason): hub.endConnections(of: person, because: reason)
    case .dismissed(let sessions, let reason): hub.endHere(sessions, because: reason)
    case .dismissedAll(let account, let own, let reason):
      hub.endHere(of: account, except: own, because: reason)
    case .forgotten(let room):
      if let kept = room.keeper as? RememberedRoom { hub.history?.clear(kept) }
    case .notified(let text): hub.notifyHere(text)
    case .read(let markers): for marker in markers { hub.tellDevices(of: marker) }
    case .modes(let person, let changes): hub.tellDevices(of: person, changes)
    case .attached(let person):
      if let account = hub.staying.account(of: person) { hub.staying.end(account) }
    case .unregistered(let room):
      if let kept = room.keeper as? RememberedRoom { hub.history?.setKeep(nil, of: kept) }
    case .newcomers(let newcomers):
      hub.tell(newcomers)
      for newcomer in newcomers { newcomer.session.outbox.deliver() }
    case .node(let node, let name, let isHere):
      hub.logger.notice(
        isHere ? "a node has come" : "a node is gone",
        metadata: ["node": "\(node)", "name": "\(name)"])
      if !isHere {
        noteWhoStays(since: node, hub)
        // What it has done by halves.
        hub.accountChores.noteFaults()
      }
      guard name != hub.serverName else { return }
      tellOperators(isHere ? "\(name) has come to the network" : "\(name) is gone", hub)
    case .away(let reason):
      hub.health.isInAgreement.store(false, ordering: .relaxed)
      hub.logger.error("the engine is away", metadata: ["reason": "\(reason)"])
      tellOperators("The engine is away: \(reason)", hub)
      hub.notifyHere(
        "The servers cannot agree at the moment: nothing can be said until they can. "
          + "What was said can be read.")
    case .back:
      hub.health.isInAgreement.store(true, ordering: .relaxed)
      hub.logger.notice("the engine is back")
      hub.notifyHere("The servers agree again: go on.")
    case .over(let reason):
      hub.health.isInAgreement.store(false, ordering: .relaxed)
      hub.logger.error("out of the network", metadata: ["reason": "\(reason)"])
      // What is wrong within is for the log.
      askToReturn("This server has lost its network")
    }
  }

  /// Those who stay and whose last node is gone are written down by another, since when they do.
  private func noteWhoStays(since node: NodeID, _ hub: Hub) {
    guard hub.cluster?.node.status.nodes.first?.isSelf == true else { return }
    for person in hub.registry.members where person.sessions.isEmpty {
      guard let last = person.anySession, NodeID(of: last.id) == node,
        let account = person.profile.account.flatMap({ hub.accounts?.account(named: $0) })
      else { continue }
      hub.staying.begin(account.id, person, at: .now)
      hub.noteStaying(person)
    }
  }

  /// WALLOPS of the server's, to those of its operators who want to read such.
  private func tellOperators(_ text: String, _ hub: Hub) {
    for client in hub.clients.all {
      let profile = client.member.profile
      guard profile.wantsWallops, profile.isOperator else { continue }
      client.tell("WALLOPS :\(text)")
    }
  }
}
