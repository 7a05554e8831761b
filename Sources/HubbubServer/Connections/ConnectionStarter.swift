import DequeModule
import Glibc
import HubbubRooms
import HubbubSockets
import HubbubThreads
import IRCWire

/// Gives accepted connections their threads, and joins the threads of those that ended.
///
/// A thread of its own, so that in a storm of connects nobody who accepts ever waits for a thread
/// to start: the listen queue stays short, and no connect has to be repeated.
final class ConnectionStarter: Sendable {
  private let hub: Hub

  /// Guards what has come and gone. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct State {
    var accepted: Deque<Arrival> = []
    var ended: [MemberID] = []
    var isStopping = false
  }

  /// A connection that was accepted, and how it begins.
  private struct Arrival {
    let socket: Socket
    let door: Door.Kind
  }

  init(hub: Hub) { self.hub = hub }

  /// Hands over a connection. Any thread.
  ///
  /// - Parameter door: how it begins, which is its own thread's business.
  func take(_ socket: Socket, by door: Door.Kind) {
    let arrival = Arrival(socket: socket, door: door)
    state.withLock { $0.accepted.append(arrival) }
    state.wakeAll()
  }

  /// Says that a client's thread is about to return.
  func note(ended id: MemberID) {
    state.withLock { $0.ended.append(id) }
    state.wakeAll()
  }

  /// No more connections are coming; `run` returns when all threads are joined.
  func stop() {
    state.withLock { $0.isStopping = true }
    state.wakeAll()
  }

  /// The connection starter's thread.
  func run() {
    var threads: [MemberID: NamedThread] = [:]
    while let work = nextWork(isIdle: threads.isEmpty) {
      for arrival in work.accepted { admit(arrival, &threads) }
      for id in work.ended { threads.removeValue(forKey: id)?.join() }
    }
  }

  /// Waits for something to do; nil when the server stops and nothing is left.
  private func nextWork(isIdle: Bool) -> State? {
    state.wait { state -> State?? in
      guard state.accepted.isEmpty, state.ended.isEmpty else {
        defer { state = State(isStopping: state.isStopping) }
        return state
      }
      return state.isStopping && isIdle ? .some(nil) : nil
    }!
  }

  private func admit(_ arrival: Arrival, _ threads: inout [MemberID: NamedThread]) {
    let address = IPAddress.asHost(arrival.socket.peerAddress)
    let trusted = hub.current.trusted
    guard Self.hasRoom else { return refuse(arrival, "No memory for one more client", address) }
    if arrival.door.isForWeb { return admitVisitor(arrival, address, &threads) }
    guard !arrival.door.isForProxies || trusted.isProxy(address) else {
      return refuse(arrival, "This port is for the proxies of this server", address)
    }
    // Who says for whom it comes is counted when it has said so.
    let mayBeForOthers = arrival.door.isForProxies || !trusted.gateways(at: address).isEmpty
    do {
      let id = try hub.clients.admit(
        from: mayBeForOthers ? nil : address, hub.limits, hub.current.classes, now: Moment.now)
      guard let client = client(for: arrival, id: id, address) else { return }
      hub.clients.insert(client)
      do {
        threads[id] = try NamedThread(name: "client-\(id)", stackBytes: Self.stackBytes) {
          client.serve()
          self.note(ended: id)
        }
      } catch let error as SystemError {
        // Somebody may know the client already, and must not write to it any more.
        client.outbox.retire()
        hub.clients.countEnd(wasRegistered: false)
        hub.clients.dismiss(id)
        refuse(arrival, "No thread for one more client: \(error.reason)", address)
      }
    } catch let refusal as ClientTable.Refusal {
      refuse(arrival, refusal.rawValue, address)
    } catch {
      preconditionFailure("A connection was refused for an unknown reason: \(error)")
    }
  }

  /// Gives a thread to who comes to a web port. It is counted among the clients once it is one.
  private func admitVisitor(
    _ arrival: Arrival, _ address: String, _ threads: inout [MemberID: NamedThread]
  ) {
    let isProxy = hub.current.trusted.isWebProxy(address)
    let isLimited = hub.current.classes.clientsPerAddress(address, hub.limits) != nil
    let place: WebVisitors.Place
    do throws(WebVisitors.Refusal) {
      place = try hub.visitors.admit(
        from: isProxy ? nil : WebVisitors.subscriber(at: address), isLimited: isLimited, hub.limits)
    } catch {
      return refuse(arrival, error.rawValue, address)
    }
    do {
      let visitor = WebConnection(try stream(of: arrival), from: address, at: place, hub: hub)
      hub.visitors.insert(visitor)
      threads[place.id] = try NamedThread(
        name: "web-\(place.id & 0xFFFF_FFFF)", stackBytes: Self.webStackBytes
      ) {
        visitor.serve()
        self.note(ended: place.id)
      }
    } catch {
      hub.visitors.dismiss(place)
      refuse(arrival, (error as? SystemError)?.reason ?? "\(error)", address)
    }
  }

  private func stream(of arrival: Arrival) throws(TLSError) -> ByteStream {
    guard arrival.door.isSecure, let context = hub.certificate.webContext else {
      return ByteStream(arrival.socket)
    }
    return ByteStream(
      arrival.socket, session: try TLSSession(accepting: arrival.socket, context))
  }

  /// Makes a client of an admitted connection; nil where that failed, and it was refused.
  private func client(for arrival: Arrival, id: MemberID, _ address: String) -> Client? {
    do {
      let tls = arrival.door.isSecure ? hub.certificate.context : nil
      return try Client(
        arrival.socket, tls: tls, byProxy: arrival.door.isForProxies, id: id, address: address,
        hub: hub)
    } catch {
      hub.clients.countEnd(wasRegistered: false)
      hub.clients.dismiss(id)
      refuse(arrival, "\(error)", address)
      return nil
    }
  }

  private func refuse(_ arrival: Arrival, _ reason: String, _ address: String) {
    hub.endings.count(refusal: ClientTable.Refusal(rawValue: reason)?.word ?? "other")
    arrival.socket.sayAtOnce(arrival.door.refusal(address, reason))
    arrival.socket.close()
    hub.logger.warning("refused", metadata: ["from": "\(address)", "reason": "\(reason)"])
  }

  private static let stackBytes = 128 * 1024

  /// Reading requests goes deeper than reading lines; what is not touched costs nothing.
  private static let webStackBytes = 256 * 1024

  /// Whether there is address space for a client and those whose threads are just starting: where
  /// it ends, an allocation ends the whole server.
  private static var hasRoom: Bool {
    let bytes = 8 * 1024 * 1024
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let room = mmap(nil, bytes, PROT_NONE, flags, -1, 0), room != MAP_FAILED else {
      return false
    }
    munmap(room, bytes)
    return true
  }
}
