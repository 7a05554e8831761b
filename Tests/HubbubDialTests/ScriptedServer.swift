import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire

/// How long a test waits for what should happen at once.
let patience = Duration.seconds(30)

/// A server for one connection, which does on a thread of its own what a test wants.
///
/// Call `finish()` in the end: it throws what the script threw.
final class ScriptedServer: Sendable {
  let endpoint: Endpoint
  private let listener: Listener
  private let outcome = Monitor<Result<Void, any Error>?>(nil)
  private let thread: NamedThread

  /// - Parameter tls: what to encrypt with; nil for plain text.
  init(tls: TLSContext? = nil, _ script: @escaping @Sendable (Conversation) throws -> Void) throws {
    let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    self.listener = listener
    endpoint = listener.endpoint
    thread = try NamedThread(name: "script") { [outcome] in
      let result = Result {
        guard let socket = try listener.accept() else { return }
        let session = try tls.map { try TLSSession(accepting: socket, $0) }
        socket.limitReceiving(to: patience)
        try session?.handshake(limit: patience)
        try script(Conversation(ByteStream(socket, session: session)))
      }
      outcome.withLock { $0 = result }
      outcome.wakeAll()
    }
  }

  func finish() throws {
    listener.stop()
    guard let result = outcome.wait(upTo: patience, for: { $0 }) else {
      _ = Unmanaged.passRetained(thread)
      throw SystemError(call: "finish", errno: ETIMEDOUT)
    }
    thread.join()
    try result.get()
  }

  /// The server's side of the connection, in lines.
  final class Conversation {
    let stream: ByteStream
    var socket: Socket { stream.socket }
    private var framer = LineFramer()
    private var arrived: [String] = []

    init(_ stream: ByteStream) { self.stream = stream }

    /// What the script expected and did not get.
    struct Unexpected: Error {
      let expected: String
      let line: String?
    }

    /// The next line; nil at the end.
    func line() throws -> String? {
      var bytes = [UInt8](repeating: 0, count: 4096)
      while arrived.isEmpty {
        let count = try bytes.withUnsafeMutableBytes { raw in try stream.receive(into: raw) }
        guard let count else { throw SystemError(call: "recv", errno: ETIMEDOUT) }
        if count == 0 { return nil }
        bytes.prefix(count).withUnsafeBytes { raw in
          framer.feed(raw) { line in
            if case .text(let text) = line { arrived.append(String(decoding: text, as: UTF8.self)) }
            return true
          }
        }
      }
      return arrived.removeFirst()
    }

    func expect(_ lines: String?...) throws {
      for expected in lines {
        let line = try line()
        guard line == expected else {
          throw Unexpected(expected: expected ?? "the end", line: line)
        }
      }
    }

    func say(_ lines: String...) throws {
      try send(bytes: lines.flatMap { Array("\($0)\r\n".utf8) })
    }

    func send(bytes: [UInt8]) throws {
      try bytes.withUnsafeBytes { raw in try stream.sendAll(raw) }
    }
  }
}
