import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Testing

@Suite("LineConnection over TLS")
struct SecureConnectionTests {
  private let identity: TLSIdentity
  private let server: TLSContext
  private let pinned: TLSContext

  init() throws {
    identity = try TLSIdentity.selfSigned(names: ["localhost"])
    server = try TLSContext(server: identity)
    pinned = try TLSContext(client: .pin(identity.fingerprint))
  }

  @Test("messages come out whole, however records cut them, and however many one holds (P3)")
  func receiving() throws {
    let lines = (0..<500).map { "PING number-\($0)" }
    let server = try ScriptedServer(tls: server) { server in
      // One record of many lines, then many records of one byte.
      try server.send(bytes: lines[..<490].flatMap { Array("\($0)\r\n".utf8) })
      for byte in lines[490...].flatMap({ Array("\($0)\r\n".utf8) }) {
        try server.send(bytes: [byte])
      }
      try server.expect("PONG x")
    }
    let connection = try LineConnection.open(server.endpoint, tls: pinned, limit: patience)
    for line in lines {
      #expect(try connection.receive(within: patience) == Message(parsing: line))
    }
    #expect(throws: SystemError(call: "recv", errno: ETIMEDOUT)) {
      try connection.receive(within: .milliseconds(1))
    }
    try connection.send(Message("PONG", "x"))
    try server.finish()
    #expect(try connection.receive(within: patience) == nil)
  }

  @Test("messages of several threads never mix, while another thread reads")
  func sending() throws {
    let count = 2000
    let server = try ScriptedServer(tls: server) { server in
      var next = [0, 0]
      for _ in 0..<(2 * count) {
        let words = (try server.line() ?? "").split(separator: " ")
        let (thread, number) = (Int(words[1])!, Int(words[2])!)
        guard number == next[thread] else {
          throw ScriptedServer.Conversation.Unexpected(
            expected: "\(next[thread])", line: "\(words)")
        }
        next[thread] += 1
        try server.say("PONG \(thread)")
      }
    }
    let connection = try LineConnection.open(server.endpoint, tls: pinned, limit: patience)
    let threads = try (0..<2).map { thread in
      try NamedThread(name: "sender") {
        for number in 0..<count {
          // What cannot be sent is missed by the script.
          try? connection.send(Message("PRIVMSG", "\(thread)", "\(number)"))
        }
      }
    }
    for _ in 0..<(2 * count) { #expect(try connection.receive()?.command == "PONG") }
    for thread in threads { thread.join() }
    try server.finish()
  }

  @Test("a server that nobody vouches for gets nothing to read")
  func untrusted() throws {
    let server = try ScriptedServer(tls: server) { server in
      do {
        try server.expect(nil)
      } catch let error as SystemError where error.errno == ECONNRESET {
        // It may have gone before it read all that belongs to the server's handshake.
      }
    }
    #expect(
      throws: TLSError.unknownAuthority(host: "127.0.0.1", fingerprint: identity.fingerprint)
    ) {
      try LineConnection.open(
        server.endpoint, tls: TLSContext(client: .systemAuthorities), limit: patience)
    }
    try server.finish()
  }

  @Test("a server that does not answer the handshake is given up")
  func silent() throws {
    let silent = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
    #expect(throws: TLSError.timedOut) {
      try LineConnection.open(silent.endpoint, tls: pinned, limit: .milliseconds(50))
    }
  }
}
