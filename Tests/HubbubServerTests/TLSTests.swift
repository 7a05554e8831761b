import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubServer

/// Encrypted connections to a whole server.
@Suite("TLS of the server") struct TLSTests {
  private let identity: TLSIdentity

  init() throws { identity = try TLSIdentity.selfSigned(names: ["localhost", "127.0.0.1"]) }

  private func server(_ change: (inout Configuration) -> Void = { _ in }) throws -> TestServer {
    try TestServer { configuration in
      configuration.secureEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
      configuration.tls = TLSSettings(identity: identity)
      change(&configuration)
    }
  }

  /// Sends bytes as they are, and reads what comes up to the end.
  private func answer(to bytes: [UInt8], at endpoint: Endpoint) throws -> String {
    let socket = try Socket.connect(to: endpoint)
    socket.limitReceiving(to: ScriptedClient.patience)
    try bytes.withUnsafeBytes { raw in try socket.sendAll(raw) }
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 1024)
    while let count = try buffer.withUnsafeMutableBytes({ raw in try socket.receive(into: raw) }),
      count > 0
    {
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return text
  }

  @Test("a client over TLS and one in plain text talk in one room")
  func talking() throws {
    let server = try server()
    let ann = try server.secureClient("ann", trusting: identity.fingerprint)
    let bob = try server.client("bob")
    try ann.join("#r")
    try bob.join("#r")
    try ann.send("PRIVMSG #r :from ann")
    #expect(try bob.read { $0.command == "PRIVMSG" }.texts == ["from ann"])
    try bob.send("PRIVMSG #r :from bob")
    #expect(try ann.read { $0.command == "PRIVMSG" }.texts == ["from bob"])
    try ann.send("QUIT :bye")
    #expect(try ann.readToEnd().last?.command == "ERROR")
    #expect(try bob.expect("QUIT").parameters == ["Quit: bye"])
  }

