import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire

/// One silent client: gets in, joins a room, answers pings, and says nothing.
struct IdleClient {
  enum Place {
    case connecting
    case securing
    case registering
    case joining
    case inRoom
  }

  let stream: ByteStream
  private(set) var place = Place.connecting
  private let nickname: String
  private let room: String
  private let password: String?
  private var framer = LineFramer(tagLimit: 8191)

  /// - Throws: `NetworkError` or `SystemError`.
  init(index: Int, plan: Plan) throws {
    nickname = "idle-\(index)"
    room = "#idle-\(index / IdleCrowd.roomClients + 1)"
    password = plan.password
    let target = plan.target(index)
    let socket = try Socket.beginConnecting(to: target)
    let session = try plan.tls.map { try TLSSession(connecting: socket, to: target.host, $0) }
    stream = ByteStream(socket, session: session)
  }

  /// The connection stands, or a handshake can go on: registers as soon as it may.
  ///
  /// - Returns: what the socket must be ready for next (`POLLIN`, `POLLOUT`).
  mutating func goOn() throws -> Int32 {
    if place == .connecting, let error = stream.socket.connectionError { throw error }
    place = .securing
    while let session = stream.session, let events = try session.advance() {
      if events != 0 { return events }
    }
    try register()
    return POLLIN
  }

  private mutating func register() throws {
    place = .registering
    var lines: [Message] = []
    if let password { lines.append(Message("PASS", password)) }
    lines += [Message("NICK", nickname), Message("USER", "swarm", "0", "*", "Hubbub swarm")]
    try send(lines)
  }

  /// Reads what is there into `buffer` and answers it.
  ///
  /// - Returns: false at the end of the connection.
  mutating func hear(_ buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
    repeat {
      guard let count = try stream.receiveNow(into: buffer) else { return true }
      guard count > 0 else { return false }
      try takeIn(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    } while stream.hasPending
    return true
  }

  private mutating func takeIn(_ bytes: UnsafeRawBufferPointer) throws {
    var framer = self.framer
    try framer.feed(bytes) { line in
      if case .text(let text) = line, Self.matters(text) {
        // A line that is no message says nothing to a client that is silent.
        if let message = try? Message(parsing: text) { try answer(message) }
      }
      return true
    }
    self.framer = framer
  }

  private mutating func answer(_ message: Message) throws {
    switch message.command {
    case "PING": try send([Message("PONG", message.parameters)])
    case "001":
      place = .joining
      try send([Message("JOIN", room)])
    case "366": place = .inRoom
    case "ERROR":
      throw Enrolment.Refused(description: message.parameters.last ?? "")
    case "403", "405", "432", "433", "437", "464", "465", "471", "473", "474", "475":
      throw Enrolment.Refused(
        description: "\(message.command) \(message.parameters.last ?? "")")
    default: break
    }
  }

  /// Thousands of others' lines go by; only those are parsed that can matter: PING, ERROR, and
  /// numerics, whose command begins with a digit.
  private static func matters(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = line.first else { return false }
    guard first == UInt8(ascii: ":") else { return true }
    guard let space = line.firstIndex(of: UInt8(ascii: " ")), space + 1 < line.count else {
      return false
    }
    return line[space + 1] < UInt8(ascii: "A")
  }

  private func send(_ messages: [Message]) throws {
    let bytes = messages.flatMap { $0.encoded() }
    // A few dozen bytes on a connection that is empty: the system takes them at once.
    try bytes.withUnsafeBytes { try stream.sendAll($0) }
  }
}
