import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire

/// A server that does what a test tells it: lets clients in, answers what every server answers, and
/// says what it is told to say.
// @unchecked: `thread` is written once, in `init`, before anyone else has the server.
final class ScriptedServer: @unchecked Sendable {
  private struct State {
    var clients: [ByteStream] = []
    var lines: [String] = []
    var isOver = false
    var taken: Set<String> = []
    var echoes = false
    var offered = ""
    var refusal: String?
  }

  private let state = Monitor(State())
  private let listener: Listener
  private let tls: TLSContext?

  /// Held while something is written, so that a test and a reader never write at once.
  private let writing = Monitor(level: .member, false)
  private var thread: NamedThread?

  /// - Parameters:
  ///   - echoes: whether it offers echo-message.
  ///   - port: 0: a free one.
  ///   - tls: what to encrypt with; nil for plain text.
  init(echoes: Bool = true, port: UInt16 = 0, tls: TLSContext? = nil) throws {
    self.tls = tls
    listener = try Listener.open(Endpoint(host: "127.0.0.1", port: port))[0]
    state.withLock { $0.echoes = echoes }
    thread = try NamedThread(name: "scripted") { [self] in accept() }
  }

  var address: String { listener.endpoint.description }

  /// Ends it and all connections.
  func stop() {
    state.withLock { $0.isOver = true }
    listener.stop()
    drop()
    thread?.join()
    thread = nil
  }

  /// Cuts all connections.
  func drop() {
    for client in state.withLock({ $0.clients }) { client.shutDown() }
  }

  /// A nickname that nobody gets.
  func take(_ nickname: String, isTaken: Bool = true) {
    state.withLock { state in
      if isTaken { state.taken.insert(nickname) } else { state.taken.remove(nickname) }
    }
  }

  /// Capabilities that it offers beside its own, for those who come from now on.
  func offer(_ capabilities: String) { state.withLock { $0.offered = " " + capabilities } }

  /// Lets nobody in: who has said all is answered with this line.
  func refuse(with line: String) { state.withLock { $0.refusal = line } }

  /// Sends lines to all clients.
  func send(_ lines: String...) { send(lines) }

  func send(_ lines: [String]) {
    let bytes = Array(lines.map { $0 + "\r\n" }.joined().utf8)
    for client in state.withLock({ $0.clients }) {
      write(bytes, to: client)
    }
  }

  private func write(_ bytes: [UInt8], to client: ByteStream) {
    // A client that has gone is noticed when it is read from.
    try? writing.withLock { _ in try bytes.withUnsafeBytes { try client.sendAll($0) } }
  }

  /// Waits until a client has sent a line with this beginning, and takes it and all before it.
  func receive(_ beginning: String) -> String? {
    state.wait(upTo: .seconds(30)) { state in
      guard let index = state.lines.firstIndex(where: { $0.hasPrefix(beginning) }) else {
        return nil
      }
      let line = state.lines[index]
      state.lines.removeSubrange(...index)
      return line
    }
  }

  /// Waits until a client is there, whatever it has said.
  ///
  /// - Returns: false where none came.
  func waitForClient() -> Bool {
    state.wait(upTo: .seconds(30)) { $0.clients.isEmpty ? nil : true } ?? false
  }

  /// What came and was not taken yet.
  var received: [String] { state.withLock { $0.lines } }

  // MARK: Threads

  private func accept() {
    var readers: [NamedThread] = []
    while let socket = try? listener.accept() {
      let session = tls.flatMap { try? TLSSession(accepting: socket, $0) }
      let client = ByteStream(socket, session: session)
      let isOver = state.withLock { state in
        state.clients.append(client)
        return state.isOver
      }
      state.wakeAll()
      if isOver { break }
      if let reader = try? NamedThread(name: "scripted-read", body: { self.read(client) }) {
        readers.append(reader)
      }
    }
    drop()
    for reader in readers { reader.join() }
  }

  private func read(_ client: ByteStream) {
    defer { state.withLock { state in state.clients.removeAll { $0 === client } } }
    if let session = client.session, (try? session.handshake()) == nil {
      return client.shutDown()
    }
    var buffer = [UInt8](repeating: 0, count: 4096)
    var framer = LineFramer()
    var nickname = "*"
    while let count = try? buffer.withUnsafeMutableBytes({ try client.receive(into: $0) }),
      count > 0
    {
      framer.feed(UnsafeRawBufferPointer(rebasing: buffer.withUnsafeBytes { $0 }[..<count])) {
        line in
        guard case .text(let text) = line, let message = try? Message(parsing: text) else {
          return true
        }
        for answer in answers(to: message, &nickname) {
          let bytes = Array((answer + "\r\n").utf8)
          write(bytes, to: client)
        }
        // After the answer: who waited for the line may rely on it.
        state.withLock { $0.lines.append(String(decoding: text, as: UTF8.self)) }
        state.wakeAll()
        if message.command == "QUIT" { client.shutDown() }
        return true
      }
    }
  }

  private func answers(to message: Message, _ nickname: inout String) -> [String] {
    let first = message.parameters.first ?? ""
    let (taken, echoes, offered) = state.withLock { ($0.taken, $0.echoes, $0.offered) }
    let refusal = state.withLock(\.refusal)
    switch message.command {
    case "CAP" where first == "LS":
      return [":srv CAP * LS :server-time" + (echoes ? " echo-message" : "") + offered]
    case "CAP" where first == "REQ": return [":srv CAP * ACK :\(message.parameters.last ?? "")"]
    case "CAP" where refusal != nil: return [refusal!]
    case "CAP": return [":srv 001 \(nickname) :Welcome", ":srv 422 \(nickname) :No MOTD"]
    case "NICK":
      if taken.contains(first) { return [":srv 433 * \(first) :Taken"] }
      defer { nickname = first }
      return nickname == "*" ? [] : [":\(nickname)!u@host NICK \(first)"]
    case "PING": return [":srv PONG srv :\(first)"]
    case "ISON": return [":srv 303 \(nickname) :\(taken.contains(first) ? first : "")"]
    case "JOIN":
      return [
        ":\(nickname)!u@host JOIN \(first)",
        ":srv 353 \(nickname) = \(first) :\(nickname) @ann bob",
        ":srv 366 \(nickname) \(first) :End",
      ]
    case "PRIVMSG" where echoes:
      return [":\(nickname)!u@host PRIVMSG \(first) :\(message.parameters.last ?? "")"]
    default: return []
    }
  }
}