  @Test(
    "who is silent until its thread has come to rest is heard as before", arguments: [false, true])
  func rest(isSecure: Bool) throws {
    let server = try server()
    let ann =
      try isSecure
      ? server.secureClient("ann", trusting: identity.fingerprint) : server.client("ann")
    for _ in 0..<2 {
      // Longer than the second after which it rests.
      #expect(throws: SystemError(call: "recv", errno: ETIMEDOUT)) {
        try ann.connection.receive(within: .milliseconds(1300))
      }
      #expect(try ann.ask("PING x").commands == ["PONG"])
    }
    server.stop()
    #expect(try ann.readToEnd().commands == ["ERROR"])
  }

  @Test("a long burst to a client over TLS arrives whole and in order while it talks itself")
  func bursts() throws {
    let server = try server { $0.limits.sendLagBytes = 64 * 1024 * 1024 }
    let ann = try server.secureClient("ann", trusting: identity.fingerprint)
    let bob = try server.secureClient("bob", trusting: identity.fingerprint)
    for client in [ann, bob] {
      try client.join("#r")
      var bytes: Int32 = 64 * 1024
      setsockopt(
        client.connection.socket.descriptor, SOL_SOCKET, SO_RCVBUF, &bytes,
        socklen_t(MemoryLayout<Int32>.size))
    }
    let text = String(repeating: "x", count: 300)
    // More than both socket buffers hold, so that records are taken up where they stopped.
    let count = 4000
    for (client, name) in [(ann, "a"), (bob, "b")] {
      let lines = (0..<count).map { "PRIVMSG #r :\(name)\($0) \(text)\r\n" }
      let bytes = Array(lines.joined().utf8)
      for start in stride(from: 0, to: bytes.count, by: 100_000) {
        try client.connection.send(bytes: Array(bytes[start..<min(start + 100_000, bytes.count)]))
      }
    }
    for (client, name) in [(ann, "b"), (bob, "a")] {
      let heard = try client.read { $0.parameters.last?.hasPrefix("\(name)\(count - 1) ") == true }
      let numbers = heard.texts.map { $0.prefix { $0 != " " } }
      #expect(numbers == (0..<count).map { "\(name)\($0)" })
    }
  }

  @Test("the server knows who came encrypted, and whose certificate it was")
  func profile() throws {
    let server = try server()
    let own = try TLSIdentity.selfSigned(names: ["ann"])
    let ann = try server.secureClient("ann", trusting: identity.fingerprint, identity: own)
    let bob = try server.secureClient("bob", trusting: identity.fingerprint)
    let cem = try server.client("cem")
    let profiles = ["ann", "bob", "cem"].map {
      server.server.hub.registry.member(named: $0)?.profile
    }
    #expect(profiles.map { $0?.isSecure } == [true, true, false])
    #expect(
      profiles.map { $0?.certificateFingerprint } == [own.fingerprint.description, nil, nil])
    for client in [ann, bob, cem] { client.close() }
  }

  /// L5
  @Test("handshakes that stall hold nobody up, and end when the time to register is over")
  func stalledHandshake() throws {
    let server = try server { $0.limits.registration = .seconds(2) }
    let silent = try (0..<10).map { _ in try Socket.connect(to: server.server.secureEndpoints[0]) }
    let halfway = try (0..<10).map { _ in try Socket.connect(to: server.server.secureEndpoints[0]) }
    // The head of a record whose rest never comes.
    for socket in halfway {
      let head: [UInt8] = [0x16, 3, 1, 2, 0, 1]
      try head.withUnsafeBytes { raw in try socket.sendAll(raw) }
    }
    let ann = try server.secureClient("ann", trusting: identity.fingerprint)
    let bob = try server.client("bob")
    // The clock ends handshakes and registrations by one rule, once a second; by then both had been
    // let in.
    for client in [ann, bob] { #expect(try client.ask("PING x").isEmpty == false) }
    for socket in silent + halfway {
      socket.limitReceiving(to: ScriptedClient.patience)
      var byte: UInt8 = 0
      let count = try withUnsafeMutableBytes(of: &byte) { raw in try socket.receive(into: raw) }
      #expect(count == 0, "Nothing is written before the handshake is over.")
    }
    #expect(
      server.log.waitForLine(containing: "disconnect", "reason=Registration timed out") != nil)
    for client in [ann, bob] { #expect(try client.messagesUntilNow().isEmpty) }
  }

  @Test("the server stops while handshakes stall, and tells those who are in")
  func stopping() throws {
    let server = try server { $0.limits.farewell = .milliseconds(50) }
    let silent = try Socket.connect(to: server.server.secureEndpoints[0])
    let ann = try server.secureClient("ann", trusting: identity.fingerprint)
    server.stop()
    #expect(try ann.readToEnd().last?.command == "ERROR")
    silent.close()
  }

  @Test(
    "plain text, HTTP or SSH on the port for TLS is ended, in plain text and with a reason (P2)",
    arguments: ["NICK ann\r\n", "GET / HTTP/1.1\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\r"])
  func plainOnSecure(text: String) throws {
    let server = try server()
    let reason = "This port is for TLS, not for plain text"
    let answer = try answer(to: Array(text.utf8), at: server.server.secureEndpoints[0])
    #expect(answer == "ERROR :Closing Link: 127.0.0.1 (\(reason))\r\n")
    #expect(server.log.waitForLine(containing: "disconnect", reason) != nil)
  }

  @Test(
    "a TLS hello, HTTP and SSH on the port for plain text are ended with a reason (P2)",
    arguments: [
      ("\u{16}\u{03}\u{01}\u{02}", "This port is for plain text, not for TLS"),
      ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "This is IRC, not HTTP"),
      ("POST / HTTP/1.1\r\n\r\nNICK evil\r\nUSER a 0 * :b\r\n", "This is IRC, not HTTP"),
      ("HEAD / HTTP/1.0\r\n\r\n", "This is IRC, not HTTP"),
      ("OPTIONS * HTTP/1.1\r\n\r\n", "This is IRC, not HTTP"),
      ("PUT /x HTTP/1.1\r\n\r\n", "This is IRC, not HTTP"),
      ("CONNECT smtp.example:25 HTTP/1.1\r\n\r\n", "This is IRC, not HTTP"),
      ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "This is IRC, not HTTP"),
      ("SSH-2.0-OpenSSH_9.2\r\n", "This is IRC, not SSH"),
    ])
  func strangers(text: String, reason: String) throws {
    let server = try server()
    let answer = try answer(to: Array(text.utf8), at: server.endpoint)
    #expect(answer == "ERROR :Closing Link: 127.0.0.1 (\(reason))\r\n")
    #expect(server.log.waitForLine(containing: "disconnect", reason) != nil)
  }

  @Test(
    "a stranger is known however its first bytes are cut, and an IRC client never is one (P2, P3)")
  func cutBeginnings() {
    func look(_ pieces: [String]) -> String? {
      var stranger = ProtocolSniffer()
      for piece in pieces {
        let words = Array(piece.utf8).withUnsafeBytes { stranger.look(at: $0) }
        if let words { return words }
      }
      return nil
    }
    #expect(look(["G", "E", "", "T", " ", "/"]) == "This is IRC, not HTTP")
    #expect(look(["P", "O", "ST "]) == "This is IRC, not HTTP")
    #expect(look(["SS", "H-2.0"]) == "This is IRC, not SSH")
    #expect(look(["\u{16}", "\u{03}"]) == "This port is for plain text, not for TLS")
    for line in ["CAP LS 302\r\n", "PASS GET \r\n", "\r\nGET x", "GETX", "NICK GET ", "PING x"] {
      #expect(look([line]) == nil, "\(line)")
      #expect(look(line.map { "\($0)" }) == nil, "\(line)")
    }
  }

  @Test("a reload shows the new certificate to those who come, and drops nobody")
  func reload() throws {
    let directory = TemporaryDirectory()
    let files = try SelfSignedFiles.prepare(in: directory.path, names: ["localhost"])
    let server = try server {
      $0.tls = TLSSettings(certificateFile: files.certificateFile, keyFile: files.keyFile)
    }
    let ann = try server.secureClient("ann", trusting: files.fingerprint)
    unlink(files.certificateFile)
    // Half of the way: the key is there and the certificate is not.
    #expect(throws: TLSError.self) { try server.server.hub.reloadTLS() }
    let bob = try server.secureClient("bob", trusting: files.fingerprint)
    unlink(files.keyFile)
    let renewed = try SelfSignedFiles.prepare(in: directory.path, names: ["localhost"])
    try server.server.hub.reloadTLS()
    let cem = try server.secureClient("cem", trusting: renewed.fingerprint)
    #expect(throws: TLSError.self) {
      try server.secureClient("dan", trusting: files.fingerprint)
    }
    for client in [ann, bob, cem] { try client.join("#r") }
    try cem.send("PRIVMSG #r :still here?")
    for client in [ann, bob] { try client.expect("PRIVMSG") }
    #expect(
      server.log.waitForLine(containing: "certificate", renewed.fingerprint.description) != nil)
  }

  @Test("a server that is to encrypt and has no certificate does not start")
  func noCertificate() {
    #expect(throws: TLSError.noIdentity) { try server { $0.tls = nil } }
    #expect(throws: TLSError.unreadable(file: "/nowhere", reason: "No such file or directory")) {
      try server { $0.tls = TLSSettings(certificateFile: "/nowhere", keyFile: "/nowhere") }
    }
  }
}
