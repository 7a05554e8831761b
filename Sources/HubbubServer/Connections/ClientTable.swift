import HubbubLog
import HubbubRooms
import HubbubThreads
import IRCWire

/// All connections of a server. Any thread may call any method.
final class ClientTable: Sendable {
  /// Guards who is connected from where. Nothing else is locked under it.
  private let state = Monitor(State())

  /// Asked before anybody is let in.
  private let bans: BanList?

  /// - Parameter last: connections are numbered from above this on.
  init(bans: BanList? = nil, after last: MemberID = 0) {
    self.bans = bans
    state.withLock { $0.lastID = last }
  }

  private struct State {
    var clients: [MemberID: Client] = [:]
    var connectionsFrom: [String: Int] = [:]
    var networks = NetworkTally()

    /// Where each is counted. Those are missing who may still say that they come for somebody else.
    var places: [MemberID: Place] = [:]
    var isClosed = false
    var connected = 0
    var departures = 0
    var population = Population()
    var lastID: MemberID = 0

    /// What those have read who have gone.
    var formerTraffic = Traffic()
  }

  /// Where a connection is counted.
  private struct Place {
    let address: String

    /// Whether in `networks` as well, whatever the settings say by now.
    let isTallied: Bool
  }

  /// How many there are here of whom, for LUSERS; the registry knows what kinds of people.
  struct Population {
    var registered = 0

    /// Those who have not registered yet.
    var unknown = 0

    /// The maximum number of registered ones so far.
    var maximum = 0
  }

  /// Why a connection was not let in.
  enum Refusal: String, Error {
    case stopping = "The server is stopping"
    case full = "The server is full"
    case banned = "Your address is banned from this server"
    case tooManyFromAddress = "Too many connections from your address"
    case tooManyFromNetwork = "Too many connections from your network"
    case tooFast = "Too many new connections from your network; try again in some seconds"
  }

  /// An id for somebody who has no connection.
  func drawID() -> MemberID {
    state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
  }

  /// Counts a connection in, before it has a thread.
  ///
  /// - Parameter address: nil for a proxy's or gateway's, which will say for whom it comes: `place`
  ///   must follow.
  /// - Returns: the id of the client to be.
  func admit(
    from address: String?, _ limits: Limits, _ classes: ClientClasses, now: Int64
  ) throws(Refusal) -> MemberID {
    let perAddress = address.flatMap { classes.clientsPerAddress($0, limits) }
    if let address, isBanned(address) { throw .banned }
    return try state.withLock { (state) throws(Refusal) in
      if state.isClosed { throw .stopping }
      if state.connected >= limits.clients { throw .full }
      let id = state.lastID + 1
      if let address { try Self.place(id, at: address, perAddress, limits, now: now, &state) }
      state.connected += 1
      state.population.unknown += 1
      state.lastID = id
      return id
    }
  }

  /// Counts a connection where its client comes from, as `admit` counts all others; once it is
  /// counted it stays where it is.
  func place(
    _ id: MemberID, at address: String, _ limits: Limits, _ classes: ClientClasses, now: Int64
  ) throws(Refusal) {
    let perAddress = classes.clientsPerAddress(address, limits)
    if isBanned(address) { throw .banned }
    try state.withLock { (state) throws(Refusal) in
      guard state.places[id] == nil else { return }
      try Self.place(id, at: address, perAddress, limits, now: now, &state)
    }
  }

  private func isBanned(_ address: String) -> Bool {
    bans?.ban(ofAddress: address, at: .now) != nil
  }

  /// - Parameter perAddress: how many may come from there; nil for any number.
  private static func place(
    _ id: MemberID, at address: String, _ perAddress: Int?, _ limits: Limits, now: Int64,
    _ state: inout State
  ) throws(Refusal) {
    let fromThere = state.connectionsFrom[address, default: 0]
    var isTallied = false
    if let perAddress {
      if fromThere >= perAddress { throw .tooManyFromAddress }
      isTallied = try state.networks.admit(from: address, limits, now: now)
    }
    state.connectionsFrom[address] = fromThere + 1
    state.places[id] = Place(address: address, isTallied: isTallied)
  }

  /// Forgets what was noted of connects that are long ago. The clock's thread.
  func forgetOldConnects(now: Int64) { state.withLock { $0.networks.forgetOldConnects(now: now) } }

  /// Admits nobody from now on: whoever was admitted before is in the count.
  func close() { state.withLock { $0.isClosed = true } }

  /// Counts a connection out that was admitted.
  func dismiss(_ id: MemberID) {
    state.withLock { state in
      if let client = state.clients.removeValue(forKey: id) {
        state.formerTraffic += client.outbox.traffic
      }
      state.connected -= 1
      state.departures += 1
      guard let place = state.places.removeValue(forKey: id) else { return }
      let left = state.connectionsFrom[place.address, default: 1] - 1
      state.connectionsFrom[place.address] = left == 0 ? nil : left
      if place.isTallied { state.networks.dismiss(place.address) }
    }
    state.wakeAll()
  }

  /// Counts a client out of the population: its session is over, though its connection may linger.
  ///
  /// - Parameter wasRegistered: of a person with several connections the last alone is counted.
  func countEnd(wasRegistered: Bool) {
    state.withLock { state in
      if wasRegistered {
        state.population.registered -= 1
      } else {
        state.population.unknown -= 1
      }
    }
  }

  /// The client with this id, if it is still here.
  func client(_ id: MemberID) -> Client? { state.withLock { $0.clients[id] } }

  func insert(_ client: Client) { state.withLock { $0.clients[client.id] = client } }

  /// - Parameter isFurther: whether it is a connection of somebody who is counted already.
  func countRegistration(isFurther: Bool = false) {
    state.withLock { state in
      state.population.unknown -= 1
      if !isFurther { state.population.registered += 1 }
      state.population.maximum = max(state.population.maximum, state.population.registered)
    }
    state.wakeAll()
  }

  /// Counts somebody who stayed as the server stopped.
  func countStaying() { state.withLock { $0.population.registered += 1 } }

  /// Waits until somebody has registered, who may have gone again.
  ///
  /// - Returns: false when `limit` passed first.
  func waitUntilVisited(upTo limit: Duration) -> Bool {
    state.wait(upTo: limit) { $0.population.maximum > 0 ? true : nil } ?? false
  }

  var all: [Client] { state.withLock { Array($0.clients.values) } }

  /// All connections, and what all have read since the start, those included who have gone.
  var census: (clients: [Client], traffic: Traffic) {
    let (clients, former) = state.withLock { (Array($0.clients.values), $0.formerTraffic) }
    return (clients, clients.reduce(into: former) { $0 += $1.outbox.traffic })
  }

  /// How many there are of whom. Any thread.
  var population: Population { state.withLock { $0.population } }

  /// How many connections there are. Any thread.
  var connectedCount: Int { state.withLock { $0.connected } }

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
