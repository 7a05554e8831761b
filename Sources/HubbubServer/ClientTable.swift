import HubbubRooms
import HubbubThreads
import IRCWire

/// All connections of a server. Any thread may call any method.
final class ClientTable: Sendable {
  /// Guards who is connected from where. Nothing else is locked under it.
  private let state = Monitor(State())

  /// Asked before anybody is let in.
  private let bans: BanList?

  init(bans: BanList? = nil) { self.bans = bans }

  private struct State {
    var clients: [MemberID: Client] = [:]
    var connectionsFrom: [String: Int] = [:]
    var isClosed = false
    var connected = 0
    var departures = 0
    var registered = 0
    var lastID: MemberID = 0
  }

  /// Why a connection was not let in.
  enum Refusal: String, Error {
    case stopping = "The server is stopping"
    case full = "The server is full"
    case banned = "Your address is banned from this server"
    case tooManyFromAddress = "Too many connections from your address"
  }

  /// Counts a connection in, before it has a thread.
  ///
  /// - Returns: the id of the client to be.
  func admit(from address: String, _ limits: Limits) throws(Refusal) -> MemberID {
    if bans?.ban(ofAddress: address, at: .now) != nil { throw .banned }
    return try state.withLock { (state) throws(Refusal) in
      if state.isClosed { throw .stopping }
      if state.connected >= limits.clients { throw .full }
      let isLocal = address == "127.0.0.1" || address == "::1"
      let fromThere = state.connectionsFrom[address, default: 0]
      if !isLocal, fromThere >= limits.clientsPerAddress { throw .tooManyFromAddress }
      state.connectionsFrom[address] = fromThere + 1
      state.connected += 1
      state.lastID += 1
      return state.lastID
    }
  }

  /// Admits nobody from now on: whoever was admitted before is in the count.
  func close() { state.withLock { $0.isClosed = true } }

  /// Counts a connection out that was admitted.
  func dismiss(_ id: MemberID, from address: String, wasRegistered: Bool) {
    state.withLock { state in
      state.clients[id] = nil
      state.connected -= 1
      state.departures += 1
      if wasRegistered { state.registered -= 1 }
      let left = state.connectionsFrom[address, default: 1] - 1
      state.connectionsFrom[address] = left == 0 ? nil : left
    }
    state.wakeAll()
  }

  /// The client with this id, if it is still here.
  func client(_ id: MemberID) -> Client? { state.withLock { $0.clients[id] } }

  func insert(_ client: Client) { state.withLock { $0.clients[client.member.id] = client } }

  func countRegistration() {
    state.withLock { $0.registered += 1 }
    state.wakeAll()
  }

  /// Waits until somebody is registered.
  ///
  /// - Returns: false when `limit` passed first.
  func waitUntilVisited(upTo limit: Duration) -> Bool {
    state.wait(upTo: limit) { $0.registered > 0 ? true : nil } ?? false
  }

  var all: [Client] { state.withLock { Array($0.clients.values) } }

  /// How many are connected, and how many of them are registered.
  var counts: (connected: Int, registered: Int) {
    state.withLock { ($0.connected, $0.registered) }
  }

  /// Waits until somebody has gone, or `limit` has passed.
  func waitForDeparture(upTo limit: Duration) {
    let before = state.withLock { $0.departures }
    _ = state.wait(upTo: limit) { $0.departures == before ? nil : true }
  }

  /// Waits until all are gone.
  ///
  /// - Returns: false when `limit` passed first.
  func waitUntilEmpty(upTo limit: Duration) -> Bool {
    state.wait(upTo: limit) { $0.connected == 0 ? true : nil } ?? false
  }
}
