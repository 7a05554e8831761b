import CLinux
import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire

/// The clients of a null broadcaster, on its one thread.
struct NullCircle: ~Copyable {
  private struct Client {
    let socket: Socket
    var framer = LineFramer()
    var nickname = ""
    var room = ""
    var hasEcho = false
    var isNegotiating = false
  }

  private let descriptor: Int32
  private let offersEcho: Bool
  private var random: SplitMix64
  private var clients: [Int32: Client] = [:]

  /// The members of each room.
  private var rooms: [String: [Int32]] = [:]

  // Allocated in `init`, freed in `deinit`, and this value cannot be copied.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 64 * 1024, alignment: 16)

  init(bell: Bell, offersEcho: Bool, random: SplitMix64) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    self.offersEcho = offersEcho
    self.random = random
    watch(bell.descriptor, EPOLLIN.rawValue | EPOLLET.rawValue)
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  mutating func admit(_ socket: Socket) {
    clients[socket.descriptor] = Client(socket: socket)
    watch(socket.descriptor, EPOLLIN.rawValue)
  }

  /// Waits for somebody to speak, or for the bell, and serves who spoke.
  mutating func turn() {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    let count = epoll_wait(descriptor, &events, Int32(events.count), -1)
    for event in events.prefix(Int(max(count, 0))) { serve(event.data.fd) }
  }

  private mutating func serve(_ id: Int32) {
    guard var client = clients[id] else { return }
    // A connection that fails is at its end as well.
    let count = (try? client.socket.receive(into: buffer)) ?? 0
    guard count > 0 else { return remove(id) }
    var messages: [Message] = []
    client.framer.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { line in
      // A line that is no message is nobody's: the bots send none.
      if case .text(let text) = line, let message = try? Message(parsing: text) {
        messages.append(message)
      }
      return true
    }
    clients[id] = client
    for message in messages { answer(message, id) }
  }

  private mutating func remove(_ id: Int32) {
    if let room = clients[id]?.room { rooms[room]?.removeAll { $0 == id } }
    clients[id] = nil
  }

  private mutating func answer(_ message: Message, _ id: Int32) {
    guard let first = message.parameters.first else { return }
    switch message.command {
    case "CAP" where first == "LS":
      clients[id]?.isNegotiating = true
      send("CAP * LS :\(offersEcho ? "echo-message" : "")", to: id)
    case "CAP" where first == "REQ":
      clients[id]?.hasEcho = offersEcho
      send("CAP * ACK :\(message.parameters.last ?? "")", to: id)
    case "CAP" where first == "END": welcome(id)
    case "NICK":
      clients[id]?.nickname = first
    case "USER" where clients[id]?.isNegotiating == false: welcome(id)
    case "JOIN":
      clients[id]?.room = first
      rooms[first, default: []].append(id)
      send(":null 366 \(clients[id]?.nickname ?? "*") \(first) :End of names", to: id)
    case "PRIVMSG": broadcast(message.parameters.last ?? "", in: first, from: id)
    default: break
    }
  }

  private func welcome(_ id: Int32) {
    let nickname = clients[id]?.nickname ?? "*"
    send(":null 001 \(nickname) :Welcome\r\n:null 422 \(nickname) :No MOTD", to: id)
  }

  /// To everybody in the room, in an order drawn by lot.
  private mutating func broadcast(_ text: String, in room: String, from sender: Int32) {
    guard let author = clients[sender] else { return }
    let line = Array(":\(author.nickname)!swarm@null PRIVMSG \(room) :\(text)\r\n".utf8)
    for id in (rooms[room] ?? []).shuffled(using: &random) where id != sender || author.hasEcho {
      send(line, to: id)
    }
  }

  private func send(_ line: String, to id: Int32) { send(Array("\(line)\r\n".utf8), to: id) }

  private func send(_ bytes: [UInt8], to id: Int32) {
    // A client that has gone is noticed when it is read from.
    try? bytes.withUnsafeBytes { raw in try clients[id]?.socket.sendAll(raw) }
  }

  private func watch(_ target: Int32, _ events: UInt32) {
    var event = epoll_event()
    event.events = events
    event.data.fd = target
    epoll_ctl(descriptor, EPOLL_CTL_ADD, target, &event)
  }
}
